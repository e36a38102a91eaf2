// Runs in the page: tables to be copied as CSV, Markdown or LaTeX, charts to be saved as SVG or PNG or printed as PDF.
// @ts-check
/* global shownAlone */

/**
 * The rows of a table as text, its headings first.
 * @param {HTMLTableElement} table
 */
function gridOf(table) {
  return [...table.rows].map((row) =>
    [...row.cells].map((cell) => {
      const copy = shownAlone(cell);
      for (const end of copy.querySelectorAll("br")) end.replaceWith(" ");
      return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
    }),
  );
}

/** Characters that TeX takes for its own. @type {Readonly<Record<string, string>>} */
const TEX = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "−": "$-$",
  "±": "$\\pm$",
  Δ: "$\\Delta$",
  "→": "$\\to$",
};
const tex = (/** @type {string} */ text) =>
  text.replace(/[\\~^−±Δ→]|[&%$#_{}]/g, (letter) => TEX[letter] ?? `\\${letter}`);

/**
 * A text that a spreadsheet would take for a formula, with the ' in front by which it is shown as a text; numbers
 * and intervals stay as they are.
 * @param {string} cell
 */
const withoutFormula = (cell) =>
  /^[=+\-@＝＋－＠]/.test(cell) && !/^[+-][\d.]([\d.,%\s()[\]–−±+-]|to)*$/.test(cell) ? `'${cell}` : cell;

/** How a table is written. @type {Readonly<Record<string, (table: HTMLTableElement) => string>>} */
const WRITTEN = {
  CSV: (table) =>
    gridOf(table)
      .map((row) =>
        row
          .map((cell) => withoutFormula(cell.replace(/^−(?=[\d.]+$)/, "-"))) // a spreadsheet's numbers have a hyphen
          .map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
          .join(","),
      )
      .join("\r\n"),
  Markdown: (table) => {
    const [head, ...rows] = gridOf(table).map(
      (row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`,
    );
    return [
      head,
      `|${alignmentsOf(table)
        .map((one) => (one === "r" ? " ---: |" : " --- |"))
        .join("")}`,
      ...rows,
    ].join("\n");
  },
  LaTeX: (table) => {
    const [head, ...rows] = gridOf(table).map((row) => `${row.map(tex).join(" & ")} \\\\`);
    const caption = table.caption && shownAlone(table.caption).textContent?.trim();
    return [
      "\\begin{table}",
      "\\centering",
      ...(caption ? [`\\caption{${tex(caption)}}`] : []),
      `\\begin{tabular}{${alignmentsOf(table).join("")}}`,
      "\\toprule",
      head,
      "\\midrule",
      ...rows,
      "\\bottomrule",
      "\\end{tabular}",
      "\\end{table}",
    ].join("\n");
  },
};

/** Of each column whether its cells stand on the right. @param {HTMLTableElement} table */
function alignmentsOf(table) {
  const row = table.tBodies[0]?.rows[0] ?? table.rows[0];
  return [...(row?.cells ?? [])].map((cell) => (getComputedStyle(cell).textAlign === "right" ? "r" : "l"));
}

/** Of a page from the disk the clipboard may be closed to navigator.clipboard. @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/**
 * Buttons in a row; each says for a moment that it has done its work.
 * @param {Readonly<Record<string, string>>} label by language
 * @param {Readonly<Record<string, () => Promise<void>>>} works by the name of the form
 */
function buttons(label, works) {
  const row = document.createElement("div");
  row.className = "copies";
  for (const [language, words] of Object.entries(label)) {
    const one = document.createElement("span");
    one.lang = language;
    one.setAttribute("data-in", language);
    one.append(words);
    row.append(one);
  }
  for (const [name, work] of Object.entries(works)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", async () => {
      await work();
      button.textContent = `${name} ✓`;
      setTimeout(() => (button.textContent = name), 1500);
    });
    row.append(" ", button);
  }
  return row;
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * The browser prints a chart alone, on a page of its size: its dialog saves a PDF whose lines are lines and
 * whose words can be searched and copied.
 * @param {string} svg @param {string} title
 */
function printAlone(svg, title) {
  document.querySelector(".sheet")?.remove();
  const sheet = document.createElement("div");
  sheet.className = "sheet";
  // of two equal ids on a page the first would hold, which is hidden on paper
  const own = svg.replace(/\bid="|url\(#|href="#/g, "$&sheet-");
  const drawing = /** @type {SVGSVGElement} */ (
    /** @type {unknown} */ (new DOMParser().parseFromString(own, "image/svg+xml").documentElement)
  );
  sheet.append(drawing);
  document.body.append(sheet);
  const [width, height] = [drawing.width, drawing.height].map(({ baseVal }) => Math.ceil(baseVal.value));
  const style = document.createElement("style");
  style.textContent = `@page { size: ${width}px ${height}px; margin: 0 }`;
  sheet.append(style);
  document.documentElement.classList.add("prints-sheet");
  const before = document.title;
  document.title = title; // the name that the dialog offers
  window.addEventListener(
    "afterprint",
    () => {
      sheet.remove();
      document.documentElement.classList.remove("prints-sheet");
      document.title = before;
    },
    { once: true },
  );
  window.print();
}

const SCALE = 4; // pixels a CSS pixel: 384 dpi

/**
 * Buttons below a chart.
 * @param {HTMLElement} figure @param {any} view Vega
 */
// biome-ignore lint/correctness/noUnusedVariables: charts.js calls it
function offerPictures(figure, view) {
  const title = (figure.getAttribute("data-alt") ?? "chart").split(/[.。]/)[0];
  const stem = title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
  const name = (/** @type {string} */ ending) => `${stem}.${ending}`;
  figure.append(
    buttons(
      { en: "save", ja: "保存" },
      {
        SVG: async () => save(new Blob([await view.toSVG()], { type: "image/svg+xml" }), name("svg")),
        PNG: async () => {
          const canvas = /** @type {HTMLCanvasElement} */ (await view.toCanvas(SCALE));
          const blob = await new Promise((done) => canvas.toBlob(done));
          save(/** @type {Blob} */ (blob), name("png"));
        },
        PDF: async () => printAlone(await view.toSVG(), stem),
      },
    ),
  );
}

for (const table of document.querySelectorAll("table")) {
  const works = Object.entries(WRITTEN).map(([name, written]) => [name, () => copyText(written(table))]);
  table.after(buttons({ en: "copy", ja: "コピー" }, Object.fromEntries(works)));
}
