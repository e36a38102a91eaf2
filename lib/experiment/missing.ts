/** How the runs of a notebook that have no result are listed instead of trained. */

/**
 * Names a file for the trials that have no result, a line of JSON each: they are listed there instead of
 * trained. Set while `npm run sweep -- PLAN --from NOTEBOOK` executes the notebook.
 */
export const MISSING_VARIABLE = "KOMALAB_MISSING";

/**
 * Set where the notebook's own model alone is of interest: what costs much before it can be listed, doc2vec
 * for each of many trials, is left out.
 */
export const OWN_MODEL_VARIABLE = "KOMALAB_MISSING_OWN_MODEL";

/** What is to be run was listed instead; a notebook ends with it. */
export class ListedError extends Error {
  override readonly name = "ListedError";
}
