// Runs in the page: lists the lines behind a bar or a cell, from the table that the page holds (LinesTable of
// packages/notebook).
// @ts-check
/* global inLanguage */

/**
 * @typedef {{ labels: string[], texts: string[], tests: { name: string, items: number[], gold: string }[],
 *   runs: { system: string, test: number, seed: number | null, predicted: string }[] }} LinesTable
 * @typedef {{ system?: string, testSet?: string, gold?: string, predicted?: string }} Wanted
 * @typedef {{ text: string, testSet: string, gold: string, predicted: string, agreed: number, seeds: string }} Line
 */

/**
 * The lines that a system took for `predicted`, wrong ones first, then those on which most seeds agree.
 * @param {LinesTable} table
 * @param {Wanted} wanted
 * @param {number | null | undefined} seed whose predictions count; undefined: what most say
 * @returns {Line[]}
 */
function linesFor({ labels, texts, tests, runs }, wanted, seed) {
  const rows = tests.flatMap((test, number) => {
    const own = runs.filter((run) => run.test === number && run.system === wanted.system);
    if (own.length === 0 || (wanted.testSet !== undefined && wanted.testSet !== test.name)) return [];
    return test.items.flatMap((item, place) => {
      const said = own.map(({ predicted }) => predicted[place]).filter((letter) => letter !== " ");
      const counts = said.map((letter) => said.filter((other) => other === letter).length);
      const most = said[counts.indexOf(Math.max(...counts))];
      const letter = seed === undefined ? most : own.find((run) => run.seed === seed)?.predicted[place];
      if (letter === undefined || letter === " ") return [];
      const [gold, predicted] = [test.gold[place], letter].map((one) => labels[one.charCodeAt(0) - 48]);
      const agreed = said.filter((other) => other === letter).length;
      const seeds = own.every((run) => run.seed === null) ? "–" : `${agreed} of ${said.length}`;
      return [{ text: texts[item], testSet: test.name, gold, predicted, agreed, seeds }];
    });
  });
  return rows
    .filter(
      ({ gold, predicted }) =>
        (wanted.gold ?? gold) === gold && (wanted.predicted ?? predicted) === predicted,
    )
    .sort((a, b) => Number(a.gold === a.predicted) - Number(b.gold === b.predicted) || b.agreed - a.agreed);
}

/** @param {string} name @param {Record<string, string>} [attributes] @param {(Node | string)[]} children */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** @param {string} text @returns {Record<string, string>} */
const languageOf = (text) => (/[\u3041-\u30ff\u3400-\u9fff]/.test(text) ? { lang: "ja" } : {});

/**
 * Below the chart: a choice of its bars or cells, for keyboards and thumbs, and the list; a click on the
 * chart chooses too.
 * @param {HTMLElement} figure @param {any} spec Vega-Lite @param {any} view Vega
 */
