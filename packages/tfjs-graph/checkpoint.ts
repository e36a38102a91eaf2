/**
 * Checkpointing of activations (Chen et al. 2016, "Training deep nets with sublinear memory cost"): of a
 * block, a step keeps the input alone, and computes what is inside it again, with the same dropout masks,
 * when its gradient is asked for.
 *
 * TensorFlow merges nodes that compute the same, and would so keep what is to be let go. The second ones
 * therefore start from an input that waits for the block's incoming gradient: they are no copies of the
 * first. And it reorders sums and products of what is used once, as much is in either pass alone but not in
 * a step that keeps all: they stay as they are written, so that every bit is the same, as long as what
 * follows the block does not itself multiply its gradient.
 */
import { type Tensor, tf } from "./backend";
import { customGradients } from "./custom-gradients";
import type { StepContext } from "./engine-types";
import { type Sites, siteDropout } from "./gradients";

/** A part of a network, from [B, T, H] on. */
interface Block {
  /** The names of those that it reads. */
  readonly parameters: readonly string[];
  apply(x: Tensor | null, context: StepContext): Tensor;
}

/** What TensorFlow's optimiser of graphs must be told; step by step it does nothing. */
export interface Order {
  /** Gives x, but not before `earlier` are computed. */
  after(x: Tensor, earlier: readonly Tensor[]): Tensor;
  /** Sums and products of `work` are computed in the order in which they are written. */
  asWritten(work: () => Tensor): Tensor;
}

/**
 * What the block, which reads nothing but x and the context, gives for x; where the engine was opened with
 * `checkpointing`, without keeping what is inside it. Vectors of whole texts, [B, H], are too small for it.
 */
export function checkpointed(block: Block, x: Tensor | null, context: StepContext): Tensor {
  if (x === null || x.rank < 3 || !context.recompute) return block.apply(x, context);
  return context.recompute(block.parameters, (y, own) => block.apply(y, own), x, context);
}

interface Recomputing {
  readonly seed: Tensor;
  readonly sites: Sites;
  readonly trained: ReadonlySet<string>;
  readonly order: Order;
}

/** How the blocks of one step are computed again. Gradients throw where the loss depends on none. */
export function recomputing({ seed, sites, trained, order }: Recomputing): StepContext["recompute"] {
  return (names, f, x, context) => {
    const own = names.filter((name) => trained.has(name)),
      parameters = own.map((name) => context.parameters[name]),
      { next } = sites; // the masks of the second time are those of the first
    const block = customGradients(([input], save) => {
      save([input]);
      const gradFunc = (dy: Tensor, [kept]: readonly Tensor[]) => {
        const again = order.after(kept, [dy]),
          dropout = siteDropout(order.after(seed, [dy]), { next });
        const gradients = gradientsWithin(
          () => order.asWritten(() => f(again, { ...context, dropout, recompute: undefined })),
          [again, ...parameters],
          dy,
        );
        return gradients.map((gradient, i) => () => {
          if (gradient) return gradient;
          throw new Error(`the loss does not depend on ${own[i - 1]}: leave it out of what is trained`);
        });
      };
      const value = order.asWritten(() => f(input, { ...context, recompute: undefined }));
      return { value, gradFunc };
    });
    return block(x, ...parameters);
  };
}

/** Gradients while others are computed: tfjs knows one tape, and would lose the outer one. */
function gradientsWithin(f: () => Tensor, xs: Tensor[], dy: Tensor): readonly (Tensor | undefined)[] {
  const { state } = tf.engine() as unknown as { readonly state: { activeTape: unknown } };
  const { activeTape } = state;
  try {
    const { value, grads } = tf.engine().gradients(f, xs, dy);
    tf.dispose(value);
    return grads;
  } finally {
    state.activeTape = activeTape;
  }
}
