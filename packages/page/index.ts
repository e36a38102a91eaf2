export { type Html, html } from "./html";
export { page } from "./page";
export { namesItsLines, withoutLines, withoutWords } from "./private";
export {
  quickBadge,
  renderFailure,
  renderFigure,
  renderNotebook,
  renderSettings,
  renderWords,
} from "./render";
