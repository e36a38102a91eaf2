export { Html, html } from "./html";
export { page } from "./page";
export { namesItsLines, REMARK, TELLING, withoutLines, withoutWords } from "./private";
export {
  renderFailure,
  renderFigure,
  renderMarkdown,
  renderNotebook,
  renderSettings,
  renderWords,
} from "./render";
