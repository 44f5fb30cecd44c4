"use strict";
/* The forest of a panel: what each study says, what is thought of it, the mean and a new study. */
const forest = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const Z = 1.959963984540054;

  function drawn(tag, attributes, text) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* What is shown whole: all but a new study, which widens the picture to three times at most. */
  function range(bars, kind) {
    const null_ = digits.LEVELS.includes(kind) ? [] : [0];
    const reach = (shown) => {
      const ends = shown.flatMap((bar) => [bar.lower, bar.upper, ...null_]);
      return [Math.min(...ends), Math.max(...ends)];
    };
    const [low, high] = reach(bars.slice(0, -1)), [lowest, highest] = reach(bars);
    return { low: Math.max(lowest, 2 * low - high), high: Math.min(highest, 2 * high - low) };
  }

  function draw(data, found) {
    const line = 26, names = 190, figures = 190, width = 760;
    const band = width - names - figures, height = line * (found.rows.length + 4);
    const bars = [
      ...found.rows.map((row, place) => ({
        label: row.label, lower: row.y - Z * row.s, upper: row.y + Z * row.s, mark: row.y,
        study: true, over: found.effects[place]?.numbers ?? null,
        text: found.effects[place]?.text ?? NONE,
      })),
      { label: "Mean effect", ...found.mu.numbers, mark: found.mu.numbers.median,
        text: found.mu.text, strong: true },
      { label: "New study", ...found.fresh.numbers, mark: found.fresh.numbers.median,
        text: found.fresh.text },
    ];
    const { low, high } = range(bars, data.kind);
    const x = (value) => names + band * (
      0.04 + 0.92 * (Math.min(high, Math.max(low, value)) - low) / (high - low));
    const picture = drawn("svg", {
      viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": "Forest plot of the chosen studies under the chosen priors",
    });
    const levelled = digits.LEVELS.includes(data.kind);
    if (!levelled) {
      picture.append(drawn("line", {
        x1: x(0), x2: x(0), y1: 0, y2: height - 1.6 * line, class: "null",
      }));
    }
    bars.forEach((bar, place) => {
      const y = line * (place + 0.7);
      picture.append(drawn("text", { x: 0, y: y + 4 }, shortened(bar.label)));
      picture.append(drawn("line", {
        x1: x(bar.lower), x2: x(bar.upper), y1: y, y2: y, class: bar.study ? "reported" : "pooled",
      }));
      picture.append(drawn("circle", {
        cx: x(bar.mark), cy: y, r: bar.strong ? 6 : 4, class: bar.study ? "reported" : "pooled",
      }));
      if (bar.over) {
        picture.append(drawn("line", {
          x1: x(bar.over.lower), x2: x(bar.over.upper), y1: y + 7, y2: y + 7, class: "effect",
        }));
        picture.append(drawn("circle", { cx: x(bar.over.median), cy: y + 7, r: 3, class: "effect" }));
      }
      picture.append(drawn("text", { x: width, y: y + 4, "text-anchor": "end" }, said(bar.text)));
    });
    for (const tick of ticks(low, high, data.kind)) {
      picture.append(drawn("text", {
        x: x(tick.at), y: height - line + 2, "text-anchor": "middle", class: "axis",
      }, tick.text));
    }
    const scale = {
      number: data.title, ratio: `${data.measure} (no effect: 1), log scale`,
      correlation: `${data.title}, on the ${data.scale}`,
      proportion: `${data.title}, ${data.scale}`, rate: `${data.title}, ${data.scale}`,
    }[data.kind];
    picture.append(drawn("text", {
      x: names + band / 2, y: height - 6, "text-anchor": "middle", class: "axis",
    }, levelled ? scale : `${scale}; the line is no effect`));
    return picture;
  }

  /* Round numbers along the axis, each where it lies on the scale of the data. */
  function ticks(low, high, kind) {
    if (kind === "correlation") return correlations(low, high);
    if (kind === "proportion") return proportions(low, high);
    if (kind === "ratio" || kind === "rate") return ratios(low, high);
    return even(low, high);
  }

  function even(low, high) {
    const found = [];
    const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
    for (let n = Math.ceil(low / step); n * step <= high; n += 1) {
      const text = digits.fixed(n * step, Math.max(0, -Math.floor(Math.log10(step))));
      found.push({ at: n * step, text });
    }
    return found;
  }

  /* Ratios and rates of one leading digit; of a range that has few of them, even steps. */
  const NARROW = 2.5, MOST = 6;
  function ratios(low, high) {
    if (high - low < Math.log(NARROW)) {
      return even(Math.exp(low), Math.exp(high)).map(({ at, text }) => ({ at: Math.log(at), text }));
    }
    const powers = [];
    for (let n = Math.floor(low / Math.LN10); n * Math.LN10 <= high; n += 1) powers.push(n);
    let found = [];
    for (const leading of [[1, 2, 3, 5], [1, 2, 5], [1, 3], [1]]) {
      found = powers.flatMap((power) => leading.map((digit) => Number(`${digit}e${power}`)))
        .map((ratio) => ({ at: Math.log(ratio), text: String(ratio) }))
        .filter(({ at }) => at >= low && at <= high);
      if (found.length <= MOST) return found;
    }
    const every = Math.ceil(found.length / MOST);
    return found.filter(({ at }) => Math.round(at / Math.LN10) % every === 0);
  }

  /* Correlations that are round, as many as stand apart; the first ones are kept first. */
  function correlations(low, high) {
    const found = [];
    for (const size of [0, 0.5, 0.9, 0.7, 0.3, 0.99, 0.8, 0.2, 0.4, 0.6, 0.1]) {
      for (const r of size ? [size, -size] : [0]) {
        const at = Math.atanh(r), apart = (high - low) / 8;
        if (at >= low && at <= high && found.every((tick) => Math.abs(tick.at - at) >= apart)) {
          found.push({ at, text: digits.fixed(r, String(size).length > 3 ? 2 : 1) });
        }
      }
    }
    return found;
  }

  /* The same of proportions, on the logit scale. */
  function proportions(low, high) {
    const found = [];
    for (const p of [0.5, 0.2, 0.8, 0.05, 0.95, 0.7, 0.3, 0.01, 0.99, 0.9, 0.1, 0.6, 0.4, 0.001]) {
      const at = Math.log(p / (1 - p)), apart = (high - low) / 8;
      if (at >= low && at <= high && found.every((tick) => Math.abs(tick.at - at) >= apart)) {
        found.push({ at, text: String(p) });
      }
    }
    return found;
  }

  const NONE = { point: "none", lower: "", upper: "" };
  const said = (text) => (text === NONE ? text.point
    : `${text.point} [${text.lower} to ${text.upper}]`);
  const shortened = (label) => (label.length > 26 ? `${label.slice(0, 25)}\u2026` : label);

  return { draw, said };
})();
if (typeof module !== "undefined") module.exports = forest;
