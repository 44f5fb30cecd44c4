"use strict";
/* What a panel asks for: plain objects, so that tests can ask the same without a page. */
const answers = (() => {
  /* The rows that are in, each with its power. */
  const rows = (data, chosen) => data.studies
    .filter((_, place) => chosen.studies[place])
    .map((study) => ({ ...study, a: study.cohort ? chosen.power : 1 }));

  /* Numbers and texts of a distribution; none where there is no distribution. */
  function told(data, known, { kind = "number", places = null, marks = data.marks } = {}) {
    if (known === null) return null;
    const tailed = 0.5 * (1 - data.interval);
    const numbers = {
      sd: known.sd, median: known.quantile(0.5),
      lower: known.quantile(tailed), upper: known.quantile(1 - tailed),
    };
    return { numbers, known, text: digits.span(numbers, { kind, marks, places }) };
  }

  function chances(data, known) {
    const sign = data.benefit === "higher" ? -1 : 1;
    const chance = (away) => {
      const below = known.cdf(-sign * away);
      return digits.probability(sign > 0 ? below : 1 - below);
    };
    return {
      benefit: chance(0), beyond: data.difference === null ? null : chance(data.difference),
    };
  }

  /*
   * chosen: {prior, coefficients, power, studies}; prior and coefficients as the rule has them.
   * null where there is no proper posterior.
   */
  function of(data, chosen) {
    const used = rows(data, chosen), { kind } = data;
    const posterior = rule.integrate(used, chosen.prior, chosen.coefficients);
    if (posterior === null) return null;
    const unit = data.coefficients.map((_, place) => data.coefficients.map((__, j) => +(j === place)));
    const mean = mixture.quantity(posterior, unit[0]);
    const fresh = mixture.quantity(posterior, unit[0], true);
    const places = kind === "number" ? data.places : null;
    return {
      rows: used, mu: told(data, mean, { kind }), fresh: told(data, fresh, { kind }),
      tau: told(data, mixture.quantity(posterior, "tau"), { marks: [0] }),
      slopes: chosen.coefficients.map((prior, j) => (j === 0 || prior.sd === 0 ? null
        : told(data, mixture.quantity(posterior, unit[j]), { marks: [0] }))),
      probabilities: [["mean effect", mean], ["new study", fresh]].map(
        ([what, known]) => ({ what, ...chances(data, known) })),
      effects: used.map((row) => told(data, mixture.effect(posterior, row), { kind, places })),
    };
  }

  return { of };
})();
if (typeof module !== "undefined") module.exports = answers;
