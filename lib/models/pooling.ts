/**
 * cls: the first token's vector, as BERT was made for; mean: the mean over all tokens but padding; own: the
 * mean over the tokens of the text itself, without those of a context before it (segments.ts).
 */
export type Pooling = "cls" | "mean" | "own";
