// Runs in a page that holds several: one of them is shown, the one that the address names, and its charts are
// drawn when it is shown first.
// @ts-check
/* global drawCharts */
(() => {
  const pages = [...document.querySelectorAll("[data-page]")];
  const show = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const chosen = target?.closest("[data-page]") ?? pages[0];
    for (const one of pages) one.toggleAttribute("hidden", one !== chosen);
    if (target && target !== chosen) target.scrollIntoView();
    else window.scrollTo(0, 0);
    // @ts-expect-error the script before this one
    void drawCharts(chosen);
  };
  window.addEventListener("hashchange", show);
  show();
})();
