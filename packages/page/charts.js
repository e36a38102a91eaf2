// Runs in the page: puts the interactive chart in the place of its picture, which stays if anything
// fails.
// @ts-check
/* global vegaEmbed, offerLines, offerPictures */

/**
 * On a phone panels stand below each other, and none is wider than the screen.
 * @param {any} spec Vega-Lite @param {number} room in pixels, axes not counted @returns {any}
 */
function narrowed(spec, room) {
  if (Array.isArray(spec)) return spec.map((one) => narrowed(one, room));
  if (spec === null || typeof spec !== "object") return spec;
  const { hconcat, columns, width, data, ...rest } = spec;
  return {
    ...Object.fromEntries(
      Object.entries(rest).map(([key, value]) => [
        key,
        ["spec", "layer", "concat", "vconcat"].includes(key) ? narrowed(value, room) : value,
      ]),
    ),
    ...(data !== undefined && { data }),
    ...(hconcat && { vconcat: narrowed(hconcat, room) }),
    ...(columns !== undefined && { columns: 1 }),
    ...(width !== undefined && { width: typeof width === "number" ? Math.min(width, room) : width }),
  };
}

/** Charts are drawn again in the other language, where they have been drawn and have words in it. */
document.addEventListener("language", () => {
  for (const figure of document.querySelectorAll("figure.chart.drawn")) {
    for (const part of figure.querySelectorAll(":scope > div")) part.remove();
    figure.classList.remove("drawn");
  }
  void drawCharts(document.querySelector("[data-page]:not([hidden])") ?? document);
});

/**
 * Draws the charts in a part of the page that are not drawn yet.
 * @param {ParentNode} part
 */
async function drawCharts(part) {
  // Text is measured with the font that will be drawn, also where only the chart has these letters.
  await Promise.allSettled([...document.fonts].map((face) => face.load()));
  const font = getComputedStyle(document.body).fontFamily;
  for (const figure of part.querySelectorAll("figure.chart:not(.drawn)")) {
    const picture = figure.querySelector("img");
    const [english, japanese] = [...figure.querySelectorAll("script")].map(({ textContent }) =>
      JSON.parse(textContent ?? "null"),
    );
    if (!english) continue;
    const spec = document.documentElement.lang === "ja" ? { ...english, ...japanese } : english;
    figure.classList.add("drawn");
    const alt = spec.description ?? figure.getAttribute("data-alt") ?? "";
    const place = document.createElement("div");
    const drawing = document.createElement("div"); // vega gives it a role of its own
    place.append(drawing);
    figure.prepend(place);
    const phone = figure.clientWidth < 600;
    try {
      // ast: expressions are interpreted, so that the page needs no right to evaluate code
      const options = { ast: true, renderer: "svg", actions: false };
      const drawn = phone ? narrowed(spec, figure.clientWidth - 110) : spec;
      const config = { ...spec.config, font };
      // @ts-expect-error vegaEmbed comes from the script before this one
      const { view } = await vegaEmbed(drawing, { ...drawn, config }, options);
      if (!place.isConnected) continue; // drawn in the other language meanwhile
      const svg = place.querySelector("svg.marks");
      svg?.setAttribute("role", "img");
      svg?.setAttribute("aria-label", alt);
      // one picture with one description: its marks are not read out one by one
      for (const part of svg?.children ?? []) part.setAttribute("aria-hidden", "true");
      picture?.remove();
      // @ts-expect-error as do these
      offerPictures(figure, view);
      // @ts-expect-error
      offerLines(figure, spec, view);
    } catch (error) {
      place.remove();
      if (!picture) figure.prepend(alt);
      console.error(error);
    }
  }
}
if (!document.querySelector("[data-page]")) void drawCharts(document);
