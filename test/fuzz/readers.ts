/** All readers of files that come from outside, each with a valid file, damage for it and its first check. */
import { MODEL_READERS } from "./model-readers";
import { REPORT_READERS } from "./report-readers";
import { RUN_READERS } from "./run-readers";
import { TABLE_READERS } from "./table-readers";

export const READERS = [...MODEL_READERS, ...TABLE_READERS, ...RUN_READERS, ...REPORT_READERS];
