"use strict";
/*
 * The normal-normal model in one integral over tau, for a page without a network.
 *
 * The same model as the exact engine's: estimates normal around x·b with variance s² + tau², b
 * normal (the mean effect; beside it the bias of cohorts, where the page asks for one), tau with
 * one of the priors in FAMILIES. The rule is another: composite Gauss-Legendre in log tau, between
 * the points where the integrand has fallen by FALL logs. Tests hold it against the engine.
 */
const rule = (() => {
  const FALL = 41; // e^-41 is 1e-18 of the peak
  const PANELS = 40;
  const LOG_2PI = Math.log(2 * Math.PI);

  /* Nodes and weights of Gauss-Legendre on (-1, 1), by Newton on the recurrence. */
  function legendre(count) {
    const nodes = [], weights = [];
    for (let i = 0; i < count; i += 1) {
      let x = Math.cos(Math.PI * (i + 0.75) / (count + 0.5)), slope = 0;
      for (let step = 0; step < 100; step += 1) {
        let before = 1, here = x;
        for (let n = 2; n <= count; n += 1) {
          [before, here] = [here, ((2 * n - 1) * x * here - (n - 1) * before) / n];
        }
        slope = count * (x * here - before) / (x * x - 1);
        const change = here / slope;
        x -= change;
        if (Math.abs(change) < 1e-16) break;
      }
      nodes.push(x);
      weights.push(2 / ((1 - x * x) * slope * slope));
    }
    return { nodes, weights };
  }
  const GAUSS = legendre(10);

  /* log densities on tau, by the size that the page moves; `tail` is a in tau^-a. */
  const FAMILIES = {
    HalfNormal: {
      tail: () => Infinity,
      log: (tau, scale) => Math.log(2 / scale) - 0.5 * LOG_2PI - 0.5 * (tau / scale) ** 2,
    },
    HalfCauchy: {
      tail: () => 2,
      log: (tau, scale) => Math.log(2 / (Math.PI * scale)) - Math.log1p((tau / scale) ** 2),
    },
    HalfStudentT: {
      tail: (shape) => shape + 1,
      log: (tau, scale, shape) => Math.log(2 / scale) + logGamma((shape + 1) / 2)
        - logGamma(shape / 2) - 0.5 * Math.log(shape * Math.PI)
        - 0.5 * (shape + 1) * Math.log1p((tau / scale) ** 2 / shape),
    },
    Exponential: {
      tail: () => Infinity,
      log: (tau, scale) => -Math.log(scale) - tau / scale,
    },
    LogNormal: {
      tail: () => Infinity,
      log: (tau, scale, shape) => -Math.log(tau * shape) - 0.5 * LOG_2PI
        - 0.5 * (Math.log(tau / scale) / shape) ** 2,
    },
  };

  /* log Gamma by Stirling's series, shifted up to where it is exact to rounding. */
  function logGamma(x) {
    let shift = 0;
    while (x < 15) {
      shift -= Math.log(x);
      x += 1;
    }
    const y = 1 / (x * x);
    const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x;
    return shift + (x - 0.5) * Math.log(x) - x + 0.5 * LOG_2PI + series;
  }

  /* The standard normal distribution function: a series of positive terms, or a fraction. */
  function phi(z) {
    if (z > 0) return 1 - phi(-z);
    if (z < -38) return 0;
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    if (z > -3) {
      let term = -z, sum = -z;
      for (let n = 3; term > 1e-17 * sum && n < 400; n += 2) {
        term *= z * z / n;
        sum += term;
      }
      return 0.5 - density * sum;
    }
    let fraction = 0;
    for (let n = 60; n > 0; n -= 1) fraction = n / (-z + fraction);
    return density / (-z + fraction);
  }

  /* Given tau: mean and covariance of b, and log p(y | tau). Rows: {y, s, cohort}. */
  function given(tau, rows, prior) {
    const flat = !(prior.sd < Infinity);
    let a = flat ? 0 : prior.sd ** -2, b = 0, c = prior.bias > 0 ? prior.bias ** -2 : 1;
    let r = flat ? 0 : prior.mean * a, q = 0, logs = 0;
    for (const row of rows) {
      const w = 1 / (row.s * row.s + tau * tau), x = prior.bias > 0 && row.cohort ? 1 : 0;
      a += w;
      b += x * w;
      c += x * w;
      r += w * row.y;
      q += x * w * row.y;
      logs += Math.log(w);
    }
    const det = a * c - b * b, mu = (c * r - b * q) / det, bias = (a * q - b * r) / det;
    let squares = flat ? 0 : ((mu - prior.mean) / prior.sd) ** 2;
    if (prior.bias > 0) squares += (bias / prior.bias) ** 2;
    for (const row of rows) {
      const fitted = mu + (prior.bias > 0 && row.cohort ? bias : 0);
      squares += (row.y - fitted) ** 2 / (row.s * row.s + tau * tau);
    }
    const log = 0.5 * (logs - Math.log(det) - squares);
    return { mu, bias, v: c / det, vb: a / det, cov: -b / det, log };
  }

  /* The posterior: nodes with weights that sum to one, and the cells that tau is found in. */
  function integrate(rows, prior) {
    const family = FAMILIES[prior.family];
    const log = (u) => {
      const tau = Math.exp(u);
      return given(tau, rows, prior).log + family.log(tau, prior.scale, prior.shape) + u;
    };
    const { left, right, top } = reach(log, Math.log(prior.scale));
    const width = (right - left) / PANELS, nodes = [], edges = [0];
    let total = 0;
    for (let panel = 0; panel < PANELS; panel += 1) {
      const middle = left + (panel + 0.5) * width;
      GAUSS.nodes.forEach((node, i) => {
        const u = middle + 0.5 * width * node;
        const weight = 0.5 * width * GAUSS.weights[i] * Math.exp(log(u) - top);
        nodes.push({ tau: Math.exp(u), weight, ...given(Math.exp(u), rows, prior) });
        total += weight;
      });
      edges.push(total);
    }
    for (const node of nodes) node.weight /= total;
    const kept = nodes.filter((node) => node.weight > 1e-16);
    const heavy = rows.length - (prior.sd < Infinity ? 0 : 1) + family.tail(prior.shape) <= 3;
    return { rows, prior, nodes: kept, heavy, cells: { log, left, width, top, edges, total } };
  }

  /* Where the integrand lies: its peak by steps that halve, and both ends by strides. */
  function reach(log, start) {
    let peak = start, top = log(start);
    for (let u = start - 30; u <= start + 30; u += 0.25) {
      if (log(u) > top) [peak, top] = [u, log(u)];
    }
    for (let step = 0.125; step > 1e-4; step /= 2) {
      for (const u of [peak - step, peak + step]) {
        if (log(u) > top) [peak, top] = [u, log(u)];
      }
    }
    const edge = (direction) => {
      let u = peak;
      while (log(u) > top - FALL) u += 0.25 * direction;
      return u;
    };
    return { left: edge(-1), right: edge(1), top };
  }

  const sum = (nodes, value) => nodes.reduce((total, node) => total + node.weight * value(node), 0);

  /* Quantiles and tails of a mixture of normals with means m(node) and variances v(node). */
  function mixture(posterior, m, v) {
    const parts = posterior.nodes.map((node) => ({
      weight: node.weight, mean: m(node), sd: Math.sqrt(v(node)),
    }));
    const mean = sum(parts, (part) => part.mean);
    const variance = sum(parts, (part) => part.sd ** 2 + (part.mean - mean) ** 2);
    const cdf = (x) => sum(parts, (part) => phi((x - part.mean) / part.sd));
    const pdf = (x) => sum(parts, (part) => Math.exp(-0.5 * ((x - part.mean) / part.sd) ** 2)
      / (part.sd * Math.sqrt(2 * Math.PI)));
    return { mean, sd: Math.sqrt(variance), cdf, quantile: (p) => solve(cdf, pdf, p, mean, variance) };
  }

  /* Newton inside a bracket that bisection keeps. */
  function solve(cdf, pdf, p, mean, variance) {
    const spread = Math.sqrt(variance);
    let low = mean - spread, high = mean + spread;
    while (cdf(low) > p) low -= 2 * (high - low);
    while (cdf(high) < p) high += 2 * (high - low);
    let x = Math.min(Math.max(mean, low), high);
    for (let step = 0; step < 200; step += 1) {
      const missed = cdf(x) - p;
      if (missed > 0) high = x; else low = x;
      let next = x - missed / pdf(x);
      if (!(next > low && next < high)) next = 0.5 * (low + high);
      if (Math.abs(next - x) < 1e-12 * spread) return next;
      x = next;
    }
    return x;
  }

  /* tau itself: its distribution function panel by panel, then within one. */
  function spread(posterior) {
    const { log, left, width, top, edges, total } = posterior.cells;
    const mean = sum(posterior.nodes, (node) => node.tau);
    const variance = sum(posterior.nodes, (node) => (node.tau - mean) ** 2);
    const within = (panel, part) => {
      const start = left + panel * width, half = 0.5 * part * width;
      return GAUSS.nodes.reduce((found, node, i) => found
        + half * GAUSS.weights[i] * Math.exp(log(start + half * (1 + node)) - top), 0);
    };
    const quantile = (p) => {
      let panel = 0;
      while (edges[panel + 1] < p * total && panel < PANELS - 1) panel += 1;
      let low = 0, high = 1;
      for (let step = 0; step < 50; step += 1) {
        const part = 0.5 * (low + high);
        if (edges[panel] + within(panel, part) < p * total) low = part; else high = part;
      }
      return Math.exp(left + (panel + low) * width);
    };
    return { mean, sd: posterior.heavy ? Infinity : Math.sqrt(variance), quantile };
  }

  /* What the page shows; x is mu, theta_new, tau, bias, or the place of a study among the rows. */
  function quantity(posterior, name) {
    if (name === "tau") return spread(posterior);
    if (name === "mu") return mixture(posterior, (n) => n.mu, (n) => n.v);
    if (name === "bias") return mixture(posterior, (n) => n.bias, (n) => n.vb);
    if (name === "theta_new") {
      const found = mixture(posterior, (n) => n.mu, (n) => n.v + n.tau ** 2);
      return posterior.heavy ? { ...found, sd: Infinity } : found;
    }
    return effect(posterior, posterior.rows[name]);
  }

  /* A study's own effect: shrunken to its centre by B = tau²/(tau² + s²). */
  function effect(posterior, row) {
    const x = posterior.prior.bias > 0 && row.cohort ? 1 : 0;
    const share = (n) => n.tau ** 2 / (n.tau ** 2 + row.s ** 2);
    const centre = (n) => n.mu + x * n.bias;
    const known = (n) => n.v + x * (2 * n.cov + n.vb);
    return mixture(
      posterior,
      (n) => centre(n) + share(n) * (row.y - centre(n)),
      (n) => share(n) * row.s ** 2 + (1 - share(n)) ** 2 * known(n),
    );
  }

  return { FAMILIES, integrate, quantity, phi };
})();
if (typeof module !== "undefined") module.exports = rule;
