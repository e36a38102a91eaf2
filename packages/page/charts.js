// Runs in the page: puts the interactive chart in the place of its picture, which stays if anything
// fails.
// @ts-check
/* global vegaEmbed, offerLines */
(async () => {
  // Text is measured with the font that will be drawn, also where only the chart has these letters.
  await Promise.allSettled([...document.fonts].map((face) => face.load()));
  const font = getComputedStyle(document.body).fontFamily;
  for (const figure of document.querySelectorAll("figure.chart")) {
    const picture = figure.querySelector("img");
    const spec = JSON.parse(figure.querySelector("script")?.textContent ?? "null");
    if (!spec) continue;
    const place = document.createElement("div");
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", figure.getAttribute("data-alt") ?? "");
    figure.prepend(place);
    try {
      // ast: expressions are interpreted, so that the page needs no right to evaluate code
      const options = {
        ast: true,
        renderer: "svg",
        actions: { export: true, source: false, compiled: false, editor: false },
      };
      // @ts-expect-error vegaEmbed comes from the script before this one
      const { view } = await vegaEmbed(place, { ...spec, config: { ...spec.config, font } }, options);
      picture?.remove();
      // @ts-expect-error as does this one
      offerLines(figure, spec, view);
    } catch (error) {
      place.remove();
      console.error(error);
    }
  }
})();
