"use strict";
/*
 * The page's own controls: priors and studies to change, and what then follows, at once.
 *
 * Each panel reads the JSON beside it, draws its controls as plain form elements with labels, and
 * writes text only by textContent: a study's name is never markup.
 */
const panel = (() => {
  const STEPS = 60; // of a slider, from a hundredth to a hundred times the analysis' own size
  const SVG = "http://www.w3.org/2000/svg";

  const size = (own, step) => own * 10 ** (4 * (step / STEPS) - 2);

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function drawn(tag, attributes, text) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* What a panel asks for: a plain object, so that tests can ask the same without a page. */
  function answers(data, chosen) {
    const rows = data.studies.filter((_, place) => chosen.studies[place]);
    const prior = { ...chosen.prior, bias: chosen.bias };
    const posterior = rule.integrate(rows, prior);
    const tailed = 0.5 * (1 - data.interval);
    const found = (name, ratio) => {
      const known = rule.quantity(posterior, name);
      const numbers = {
        sd: known.sd, median: known.quantile(0.5),
        lower: known.quantile(tailed), upper: known.quantile(1 - tailed),
      };
      const marks = name === "tau" ? [0] : data.marks;
      const places = typeof name === "number" && !ratio ? data.places : null;
      return { numbers, known, text: digits.span(numbers, { ratio, marks, places }) };
    };
    const sign = data.benefit === "higher" ? -1 : 1;
    const chance = (known, away) => {
      const below = known.cdf(-sign * away);
      return digits.probability(sign > 0 ? below : 1 - below);
    };
    const mu = found("mu", data.ratio), fresh = found("theta_new", data.ratio);
    const probabilities = [["mean effect", mu.known], ["new study", fresh.known]].map(
      ([what, known]) => ({
        what,
        benefit: chance(known, 0),
        beyond: data.difference === null ? null : chance(known, data.difference),
      }));
    return {
      rows, mu, fresh, tau: found("tau", false), probabilities,
      bias: chosen.bias > 0 ? found("bias", false) : null,
      effects: rows.map((_, place) => found(place, data.ratio)),
    };
  }

  /* The forest: what each study says, what is thought of it, the mean and a new study. */
  function forest(data, found) {
    const line = 26, names = 190, figures = 190, width = 760;
    const band = width - names - figures, height = line * (found.rows.length + 4);
    const z = 1.959963984540054;
    const bars = [
      ...found.rows.map((row, place) => ({
        label: row.label, lower: row.y - z * row.s, upper: row.y + z * row.s, mark: row.y,
        over: found.effects[place].numbers, text: found.effects[place].text,
      })),
      { label: "Mean effect", ...found.mu.numbers, mark: found.mu.numbers.median,
        text: found.mu.text, strong: true },
      { label: "New study", ...found.fresh.numbers, mark: found.fresh.numbers.median,
        text: found.fresh.text },
    ];
    const ends = bars.flatMap((bar) => [bar.lower, bar.upper, 0]);
    const low = Math.min(...ends), high = Math.max(...ends);
    const x = (value) => names + band * (0.04 + 0.92 * (value - low) / (high - low));
    const picture = drawn("svg", {
      viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": "Forest plot of the chosen studies under the chosen priors",
    });
    picture.append(drawn("line", {
      x1: x(0), x2: x(0), y1: 0, y2: height - 1.6 * line, class: "null",
    }));
    bars.forEach((bar, place) => {
      const y = line * (place + 0.7);
      picture.append(drawn("text", { x: 0, y: y + 4 }, shortened(bar.label)));
      picture.append(drawn("line", {
        x1: x(bar.lower), x2: x(bar.upper), y1: y, y2: y, class: bar.over ? "reported" : "pooled",
      }));
      picture.append(drawn("circle", {
        cx: x(bar.mark), cy: y, r: bar.strong ? 6 : 4, class: bar.over ? "reported" : "pooled",
      }));
      if (bar.over) {
        picture.append(drawn("line", {
          x1: x(bar.over.lower), x2: x(bar.over.upper), y1: y + 7, y2: y + 7, class: "effect",
        }));
        picture.append(drawn("circle", { cx: x(bar.over.median), cy: y + 7, r: 3, class: "effect" }));
      }
      picture.append(drawn("text", { x: width, y: y + 4, "text-anchor": "end" }, said(bar.text)));
    });
    for (const tick of ticks(low, high, data.ratio)) {
      picture.append(drawn("text", {
        x: x(tick.at), y: height - line + 2, "text-anchor": "middle", class: "axis",
      }, tick.text));
    }
    const scale = data.ratio ? `${data.measure} (no effect: 1), log scale` : data.title;
    picture.append(drawn("text", {
      x: names + band / 2, y: height - 6, "text-anchor": "middle", class: "axis",
    }, `${scale}; the line is no effect`));
    return picture;
  }

  /* Round numbers along the axis, of ratios in even steps of their logarithm. */
  function ticks(low, high, ratio) {
    const found = [];
    const rough = (high - low) / 5, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
    for (let n = Math.ceil(low / step); n * step <= high; n += 1) {
      const text = ratio ? Number(Math.exp(n * step).toPrecision(2)).toString() : digits.fixed(
        n * step, Math.max(0, -Math.floor(Math.log10(step))));
      found.push({ at: ratio ? Math.log(Number(Math.exp(n * step).toPrecision(2))) : n * step, text });
    }
    return found;
  }

  const said = (text) => `${text.point} [${text.lower} to ${text.upper}]`;
  const shortened = (label) => (label.length > 26 ? `${label.slice(0, 25)}\u2026` : label);

  function slider(label, step) {
    const input = element("input", { type: "range", min: 0, max: STEPS, step: 1, value: step });
    const output = element("output");
    const row = element("label", { class: "control" }, element("span", {}, label), input, output);
    return { row, input, output };
  }

  function controls(root, data) {
    const own = data.prior;
    const family = element("select");
    for (const name of Object.keys(rule.FAMILIES)) {
      const option = element("option", { value: name }, name);
      if (name === own.family) option.selected = true;
      family.append(option);
    }
    const made = {
      family,
      scale: slider("Scale of the prior on tau", STEPS / 2),
      sd: slider("SD of the prior on the mean effect", STEPS / 2),
      bias: data.cohorts ? slider("SD of the prior on the cohorts' bias", STEPS / 2) : null,
      again: element("button", { type: "button" }, "Back to the analysis' own"),
      studies: data.studies.map((study) => {
        const box = element("input", { type: "checkbox" });
        box.checked = true;
        return { box, row: element("label", {}, box, element("span", {}, study.label)) };
      }),
    };
    const chosen = element("fieldset", {}, element("legend", {}, "Studies"),
      ...made.studies.map((study) => study.row));
    const priors = element("fieldset", {}, element("legend", {}, "Priors"),
      element("label", { class: "control" }, element("span", {}, "Prior on tau"), family),
      made.scale.row, made.sd.row, ...(made.bias ? [made.bias.row] : []), made.again);
    root.append(element("div", { class: "controls" }, priors, chosen));
    return made;
  }

  /* The choice that the controls stand at. */
  function choice(made, data) {
    const own = data.prior;
    const family = made.family.value;
    const shape = family === own.family ? own.shape : { HalfStudentT: 4, LogNormal: 1 }[family];
    const middle = (control) => Number(control.input.value);
    return {
      prior: {
        family, shape, scale: size(own.scale, middle(made.scale)),
        mean: own.mean, sd: size(own.sd, middle(made.sd)),
      },
      bias: made.bias ? size(data.bias, middle(made.bias)) : 0,
      studies: made.studies.map((study) => study.box.checked),
    };
  }

  function words(data, found) {
    const unit = data.unit ? `, ${data.unit}` : "";
    const level = `${100 * data.interval} %`;
    const lines = [
      [`${data.pooled}${unit}`, `${said(found.mu.text)}`, `median, ${level} interval`],
      [`Effect in a new study${unit}`, said(found.fresh.text), "prediction interval"],
      [`tau, SD between studies${data.ratio ? ", log scale" : unit}`, said(found.tau.text), ""],
    ];
    if (found.bias) lines.push([`Bias of the cohorts${unit}`, said(found.bias.text), ""]);
    for (const each of found.probabilities) {
      if (data.benefit === null) {
        lines.push([`P(below ${data.ratio ? 1 : 0}), ${each.what}`, each.benefit, ""]);
        continue;
      }
      lines.push([`P(benefit: ${data.benefit}), ${each.what}`, each.benefit, ""]);
      if (each.beyond !== null) {
        lines.push([`P(beyond ${data.stated}${data.unit ? ` ${data.unit}` : ""}), ${each.what}`, each.beyond, ""]);
      }
    }
    return lines;
  }

  function start(root) {
    const data = JSON.parse(root.querySelector("script").textContent);
    const made = controls(root, data);
    const table = element("table", { "aria-live": "polite" });
    const place = element("div", { class: "picture" });
    root.append(table, place);
    const show = () => {
      const chosen = choice(made, data);
      made.scale.output.textContent = `${chosen.prior.scale.toPrecision(3)} ${data.tauUnit}`;
      made.sd.output.textContent = `${chosen.prior.sd.toPrecision(3)} ${data.tauUnit}`;
      if (made.bias) made.bias.output.textContent = `${chosen.bias.toPrecision(3)} ${data.tauUnit}`;
      if (!chosen.studies.some(Boolean)) {
        table.replaceChildren(element("caption", {}, "Choose at least one study."));
        place.replaceChildren();
        return;
      }
      const found = answers(data, chosen);
      const heading = `${found.rows.length} of ${data.studies.length} studies`;
      table.replaceChildren(element("caption", {}, heading), element("tbody", {},
        ...words(data, found).map(([name, value, note]) => element("tr", {},
          element("th", { scope: "row" }, name), element("td", {}, value),
          element("td", {}, note)))));
      place.replaceChildren(forest(data, found));
    };
    root.addEventListener("input", show);
    made.again.addEventListener("click", () => {
      made.family.value = data.prior.family;
      for (const control of [made.scale, made.sd, made.bias]) {
        if (control) control.input.value = STEPS / 2;
      }
      for (const study of made.studies) study.box.checked = true;
      show();
    });
    show();
  }

  return { answers, start };
})();
if (typeof module !== "undefined") module.exports = panel;
else document.querySelectorAll("[data-play]").forEach(panel.start);
