"use strict";
/*
 * The page's own controls: priors, studies and the weight of cohorts to change, and what then
 * follows, at once.
 *
 * Each panel reads the JSON beside it, draws its controls as plain form elements with labels, and
 * writes text only by textContent: a study's name is never markup.
 */
const panel = (() => {
  const STEPS = 60; // of a slider, from a hundredth to a hundred times the analysis' own size
  const POWERS = 100;

  const size = (own, step) => own * 10 ** (4 * (step / STEPS) - 2);

  /* The SD of the cohorts' bias: 0 at the one end, a flat prior at the other. */
  function bias(data, step) {
    if (step === 0) return 0;
    if (step === STEPS) return null;
    return size(data.dial.sd, step);
  }

  /* Where a slider stands at first: its own size in the middle, 0 and infinity at the ends. */
  const first = (sd) => ({ 0: 0, null: STEPS }[sd] ?? STEPS / 2);

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  /* A slider with its label and what it stands at; `value` and `shown` read it. */
  function slider(label, { at = STEPS / 2, steps = STEPS, value, shown }) {
    const input = element("input", { type: "range", min: 0, max: steps, step: 1, value: at });
    const output = element("output");
    const row = element("label", { class: "control" }, element("span", {}, label), input, output);
    const read = () => value(Number(input.value));
    return {
      row, read,
      say: () => {
        output.textContent = shown(read());
        input.setAttribute("aria-valuetext", output.textContent);
      },
      again: () => { input.value = at; },
    };
  }

  const sized = (data) => (value) => `${value.toPrecision(3)} ${data.tauUnit}`.trim();

  /* One for each coefficient that has a normal prior; the dial of the cohorts has its own. */
  function spreads(data) {
    return data.coefficients.map((prior, j) => {
      if (data.dial !== null && j === data.dial.column) {
        return slider(`u, SD of the prior on the ${data.dial.named}\u2019 bias`, {
          at: first(prior.sd), value: (step) => bias(data, step),
          shown: (sd) => (sd === null ? "\u221e (flat)" : sized(data)(sd)),
        });
      }
      return prior.sd === null ? null : slider(`SD of the prior on ${prior.title}`, {
        value: (step) => size(prior.sd, step), shown: (sd) => `${sd.toPrecision(3)} ${prior.unit}`.trim(),
      });
    });
  }

  function families(own) {
    const family = element("select");
    for (const name of Object.keys(rule.FAMILIES)) {
      const option = element("option", { value: name }, name);
      if (name === own.family) option.selected = true;
      family.append(option);
    }
    return family;
  }

  function boxes(data) {
    return data.studies.map((study) => {
      const box = element("input", { type: "checkbox" });
      box.checked = true;
      const label = data.dial !== null && study.cohort ? `${study.label} (${data.dial.named.slice(0, -1)})` : study.label;
      return { box, row: element("label", {}, box, element("span", {}, label)) };
    });
  }

  function controls(root, data) {
    const family = families(data.prior), studies = boxes(data);
    const scale = slider("Scale of the prior on tau", {
      value: (step) => size(data.prior.scale, step), shown: sized(data),
    });
    const power = data.dial === null ? null : slider(`a, power of the ${data.dial.named}\u2019 likelihood`, {
      at: Math.round(POWERS * data.dial.power), steps: POWERS,
      value: (step) => (step === Math.round(POWERS * data.dial.power) ? data.dial.power : step / POWERS),
      shown: (value) => value.toFixed(2),
    });
    const each = spreads(data), again = element("button", { type: "button", class: "again" },
      "Back to the analysis\u2019 own");
    const sliders = [scale, ...each, power].filter((one) => one !== null);
    const dialled = data.dial === null ? [] : [each[data.dial.column], power];
    const plain = sliders.filter((one) => !dialled.includes(one));
    const priors = element("fieldset", {}, element("legend", {}, "Priors"),
      element("label", { class: "control" }, element("span", {}, "Prior on tau"), family),
      ...plain.map((one) => one.row), again);
    const cohorts = element("fieldset", {}, element("legend", {}, `Weight of the ${data.dial === null ? "" : data.dial.named}`),
      ...dialled.map((one) => one.row));
    const chosen = element("fieldset", { class: "studies" }, element("legend", {}, "Studies"),
      ...studies.map((study) => study.row));
    root.append(element("div", { class: "controls" }, priors, ...(dialled.length ? [cohorts] : []),
      chosen));
    return { family, scale, each, power, studies, sliders, again };
  }

  /* The choice that the controls stand at. */
  function choice(made, data) {
    const own = data.prior, family = made.family.value;
    const shape = family === own.family ? own.shape : { HalfStudentT: 4, LogNormal: 1 }[family];
    return {
      prior: { family, shape, scale: made.scale.read() },
      coefficients: data.coefficients.map((prior, j) => ({
        mean: prior.mean, sd: made.each[j] === null ? prior.sd : made.each[j].read(),
      })),
      power: made.power === null ? 1 : made.power.read(),
      studies: made.studies.map((study) => study.box.checked),
    };
  }

  function words(data, found) {
    const unit = data.unit ? `, ${data.unit}` : "", { said } = forest;
    const level = `${100 * data.interval} %`;
    const lines = [
      [`${data.pooled}${unit}`, `${said(found.mu.text)}`, `median, ${level} interval`],
      [`Effect in a new study${unit}`, said(found.fresh.text), "prediction interval"],
      [`tau, SD between studies${data.scale ? `, ${data.scale}` : unit}`, said(found.tau.text), ""],
    ];
    found.slopes.forEach((slope, j) => {
      if (slope !== null) lines.push([data.coefficients[j].heading, said(slope.text), ""]);
    });
    for (const each of found.probabilities) {
      if (digits.LEVELS.includes(data.kind)) continue;
      if (data.benefit === null) {
        lines.push([`P(below ${data.kind === "ratio" ? 1 : 0}), ${each.what}`, each.benefit, ""]);
        continue;
      }
      lines.push([`P(benefit: ${data.benefit}), ${each.what}`, each.benefit, ""]);
      if (each.beyond !== null) {
        lines.push([`P(beyond ${data.stated}${data.unit ? ` ${data.unit}` : ""}), ${each.what}`, each.beyond, ""]);
      }
    }
    return lines;
  }

  function report(data, found, table, place) {
    const heading = `${found.rows.length} of ${data.studies.length} studies`;
    table.replaceChildren(element("caption", {}, heading), element("tbody", {},
      ...words(data, found).map(([name, value, note]) => element("tr", {},
        element("th", { scope: "row" }, name), element("td", {}, value),
        element("td", {}, note)))));
    place.replaceChildren(forest.draw(data, found));
  }

  function start(root) {
    const data = JSON.parse(root.querySelector("script").textContent);
    const made = controls(root, data);
    const table = element("table", { "aria-live": "polite" });
    const place = element("div", {
      class: "picture", tabindex: 0, role: "group", "aria-label": "Forest plot",
    });
    root.append(table, place);
    const excuse = (text) => {
      table.replaceChildren(element("caption", {}, text));
      place.replaceChildren();
    };
    const show = () => {
      for (const one of made.sliders) one.say();
      const chosen = choice(made, data);
      if (!chosen.studies.some(Boolean)) return excuse("Choose at least one study.");
      const found = answers.of(data, chosen);
      if (found === null) return excuse("Flat priors need more studies than these.");
      return report(data, found, table, place);
    };
    root.addEventListener("input", show);
    made.again.addEventListener("click", () => {
      made.family.value = data.prior.family;
      for (const one of made.sliders) one.again();
      for (const study of made.studies) study.box.checked = true;
      show();
    });
    show();
  }

  return { start };
})();
document.querySelectorAll("[data-play]").forEach((root) => panel.start(root));
