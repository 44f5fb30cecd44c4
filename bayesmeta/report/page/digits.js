"use strict";
/*
 * Numbers as text, as the package prints them: two significant digits of the posterior's sd, more
 * of a limit that would look like a mark that it is not. The package's `summaries` decide; tests
 * hold this against them, character by character.
 */
const digits = (() => {
  const MINUS = "\u2212", INFINITE = "\u221e";
  const THRESHOLDS = [0.9, 0.95, 0.975];
  const exponent = (value) => Math.floor(Math.log10(Math.abs(value)));

  /* To so many decimals, ties to the even digit; negative ones are tens, hundreds. */
  function rounded(value, decimals) {
    if (decimals > 100) return value;
    const unit = 10 ** Math.abs(decimals), size = decimals < 0 ? value / unit : value * unit;
    const below = Math.floor(size);
    // Only a number of so few binary places lies halfway; 2.675 does not, though it seems to.
    const halfway = size - below === 0.5 && Number.isInteger(value * 2 ** (Math.max(decimals, 0) + 1));
    const nearest = halfway && below % 2 === 0 ? below : Math.round(size);
    if (decimals < 0) return nearest * unit;
    return halfway ? nearest / unit : Number(value.toFixed(decimals));
  }

  function fixed(value, decimals) {
    if (!Number.isFinite(value)) return value > 0 ? INFINITE : MINUS + INFINITE;
    const shown = rounded(value, decimals) + 0;
    if (shown !== 0 && (decimals > 6 || Math.abs(shown) >= 1e7)) {
      const power = exponent(shown);
      const mantissa = (shown / 10 ** power).toFixed(Math.max(0, power + decimals));
      return `${mantissa}e${power}`.replaceAll("-", MINUS);
    }
    const text = shown.toFixed(decimals <= 6 ? Math.max(decimals, 0) : 0);
    return (Object.is(shown, -0) ? text.replace("-", "") : text).replaceAll("-", MINUS);
  }

  const alike = (value, mark, decimals) =>
    Math.abs(value - mark) > 1e-9 * 10 ** -decimals && rounded(value, decimals) === rounded(mark, decimals);

  /* Decimals of a number next to a mark: its own two digits at 0, else what tells them apart. */
  function telling(value, mark, decimals) {
    let finer = decimals;
    if (mark === 0 && alike(value, mark, decimals)) finer = 1 - exponent(value);
    while (finer < 100 && alike(value, mark, finer)) finer += 1;
    return finer > decimals && !alike(value, mark, finer) ? finer : decimals;
  }

  function probability(value, thresholds = THRESHOLDS) {
    let decimals = 3;
    if (value < 0.0005) return "<0.001";
    if (value > 0.9995) return ">0.999";
    for (const threshold of thresholds) {
      for (const mark of [threshold, 1 - threshold]) decimals = telling(value, mark, decimals);
    }
    return value.toFixed(decimals);
  }

  const twoDigits = (spread) => {
    if (!(Number.isFinite(spread) && spread > 0)) return 2;
    const power = exponent(spread);
    return power > 3 ? 1 - power : Math.max(0, 1 - power);
  };

  /*
   * What a number is read as, by its kind: of a log ratio the ratio, of Fisher's z the
   * correlation; and how large a small difference at it is then.
   */
  const FAR = 300; // beyond it a Fisher's z is a correlation of 1, to any number of digits
  const KINDS = {
    number: { shown: (value) => value, slope: () => 1, ends: [] },
    ratio: { shown: Math.exp, slope: Math.exp, ends: [] },
    correlation: {
      shown: Math.tanh, slope: (at) => Math.cosh(Math.min(Math.abs(at), FAR)) ** -2,
      ends: [-Infinity, Infinity],
    },
    proportion: {
      shown: (value) => (1 + Math.tanh(value / 2)) / 2,
      slope: (at) => (1 - Math.tanh(at / 2) ** 2) / 4,
      ends: [-Infinity, Infinity],
    },
    rate: { shown: Math.exp, slope: Math.exp, ends: [] },
  };
  /* Levels of one group: of them no value is that of no effect. */
  const LEVELS = ["proportion", "rate"];
  const GROWING = ["ratio", "rate"]; // exponentials, whose digits follow their size

  /*
   * A point and both limits of a quantity as text.
   * about: {kind, marks, places: those of a column, or null}; found: {sd, median, lower, upper}, on the scale of the data.
   */
  function span(found, about) {
    const { shown, slope, ends } = KINDS[about.kind];
    const width = found.upper - found.lower;
    const spread = found.sd > 0 && found.sd <= width ? found.sd : width / 4;
    const most = about.places ?? twoDigits(spread * slope(found.median));
    const decimals = (value) => (GROWING.includes(about.kind) && shown(value) > 0
      && Number.isFinite(shown(value)) ? Math.max(most, 1 - exponent(shown(value))) : most);
    const limit = (value) => fixed(shown(value), [...about.marks, ...ends].reduce(
      (places, mark) => telling(shown(value), shown(mark), places), decimals(value)));
    return {
      point: fixed(shown(found.median), decimals(found.median)),
      lower: limit(found.lower),
      upper: limit(found.upper),
    };
  }

  return { KINDS, LEVELS, fixed, probability, span };
})();
if (typeof module !== "undefined") module.exports = digits;
