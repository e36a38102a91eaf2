/** What the losses of the tips do to one text. */
import { show } from "../../lib/show/display";
import { table } from "../../lib/show/tables";

export interface LossTips {
  readonly labelSmoothing: number;
  readonly focal: number;
}

/** Losses of a text in two classes whose right one has the probability p, in nats (lib/train/loss.ts). */
export const lossesOf = (p: number, { labelSmoothing, focal }: LossTips) => ({
  p,
  "cross entropy": -Math.log(p),
  smoothed: -(1 - labelSmoothing / 2) * Math.log(p) - (labelSmoothing / 2) * Math.log(1 - p),
  focal: -((1 - p) ** focal) * Math.log(p),
});

/** The losses from a text that is called wrongly to one that is known. */
export const showLosses = (tips: LossTips): Promise<void> =>
  show(
    table(
      [0.1, 0.5, 0.9, 0.99].map((p) => lossesOf(p, tips)),
      { caption: "Losses of one text in two classes" },
    ),
  );
