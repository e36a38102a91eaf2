/** How the runs of a notebook that have no result are listed instead of trained. */

/**
 * Names a file for the trials that have no result, a line of JSON each: they are listed there instead of
 * trained. Set while `npm run sweep -- PLAN --from NOTEBOOK` executes the notebook.
 */
export const MISSING_VARIABLE = "KOMALAB_MISSING";

/** What is to be run was listed instead; a notebook ends with it. */
export class ListedError extends Error {
  override readonly name = "ListedError";
}
