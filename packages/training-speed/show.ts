/** What a notebook shows of the speed of training. */
import { show } from "../../lib/show/display";
import { decimals } from "../../lib/show/numbers";
import { table } from "../../lib/show/tables";
import { type LiveOptions, liveSteps } from "./live";
import { type Effect, effectOf, median, ratioInWords, readTips, type Tips } from "./measured";
import { TIPS } from "./tips";
import { waterfall, wayOf } from "./waterfall";

const PLACE = { faster: 0, slower: 1, nothing: 2 } as const;

/** Of all that was measured what it does: by verdict, the largest first. */
export const effectsOf = ({ rows }: Pick<Tips, "rows">): Effect[] =>
  rows
    .map(effectOf)
    .sort(
      (a, b) =>
        PLACE[a.verdict] - PLACE[b.verdict] || Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)),
    );

/** What was measured, as cells: "1.72 (1.68 to 1.75)" stays on one line. */
const cells = (effect?: Effect) => ({
  effect: effect ? (effect.verdict === "nothing" ? "no effect" : effect.verdict) : "–",
  "times as fast": effect ? ratioInWords(effect).replace(" ×", "") : "–",
});

/**
 * The 25 tips, a row for each thing that was switched, with what it is called here and what it does; beneath,
 * what the guide does not list.
 */
export async function showTips(tips = readTips()): Promise<void> {
  const effects = tips.rows.map(effectOf),
    more = effects.filter(({ number }) => Number.isNaN(number));
  const rows = TIPS.flatMap(({ number, name, here, by }) => {
    const own = effects.filter((effect) => effect.number === number);
    return (own.length === 0 ? [undefined] : own).map((effect) => ({
      tip: effect && own.length > 1 ? `${name}\n${effect.what}` : name,
      "#": number,
      here: here === "done" ? "always on" : here,
      ...cells(effect),
      "setting or function": by,
    }));
  });
  const { processor, cores } = tips.machine;
  await show(
    table(rows, {
      caption: "The 25 tips of the tuning guide",
      notes: [
        `Times as fast as without it: the ratio of the medians of ${tips.rows[0].off.length} repeats in turn, in brackets the lowest and highest ratio of one pair. ${processor}, ${cores} cores, ${tips.date}, commit ${tips.commit}.`,
      ],
      summary: "What has no counterpart, and what is beside the list",
      folded: [
        table(
          TIPS.filter(({ here }) => here === "none").map(({ number, name, why, by }) => ({
            tip: name,
            "#": number,
            why,
            "setting or function": by,
          })),
          { caption: "No counterpart: what was looked for" },
        ),
        ...(more.length === 0
          ? []
          : [
              table(
                more.map((effect) => ({ tip: effect.what, ...cells(effect) })),
                { caption: "Beside the list" },
              ),
            ]),
      ],
    }),
  );
}

/** The way from the slowest configuration to the fastest. */
export const showWaterfall = (tips = readTips()): Promise<void> =>
  show(
    waterfall(tips.waterfall, {
      title: "From the slowest to the fastest",
      subtitle: "an epoch of 64 texts, all layers trained; each row adds to the one above",
    }),
    {
      key: true,
      caption: {
        en: "Median time of an epoch, with the lowest and highest repeat; a bar leads from the time of the row above. The axis is logarithmic: equal lengths are equal factors.",
        ja: "1エポックの時間の中央値と、最小・最大の測定。帯は一つ上の行の時間からの変化を表す。軸は対数で、同じ長さは同じ倍率。",
      },
    },
  );

/** How many times as fast the last stage is as the first: of the medians. */
export function wholeWay(tips: Pick<Tips, "waterfall">): {
  readonly from: number;
  readonly to: number;
  readonly ratio: number;
} {
  const way = wayOf(tips.waterfall),
    [from, to] = [way[0].seconds, way[way.length - 1].seconds];
  return { from, to, ratio: from / to };
}

/** The same steps op by op and compiled: losses, seconds. */
export async function showLive(options: LiveOptions): Promise<void> {
  const runs = await liveSteps(options);
  await show(
    table(
      runs.map(({ mode, opened, seconds, losses }) => ({
        steps: mode === "eager" ? "op by op" : "compiled",
        "to open, s": decimals(opened),
        "first step, s": decimals(seconds[0], 3),
        "later steps, s": decimals(median(seconds.slice(1)), 3),
        losses: losses.map((loss) => loss.toFixed(5)).join(", "),
      })),
      { caption: "The same steps in two ways, here and now" },
    ),
  );
}
