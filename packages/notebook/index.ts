export {
  ANSWER_MIME,
  type Answer,
  cellsHash,
  LINES_MIME,
  type LinesTable,
  PREDICTED_MIME,
  RUNS_MIME,
  type Summary,
  summarise,
  VEGALITE_MIME,
  withoutOpening,
} from "./conventions";
export { execute, type Failure, pythonPath } from "./execute";
export {
  type Cell,
  codeCells,
  type FigureNote,
  hasTag,
  type Notebook,
  type Output,
  outputsOf,
  readNotebook,
  textOf,
} from "./notebook";
export { type Asked, inject, type Request, type Resolved, resolveSettings, settingsOf } from "./parameters";
