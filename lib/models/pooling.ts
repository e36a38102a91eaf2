/** From the vectors of a text's tokens to one vector. B batch, T tokens, H hidden. */
import type { Tensor } from "../tensor/backend";
import { firstToken, meanOfTokens } from "../tensor/ops";

/** cls: the first token's vector, as BERT was made for; mean: the mean over all tokens but padding. */
export type Pooling = "cls" | "mean";

/** x [B, T, H], mask [B, T] with 1 for tokens and 0 for padding → [B, H]. */
export function pool(x: Tensor, mask: Tensor, pooling: Pooling): Tensor {
  return pooling === "cls" ? firstToken(x) : meanOfTokens(x, mask);
}
