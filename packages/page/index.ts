export { type WithoutFolders, withoutFolders } from "./folders";
export { Html, html } from "./html";
export { bilingual, type Language, partIn, translated } from "./languages";
export { type PageProgram, renderPage } from "./page";
export {
  namesItsLines,
  REMARK,
  TELLING,
  withoutLines,
  withoutWords,
} from "./private";
export {
  mailPage,
  notebookPart,
  type Part,
  quickBadge,
  renderDemo,
  renderFailure,
  renderFigure,
  renderMarkdown,
  renderRemark,
  renderSettings,
  renderTitle,
  renderWords,
  titleIn,
} from "./render";
export { withTexts } from "./texts";
