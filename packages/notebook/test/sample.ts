/** Notebooks and their cells for tests. */
import type { Cell, Notebook } from "..";
import type { Settings } from "../notebook";

export const markdown = (source: string): Cell => ({ cell_type: "markdown", source, metadata: {} });
export const code = (source: string, ...tags: string[]): Cell => ({
  cell_type: "code",
  source,
  metadata: { tags },
  outputs: [],
  execution_count: null,
});

export const notebook = (cells: readonly Cell[], quick?: Settings): Notebook => ({
  cells: cells.map((cell, index) => ({ id: `cell-${index}`, ...cell })),
  metadata: {
    ...{ kernelspec: { name: "tslab", display_name: "TypeScript (komalab)", language: "typescript" } },
    ...(quick && { komalab: { quick } }),
  },
  nbformat: 4,
  nbformat_minor: 5,
});
