export { type Html, html } from "./html";
export { page } from "./page";
export { namesItsLines, withoutLines, withoutWords } from "./private";
export { renderFailure, renderFigure, renderNotebook, renderSettings, renderWords } from "./render";
