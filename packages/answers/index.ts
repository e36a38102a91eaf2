export {
  type AnswerFolders,
  answersList,
  type Found,
  type IndexedNotebook,
  notebookAnswers,
} from "./answers";
