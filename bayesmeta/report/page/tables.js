"use strict";
/*
 * Tables to take along: each is copied as a table that a word processor pastes with its lines, and
 * saved as CSV. Both are made of what is shown; nothing is sent anywhere.
 */
const tables = (() => {
  const CELL = "border: 1px solid #000; padding: 2px 6px; vertical-align: top; text-align:";
  const SIGNS = { "\u2212": "-", "\u221e": "inf", "\u00a0": " " };

  const plain = (text) => text.replace(/[\u2212\u221e\u00a0]/g, (sign) => SIGNS[sign]);
  const texts = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent));

  /* A cell that a spreadsheet would run as a formula has an apostrophe before it. */
  function safe(text) {
    const runs = /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text));
    return runs ? `'${text}` : text;
  }

  function csv(table) {
    const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    return texts(table).map((row) => row.map((text) => quoted(safe(plain(text)))).join(",")).join("\r\n") + "\r\n";
  }

  /* The same table with its lines said in each cell, which is what pasting keeps. */
  function pasteable(table) {
    const made = document.createElement("table");
    made.setAttribute("style", "border-collapse: collapse");
    made.append(document.createElement("tbody"));
    for (const row of table.rows) {
      const line = made.tBodies[0].insertRow();
      for (const cell of row.cells) {
        const own = document.createElement(row.parentElement.tagName === "THEAD" ? "th" : "td");
        own.textContent = cell.textContent;
        own.setAttribute("style", `${CELL} ${getComputedStyle(cell).textAlign}`);
        line.append(own);
      }
    }
    return `<p><b>${escaped(table.caption.textContent)}</b></p>${made.outerHTML}`;
  }

  function escaped(text) {
    const made = document.createElement("p");
    made.textContent = text;
    return made.innerHTML;
  }

  function copy(table) {
    const put = (event) => {
      event.clipboardData.setData("text/html", pasteable(table));
      event.clipboardData.setData("text/plain", texts(table).map((row) => row.join("\t")).join("\n"));
      event.preventDefault();
    };
    document.addEventListener("copy", put, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", put);
    return done;
  }

  function save(table, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", csv(table)], { type: "text/csv" }));
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function button(text, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", `${label}: ${text}`);
    made.addEventListener("click", () => act(made));
    return made;
  }

  function start(place) {
    const table = place.querySelector("table"), label = table.caption.textContent;
    const row = document.createElement("p");
    row.className = "take";
    row.append(
      button("Copy table", label, (made) => {
        made.textContent = copy(table) ? "Copied" : "Not copied: this browser does not allow it";
      }),
      button("CSV", label, () => save(table, place.id)),
    );
    place.after(row);
  }

  return { start };
})();
document.querySelectorAll(".scroll[id]").forEach((place) => tables.start(place));
