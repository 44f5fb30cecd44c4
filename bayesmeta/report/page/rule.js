"use strict";
/*
 * Normal effects in one integral over tau, for a page without a network.
 *
 * The same model as the exact engine's: estimates normal around x·b with variance s² + t·tau², the
 * likelihood of a row raised to a power a, b normal or flat, tau with one of the priors in
 * FAMILIES. Given tau all else is closed form. The rule is another: composite Gauss-Legendre in
 * log tau, between the points where the integrand has fallen by FALL logs. Tests hold it against
 * the engine.
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

  /* What is integrated: coefficients that are free, what fixed ones say taken off. */
  function posed(rows, coefficients) {
    const told = (j) => rows.some((row) => row.a * row.x[j] !== 0);
    // A flat coefficient that no row tells of has no posterior; all else does without it.
    const free = coefficients.flatMap((prior, j) => (
      prior.sd === 0 || (prior.sd === null && !told(j)) ? [] : [j]));
    const fixed = coefficients.flatMap((prior, j) => (prior.sd === 0 ? [j] : []));
    const moved = rows.map((row) => ({
      ...row,
      y: fixed.reduce((y, j) => y - row.x[j] * coefficients[j].mean, row.y),
      own: free.map((j) => row.x[j]),
    }));
    const priors = free.map((j) => coefficients[j]);
    return {
      rows: moved, free, fixed, coefficients,
      precision: priors.map((prior) => (prior.sd === null ? 0 : prior.sd ** -2)),
      mean: priors.map((prior) => (prior.sd === null ? 0 : prior.mean)),
    };
  }

  /* The lower triangle L of A = LL'. */
  function cholesky(matrix) {
    const lower = matrix.map((row) => row.map(() => 0));
    matrix.forEach((row, i) => {
      for (let j = 0; j <= i; j += 1) {
        let left = row[j];
        for (let n = 0; n < j; n += 1) left -= lower[i][n] * lower[j][n];
        // Two columns that say the same leave a pivot of rounding errors alone: no number then.
        if (i === j) lower[i][i] = left > 1e-13 * row[i] ? Math.sqrt(left) : NaN;
        else lower[i][j] = left / lower[j][j];
      }
    });
    return lower;
  }

  /* L⁻¹, from which the covariance follows: A⁻¹ = L⁻ᵀL⁻¹. */
  function inverted(lower) {
    const found = lower.map((row) => row.map(() => 0));
    for (let j = 0; j < lower.length; j += 1) {
      for (let i = j; i < lower.length; i += 1) {
        let left = i === j ? 1 : 0;
        for (let n = j; n < i; n += 1) left -= lower[i][n] * found[n][j];
        found[i][j] = left / lower[i][i];
      }
    }
    return found;
  }

  /* Given tau: the mean of b, the root R of its covariance RᵀR, and log p(y | tau). */
  function given(tau, { rows, precision, mean }) {
    const count = precision.length;
    const matrix = precision.map((_, i) => precision.map((each, j) => (i === j ? each : 0)));
    const moment = precision.map((each, j) => each * mean[j]);
    let logs = 0;
    for (const row of rows) {
      const v = row.s * row.s + row.t * tau * tau, w = row.a / v;
      for (let i = 0; i < count; i += 1) {
        moment[i] += w * row.own[i] * row.y;
        for (let j = 0; j <= i; j += 1) matrix[i][j] += w * row.own[i] * row.own[j];
      }
      logs -= row.a * Math.log(v);
    }
    const lower = cholesky(matrix), root = inverted(lower);
    const half = root.map((row) => row.reduce((total, each, j) => total + each * moment[j], 0));
    const b = precision.map((_, j) => root.reduce((total, row, i) => total + row[j] * half[i], 0));
    let squares = 0;
    for (let j = 0; j < count; j += 1) {
      squares += precision[j] * (b[j] - mean[j]) ** 2;
      logs -= 2 * Math.log(lower[j][j]);
    }
    for (const row of rows) {
      const fitted = row.own.reduce((total, x, j) => total + x * b[j], 0);
      squares += row.a * (row.y - fitted) ** 2 / (row.s * row.s + row.t * tau * tau);
    }
    return { b, root, log: 0.5 * (logs - squares) };
  }

  /*
   * The posterior: nodes with weights that sum to one, and the cells that tau is found in; null
   * where flat priors leave none, or nothing tells two flat coefficients apart.
   * rows: {y, s, x, t, a}; prior: {family, scale, shape}; coefficients: {mean, sd}, sd null: flat.
   */
  function integrate(rows, prior, coefficients) {
    const family = FAMILIES[prior.family], problem = posed(rows, coefficients);
    const log = (u) => {
      const tau = Math.exp(u);
      return given(tau, problem).log + family.log(tau, prior.scale, prior.shape) + u;
    };
    const flat = problem.precision.filter((each) => each === 0).length;
    const excess = rows.reduce((sum, row) => sum + row.a, 0) - flat + family.tail(prior.shape);
    const { left, right, top } = reach(log, Math.log(prior.scale));
    if (!(excess > 1) || !Number.isFinite(top)) return null;
    const width = (right - left) / PANELS, nodes = [], edges = [0];
    let total = 0;
    for (let panel = 0; panel < PANELS; panel += 1) {
      const middle = left + (panel + 0.5) * width;
      GAUSS.nodes.forEach((node, i) => {
        const u = middle + 0.5 * width * node;
        const weight = 0.5 * width * GAUSS.weights[i] * Math.exp(log(u) - top);
        nodes.push({ tau: Math.exp(u), weight, ...given(Math.exp(u), problem) });
        total += weight;
      });
      edges.push(total);
    }
    for (const node of nodes) node.weight /= total;
    return {
      problem, nodes: nodes.filter((node) => node.weight > 1e-16), heavy: excess <= 3,
      cells: { log, left, width, top, edges, total },
    };
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
      while (log(u) > top - FALL && Math.abs(u) < 700) u += 0.25 * direction;
      return u;
    };
    return { left: edge(-1), right: edge(1), top };
  }

  return { FAMILIES, GAUSS, PANELS, integrate };
})();
if (typeof module !== "undefined") module.exports = rule;
