// Runs in the page: tables to be copied as CSV, Markdown or LaTeX, charts to be saved as SVG, PNG or PDF.
// @ts-check

/**
 * The rows of a table as text, its headings first.
 * @param {HTMLTableElement} table
 */
function gridOf(table) {
  return [...table.rows].map((row) =>
    [...row.cells].map((cell) => {
      const copy = /** @type {HTMLElement} */ (cell.cloneNode(true));
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
          .map(withoutFormula)
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
    const caption = table.caption?.textContent?.trim();
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
 * @param {string} label @param {Readonly<Record<string, () => Promise<void>>>} works by the name of the form
 */
function buttons(label, works) {
  const row = document.createElement("div");
  row.className = "copies";
  row.append(label);
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

/** Bytes as zlib packs them, which is PDF's FlateDecode. @param {Uint8Array} bytes */
async function packed(bytes) {
  const stream = new Blob([/** @type {BlobPart} */ (bytes)])
    .stream()
    .pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * A PDF of one page that is a picture, without loss.
 * @param {HTMLCanvasElement} canvas @param {number} scale pixels a CSS pixel
 */
async function pdfOf(canvas, scale) {
  const { width, height } = canvas;
  const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(
    0,
    0,
    width,
    height,
  );
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, j = 0; i < data.length; i += 4, j += 3) {
    const alpha = data[i + 3] / 255; // on white paper
    for (let c = 0; c < 3; c++) rgb[j + c] = Math.round(data[i + c] * alpha + 255 * (1 - alpha));
  }
  const image = await packed(rgb);
  const [w, h] = [width, height].map((size) => ((size / scale) * 0.75).toFixed(2)); // points
  const draw = `q ${w} 0 0 ${h} 0 0 cm /I Do Q`;
  /** @type {(readonly (string | Uint8Array)[])[]} */
  const objects = [
    ["<</Type/Catalog/Pages 2 0 R>>"],
    ["<</Type/Pages/Kids[3 0 R]/Count 1>>"],
    [`<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${w} ${h}]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>`],
    [`<</Length ${draw.length}>>stream\n${draw}\nendstream`],
    [
      `<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode/Length ${image.length}>>stream\n`,
      image,
      "\nendstream",
    ],
  ];
  /** @type {BlobPart[]} */
  const parts = ["%PDF-1.4\n"];
  let at = 9;
  const places = objects.map((object, i) => {
    const place = at;
    for (const part of [`${i + 1} 0 obj\n`, ...object, "\nendobj\n"]) {
      parts.push(/** @type {BlobPart} */ (part));
      at += part.length;
    }
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  parts.push(
    `xref\n0 6\n0000000000 65535 f \n${table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`,
  );
  return new Blob(parts, { type: "application/pdf" });
}

const SCALE = 4; // 384 dpi

/**
 * Buttons below a chart.
 * @param {HTMLElement} figure @param {any} view Vega
 */
// biome-ignore lint/correctness/noUnusedVariables: charts.js calls it
function offerPictures(figure, view) {
  const title = (figure.getAttribute("data-alt") ?? "chart").split(/[.。]/)[0];
  const name = (/** @type {string} */ ending) =>
    `${title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.${ending}`;
  figure.append(
    buttons("保存 · save", {
      SVG: async () => save(new Blob([await view.toSVG()], { type: "image/svg+xml" }), name("svg")),
      PNG: async () => {
        const canvas = /** @type {HTMLCanvasElement} */ (await view.toCanvas(SCALE));
        const blob = await new Promise((done) => canvas.toBlob(done));
        save(/** @type {Blob} */ (blob), name("png"));
      },
      PDF: async () => save(await pdfOf(await view.toCanvas(SCALE), SCALE), name("pdf")),
    }),
  );
}

for (const table of document.querySelectorAll("table")) {
  const works = Object.entries(WRITTEN).map(([name, written]) => [name, () => copyText(written(table))]);
  table.after(buttons("コピー · copy", Object.fromEntries(works)));
}
