// Runs in the page: puts the interactive chart in the place of its picture, which stays if anything
// fails.
// @ts-check
/* global vegaEmbed, offerLines, offerPictures */

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
    const spec = JSON.parse(figure.querySelector("script")?.textContent ?? "null");
    if (!spec) continue;
    figure.classList.add("drawn");
    const place = document.createElement("div");
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", figure.getAttribute("data-alt") ?? "");
    const drawing = document.createElement("div"); // vega gives it a role of its own
    place.append(drawing);
    figure.prepend(place);
    try {
      // ast: expressions are interpreted, so that the page needs no right to evaluate code
      const options = { ast: true, renderer: "svg", actions: false };
      // @ts-expect-error vegaEmbed comes from the script before this one
      const { view } = await vegaEmbed(drawing, { ...spec, config: { ...spec.config, font } }, options);
      picture?.remove();
      // @ts-expect-error as do these
      offerPictures(figure, view);
      // @ts-expect-error
      offerLines(figure, spec, view);
    } catch (error) {
      place.remove();
      if (!picture) figure.prepend(figure.getAttribute("data-alt") ?? "");
      console.error(error);
    }
  }
}
if (!document.querySelector("[data-page]")) void drawCharts(document);