// biome-ignore lint/correctness/noUnusedVariables: charts.js calls it
function offerLines(figure, spec, view) {
  const { seed, ...fields } = spec.usermeta?.komalab?.behind ?? {};
  const scripts = [...(figure.closest("[data-page]") ?? document).querySelectorAll("script.lines")];
  const above = scripts
    .filter((script) => script.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING)
    .at(-1);
  if (!above || fields.system === undefined) return;
  /** @type {LinesTable} */
  const table = JSON.parse(above.textContent ?? "");
  const keys = Object.keys(fields);
  /** @type {Map<string, { wanted: Wanted, lines: Line[] }>} */
  const known = new Map();
  for (const row of spec.data.values) {
    if (keys.some((key) => row[fields[key]] === undefined)) continue;
    const wanted = Object.fromEntries(keys.map((key) => [key, row[fields[key]]]));
    const lines = linesFor(table, wanted, seed);
    if (lines.length > 0) known.set(JSON.stringify(wanted), { wanted, lines });
  }
  if (known.size === 0) return;

  const nameOf = (/** @type {Wanted} */ { testSet, system, gold, predicted }) =>
    [
      testSet,
      system,
      gold && `${inLanguage("gold", "正解")} ${gold}`,
      predicted && `${inLanguage("predicted", "予測")} ${predicted}`,
    ]
      .filter(Boolean)
      .join(" · ");
  const choice = /** @type {HTMLSelectElement} */ (
    element("select", { "aria-label": inLanguage("Lines behind a bar or a cell", "棒や升目の元の台詞") })
  );
  choice.append(
    element(
      "option",
      { value: "" },
      inLanguage("click on the chart, or choose here", "図をクリックするか、ここで選ぶ"),
    ),
    ...[...known].map(([key, { wanted, lines }]) =>
      element("option", { value: key }, `${nameOf(wanted)} (${lines.length})`),
    ),
  );
  const list = element("div", { class: "list", "aria-live": "polite" });
  const place = element(
    "div",
    { class: "behind" },
    element("label", {}, inLanguage("Lines behind: ", "元の台詞: "), choice),
    list,
  );

  const show = (/** @type {string} */ key) => {
    const chosen = known.get(key);
    choice.value = chosen ? key : "";
    list.replaceChildren();
    if (!chosen) return;
    const { wanted, lines } = chosen;
    const seeds = lines.some((line) => line.seeds !== "–");
    /** @type {[heading: string, field: "text" | "testSet" | "gold" | "predicted" | "seeds"][]} */
    const columns = [[inLanguage("line", "台詞"), "text"]];
    if (wanted.testSet === undefined && table.tests.length > 1)
      columns.push([inLanguage("test set", "テスト集合"), "testSet"]);
    columns.push([inLanguage("gold", "正解"), "gold"], [inLanguage("predicted", "予測"), "predicted"]);
    if (seeds) columns.push([inLanguage("seeds agreed", "一致したシード"), "seeds"]);
    const headings = columns.map(([heading]) => element("th", { scope: "col" }, heading));
    const rows = lines.map((line) => {
      const cells = columns.map(([, field]) => element("td", languageOf(line[field]), line[field]));
      return element("tr", line.gold === line.predicted ? {} : { class: "wrong" }, ...cells);
    });
    const count = `${lines.length} ${lines.length === 1 ? "line" : "lines"}`;
    const wrong = lines.filter(({ gold, predicted }) => gold !== predicted).length;
    const which =
      seed === undefined
        ? inLanguage("as most seeds predict", "予測は多数のシードによる")
        : inLanguage(`as predicted with seed ${seed}`, `予測はシード ${seed} による`);
    const facts = inLanguage(
      ` · ${count}, ${wrong} wrong${seeds ? `, ${which}` : ""}`,
      `（${lines.length} 件、うち誤り ${wrong} 件${seeds ? `。${which}` : ""}）`,
    );
    list.append(
      element("p", {}, element("strong", {}, nameOf(wanted)), facts),
      element(
        "div",
        { class: "table", tabindex: "0", role: "region", "aria-label": nameOf(wanted) },
        element(
          "table",
          {},
          element("thead", {}, element("tr", {}, ...headings)),
          element("tbody", {}, ...rows),
        ),
      ),
    );
  };
  choice.addEventListener("change", () => {
    show(choice.value);
    const chosen = known.get(choice.value);
    const tuple = chosen && {
      unit: "",
      fields: keys.map((key) => ({ type: "E", field: fields[key] })),
      values: keys.map((key) => chosen.wanted[/** @type {keyof Wanted} */ (key)]),
    };
    view.data("behind_store", tuple ? [tuple] : []).run(); // marks the bar or the cell
  });
  place.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || choice.value === "") return;
    choice.value = "";
    choice.dispatchEvent(new Event("change"));
    choice.focus();
  });
  view.addDataListener("behind_store", (/** @type {string} */ _, /** @type {any[]} */ [tuple]) => {
    const chosenValue = (/** @type {string} */ key) =>
      tuple.values[tuple.fields.findIndex((/** @type {any} */ one) => one.field === fields[key])];
    show(tuple ? JSON.stringify(Object.fromEntries(keys.map((key) => [key, chosenValue(key)]))) : "");
  });
  figure.append(place);
}
