// Runs in the page: what is said in English and Japanese is shown in one of them, which two buttons choose.
// @ts-check

/** Of two texts the one in the page's language. @param {string} en @param {string} ja */
// biome-ignore lint/correctness/noUnusedVariables: the scripts after this one call it
const inLanguage = (en, ja) => (document.documentElement.lang === "ja" ? ja : en);

/** Without what is said in the other language. @template {Element} T @param {T} element @returns {T} */
// biome-ignore lint/correctness/noUnusedVariables: as before
function shownAlone(element) {
  const copy = /** @type {T} */ (element.cloneNode(true));
  for (const other of copy.querySelectorAll(`[data-in]:not([data-in="${document.documentElement.lang}"])`))
    other.remove();
  return copy;
}

{
  const KEY = "komalab language";
  const buttons = [...document.querySelectorAll("button[data-language]")];
  const choose = (/** @type {string} */ language) => {
    document.documentElement.lang = language;
    document.title = document.documentElement.getAttribute(`data-title-${language}`) ?? document.title;
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === language));
    document.dispatchEvent(new Event("language"));
  };
  for (const button of buttons)
    button.addEventListener("click", () => {
      const language = button.getAttribute("data-language") ?? "ja";
      choose(language);
      try {
        localStorage.setItem(KEY, language); // the other pages of a report open in the same one
      } catch {} // a page from the disk may have none
    });
  try {
    const before = localStorage.getItem(KEY);
    if (buttons.length > 0 && (before === "ja" || before === "en")) choose(before);
  } catch {}
}
