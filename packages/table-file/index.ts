export { DataError, type Problem } from "./data-error";
export { readText } from "./decode";
export { type OpenTable, openTable, type Row, readTable, type Table } from "./table";
