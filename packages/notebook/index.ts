export {
  ANSWER_MIME,
  type Answer,
  bothTitles,
  cellsHash,
  classesOf,
  DATA_MIME,
  LINES_MIME,
  type LinesTable,
  letters,
  linesTables,
  PREDICTED_MIME,
  RUNS_MIME,
  type Summary,
  summarise,
  textsBehind,
  VEGALITE_MIME,
  withoutOpening,
} from "./conventions";
export { execute, type Failure, pythonPath } from "./execute";
export {
  type Cell,
  codeCells,
  type FigureNote,
  hasTag,
  isOutput,
  type Notebook,
  type Output,
  outputsOf,
  readNotebook,
  textOf,
} from "./notebook";
export { type Asked, inject, type Request, type Resolved, resolveSettings, settingsOf } from "./parameters";
