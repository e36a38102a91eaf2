export { csv, unguarded } from "./csv";
export { type Frame, frame, isFrame, isMissing, namesIn, rowsOf } from "./frame";
