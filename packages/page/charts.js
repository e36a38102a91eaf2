// Runs in the page: puts the interactive chart in the place of its picture, which stays if anything
// fails.
// @ts-check
/* global vegaEmbed, offerLines */

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

(async () => {
  // Text is measured with the font that will be drawn, also where only the chart has these letters.
  await Promise.allSettled([...document.fonts].map((face) => face.load()));
  const font = getComputedStyle(document.body).fontFamily;
  for (const figure of document.querySelectorAll("figure.chart")) {
    const picture = figure.querySelector("img");
    const spec = JSON.parse(figure.querySelector("script")?.textContent ?? "null");
    if (!spec) continue;
    const place = document.createElement("div");
    figure.prepend(place);
    const phone = figure.clientWidth < 600;
    try {
      // ast: expressions are interpreted, so that the page needs no right to evaluate code
      const options = {
        ast: true,
        renderer: "svg",
        actions: { export: true, source: false, compiled: false, editor: false },
      };
      const drawn = phone ? narrowed(spec, figure.clientWidth - 110) : spec;
      const config = { ...spec.config, font };
      // @ts-expect-error vegaEmbed comes from the script before this one
      const { view } = await vegaEmbed(place, { ...drawn, config }, options);
      const svg = place.querySelector("svg.marks");
      svg?.setAttribute("role", "img");
      svg?.setAttribute("aria-label", figure.getAttribute("data-alt") ?? "");
      // one picture with one description: its marks are not read out one by one
      for (const part of svg?.children ?? []) part.setAttribute("aria-hidden", "true");
      place.querySelector("summary")?.setAttribute("aria-label", "Save the chart 図を保存");
      picture?.remove();
      // @ts-expect-error as does this one
      offerLines(figure, spec, view);
    } catch (error) {
      place.remove();
      console.error(error);
    }
  }
})();
