export { type BrowserOptions, openBrowser } from "./browser";
export { type Slide, writeDocx, writeLatex, writePptx } from "./office";
export { pandocPath } from "./pandoc";
export { printPdf } from "./pdf";
