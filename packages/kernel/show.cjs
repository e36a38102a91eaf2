// @ts-check
"use strict";
/** A cell's value as text. */
const { inspect } = require("node:util");

const isTensor = (value) => typeof value?.dataSync === "function" && Array.isArray(value.shape);
const isFrame = (value) => Array.isArray(value?.$columns) && typeof value.print === "function";

/**
 * What a person wants to see: the numbers of a tensor and the rows of a danfojs table instead of their fields,
 * everything else as Node's REPL shows it, somewhat deeper.
 * @param {any} value
 * @returns {string}
 */
function show(value) {
  try {
    if (isTensor(value)) return value.toString(true); // with its type and shape
    if (isFrame(value)) return value.toString();
  } catch {
    // disposed of, or another package's: its fields then
  }
  return inspect(value, { depth: 4 });
}

module.exports = { show };
