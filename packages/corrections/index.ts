export {
  type Corrected,
  type Correction,
  corrected,
  correctedClasses,
  correctionsBeside,
  type Labelled,
  type LabelWords,
  lookedAt,
  readCorrections,
} from "./corrections";
export { type Asked, COLUMNS, correctionsCsv } from "./list";
