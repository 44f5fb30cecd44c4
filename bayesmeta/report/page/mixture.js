"use strict";
/*
 * Distributions of a posterior that the rule integrated: mixtures of normals over its nodes, and
 * that of tau.
 */
const mixture = (() => {
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

  const sum = (nodes, value) => nodes.reduce((total, node) => total + node.weight * value(node), 0);

  /* Quantiles and tails of a mixture of normals with means m(node) and variances v(node). */
  function blend(posterior, m, v) {
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
      return rule.GAUSS.nodes.reduce((found, node, i) => found
        + half * rule.GAUSS.weights[i] * Math.exp(log(start + half * (1 + node)) - top), 0);
    };
    const quantile = (p) => {
      let panel = 0;
      while (edges[panel + 1] < p * total && panel < rule.PANELS - 1) panel += 1;
      let low = 0, high = 1;
      for (let step = 0; step < 50; step += 1) {
        const part = 0.5 * (low + high);
        if (edges[panel] + within(panel, part) < p * total) low = part; else high = part;
      }
      return Math.exp(left + (panel + low) * width);
    };
    return { mean, sd: posterior.heavy ? Infinity : Math.sqrt(variance), quantile };
  }

  /* The normal distributions of c·b at the nodes, c over all coefficients. */
  function combined(posterior, c) {
    const { free, fixed, coefficients } = posterior.problem;
    const offset = fixed.reduce((total, j) => total + c[j] * coefficients[j].mean, 0);
    const own = free.map((j) => c[j]);
    return {
      known: c.every((each, j) => each === 0 || free.includes(j) || fixed.includes(j)),
      m: (n) => own.reduce((total, each, j) => total + each * n.b[j], offset),
      v: (n) => n.root.reduce((total, row) => (
        total + row.reduce((inner, each, j) => inner + each * own[j], 0) ** 2), 0),
    };
  }

  /* tau, or c·b: a coefficient, with `fresh` the effect in a new study; null where nobody knows. */
  function quantity(posterior, name, fresh = false) {
    if (name === "tau") return spread(posterior);
    const { known, m, v } = combined(posterior, name);
    if (!known) return null;
    const found = blend(posterior, m, (n) => v(n) + (fresh ? n.tau ** 2 : 0));
    return fresh && posterior.heavy ? { ...found, sd: Infinity } : found;
  }

  /* A study's own effect: shrunken to its centre by B = t tau²/(t tau² + s²). */
  function effect(posterior, row) {
    const { known, m, v } = combined(posterior, row.x);
    if (!known) return null;
    const share = (n) => row.t * n.tau ** 2 / (row.t * n.tau ** 2 + row.s ** 2);
    return blend(
      posterior,
      (n) => m(n) + share(n) * (row.y - m(n)),
      (n) => share(n) * row.s ** 2 + (1 - share(n)) ** 2 * v(n),
    );
  }

  return { quantity, effect, phi };
})();
if (typeof module !== "undefined") module.exports = mixture;
