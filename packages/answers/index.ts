export {
  type AnswerFolders,
  answersList,
  type Found,
  type IndexedNotebook,
  notebookAnswers,
} from "./answers";
export { environment, type Finding, missing, verification } from "./environment";
