/** What a notebook shows of language models: texts, schedules, one piece by hand, curves, tables, samples. */
import { rowOf } from "../../lib/evaluate/comparison";
import { summary } from "../../lib/evaluate/intervals";
import { comparisonTable } from "../../lib/show/comparison";
import { show } from "../../lib/show/display";
import { decimals, differenceInWords } from "../../lib/show/numbers";
import { table } from "../../lib/show/tables";
import { trend } from "../../lib/show/trend";
import { grouped } from "../../lib/support/groups";
import { Random } from "../../lib/support/random";
import type { LanguageResults } from "./experiment";
import { CALLED, type Comparisons, judgementsOf, type Measure, measured } from "./measures";
import { NGrams } from "./ngram";
import { goldChance, type Schedule, TEACHER_FORCING } from "./schedule";
import { type Corpus, RARE, windowsOf } from "./text";
import { distinct, repetition } from "./writer";

/** A line break as a sign. */
const visible = (text: string) => text.replaceAll("\n", "⏎");

/** How much text each part has. */
export async function showCorpus({ characters, texts, ...corpus }: Corpus): Promise<void> {
  const rows = (["learnt", "judging", "heldOut"] as const).map((part) => ({
    part: { learnt: "learnt", judging: "learnt by the judge alone", heldOut: "held out" }[part],
    texts: texts[part],
    characters: corpus[part].length,
    [`rare (${RARE})`]: `${decimals((100 * corpus[part].filter((id) => id === 0).length) / corpus[part].length, 1)} %`,
  }));
  await show(table(rows, { caption: `Texts; ${characters.size} different characters are told apart` }));
}

const formulaOf = (schedule: Schedule): string => {
  const number = (value: number) => String(Number(value.toPrecision(4)));
  switch (schedule.decay) {
    case "linear":
      return `max(ε, k − c·i): k = ${number(schedule.k)}, c = ${number(schedule.c)}, ε = ${schedule.least}`;
    case "exponential":
      return `k^i: k = ${number(schedule.k)}`;
    case "inverse sigmoid":
      return `k / (k + exp(i / k)): k = ${number(schedule.k)}`;
    case "none":
      return String(schedule.gold);
  }
};

/** The schedules with their constants, and those that change as lines. */
export async function showSchedules(
  systems: Readonly<Record<string, Schedule>>,
  steps: number,
): Promise<void> {
  const all = Object.entries(systems),
    places = Array.from({ length: 9 }, (_, k) => Math.round((k * (steps - 1)) / 8));
  const rows = all.map(([system, schedule]) => ({
    system,
    "chance of the gold character at mini-batch i": formulaOf(schedule),
    "mean over all steps": meanChance(schedule, steps),
  }));
  await show(table(rows, { caption: "Schedules", digits: 2 }));
  const points = all
    .filter(([, { decay }]) => decay !== "none")
    .flatMap(([series, schedule]) =>
      places.map((x) => {
        const value = goldChance(schedule, x);
        return { series, x, value, low: value, high: value };
      }),
    );
  const titles = { title: "Chance of reading the gold character", x: "step", metric: "chance" };
  await show(trend(points, titles), {
    caption: {
      en: "Teacher forcing stands at 1 all the way, always sampling at 0.",
      ja: "正解の文字を読ませる確率。teacher forcing は常に 1、always sampling は常に 0。",
    },
  });
}

const meanChance = (schedule: Schedule, steps: number) =>
  summary(Array.from({ length: steps }, (_, i) => goldChance(schedule, i))).mean;

/** One piece by hand: what stood there, what a coin says, what is read, and what is to be predicted. */
export async function showPiece(
  { characters, learnt, heldOut }: Corpus,
  { steps = 12, chance = 0.5 }: { readonly steps?: number; readonly chance?: number } = {},
): Promise<void> {
  const [piece] = windowsOf(heldOut, steps),
    random = new Random(4);
  const coins = piece.read.map((_, step) => step === 0 || random.uniform() < chance);
  const [read] = new NGrams(learnt, characters.size, 3).read([piece], (_, step) => coins[step], random);
  const sign = (id: number) => visible(characters.text([id]));
  const rows = piece.read.map((gold, step) => ({
    step: step + 1,
    "gold character": sign(gold),
    coin: step === 0 ? "(the first)" : coins[step] ? "gold" : "own",
    read: sign(read[step]),
    "to be predicted": sign(piece.next[step]),
  }));
  const caption = `One piece with a chance of ${chance}; the own characters are drawn from trigrams`;
  await show(table(rows, { caption }));
}

/** Perplexity of held-out characters behind gold prefixes while learning, of these systems. */
export async function showLearning({ runs }: LanguageResults, systems: readonly string[]): Promise<void> {
  const points = systems.flatMap((series) => {
    const own = runs.filter(({ trial }) => trial.system === series);
    return own[0].result.curve.map(({ step: x }, i) => {
      const seen = own.map(({ result }) => Math.exp(-result.curve[i].gold));
      return {
        series,
        x,
        value: summary(seen).mean,
        low: Math.min(...seen),
        high: Math.max(...seen),
        seeds: seen,
      };
    });
  });
  const titles = { title: "Perplexity of held-out text while learning", x: "step", metric: "perplexity" };
  await show(trend(points, titles), {
    caption: {
      en: "Behind gold prefixes: mean over seeds, upright lines from the lowest to the highest. Lower is better.",
      ja: "正解の文脈に続く文字の perplexity。シードの平均、縦線は最小から最大。低いほど良い。",
    },
  });
}

/** What the systems are left in doubt by, as perplexities, and what their own characters cost. */
async function showPerplexities(results: LanguageResults, comparisons: Comparisons): Promise<void> {
  const cell = (measure: Measure, system: string, of: (likelihood: number) => string) => {
    if (!comparisons[measure].rows.some((row) => row.system === system)) return "–";
    const { mean, low, high } = rowOf(comparisons[measure], system);
    const [one, other] = measure === "gap" ? [low, high] : [high, low]; // a perplexity falls with the likelihood
    return `${of(mean)}\n${of(one)} to ${of(other)}`;
  };
  const perplexity = (measure: Measure, system: string) =>
    cell(measure, system, (likelihood) => decimals(Math.exp(-likelihood), 1));
  const bySystem = grouped(judgementsOf(results), ({ system }) => system);
  const rows = [...bySystem].map(([system, own]) => ({
    system,
    n: own[0].seed === null ? "–" : own.length,
    "perplexity\nafter gold": perplexity("gold", system),
    "perplexity\nafter own": perplexity("own", system),
    "lost by own,\nnats": cell("gap", system, (nats) => decimals(nats, 3)),
    "perplexity\nof its text": perplexity("judge", system),
  }));
  const caption = `Over ${results.pieces.length} held-out pieces and n seeds: mean, 95 % interval (lower perplexity is better)`;
  await show(table(rows, { caption }));
}

/** How varied what is written is. */
export async function showVariety(results: LanguageResults): Promise<void> {
  const spread = (values: readonly number[]) => {
    const { mean, min, max } = summary(values),
      all = values.length > 1 ? [`${decimals(min, 3)} to ${decimals(max, 3)}`] : [];
    return [decimals(mean, 3), ...all].join("\n");
  };
  const bySystem = grouped(judgementsOf(results), ({ system }) => system);
  const rows = [...bySystem].map(([system, own]) => {
    const written = own.map(({ judged }) => judged.written ?? []);
    return {
      system,
      n: own[0].seed === null ? "–" : own.length,
      "distinct-1": spread(written.map((texts) => distinct(texts, 1))),
      "distinct-2": spread(written.map((texts) => distinct(texts, 2))),
      repetition: spread(written.map(repetition)),
    };
  });
  await show(table(rows, { caption: "Variety of what is written: mean over n seeds, lowest and highest" }));
}

/** Each system's differences to teacher forcing, and what is clear of them; all numbers are folded below. */
async function showDifferences(comparisons: Comparisons): Promise<void> {
  const measures = Object.keys(comparisons) as Measure[];
  const rows = comparisons.own.rows
    .filter(({ baseline }) => baseline !== undefined)
    .map(({ system }) => ({
      system,
      ...Object.fromEntries(
        measures.map((measure) => {
          const { clear, ...versus } = rowOf(comparisons[measure], system).baseline!;
          const word = Number.isNaN(versus.p)
            ? "not judged"
            : clear === "no"
              ? "not clear"
              : `clearly ${clear}`;
          return [CALLED[measure], `${word}\n${differenceInWords(versus).replace(" (", "\n(")}`];
        }),
      ),
    }));
  const caption = `Against ${TEACHER_FORCING}: differences of the mean log-likelihood a character, in nats (above 0 is better)`;
  const named = Object.fromEntries(measures.map((measure) => [CALLED[measure], comparisons[measure]]));
  await show(
    table(rows, {
      caption,
      summary: "All log-likelihoods and tests",
      folded: [comparisonTable(named, { below: { group: "judged", metric: "log-likelihood" } })],
    }),
  );
}

/** All systems by all measures, each against teacher forcing; gives the comparisons. */
export async function showMeasures(results: LanguageResults): Promise<Comparisons> {
  const comparisons = measured(results);
  await showPerplexities(results, comparisons);
  await showDifferences(comparisons);
  return comparisons;
}

/** What the systems write behind the beginnings of some pieces, with the first seed. */
export async function showWritten(results: LanguageResults, count = 2): Promise<void> {
  const { pieces, experiment } = results,
    { characters } = experiment.corpus;
  const chosen = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * pieces.length) / count));
  const first = judgementsOf(results).filter(({ seed }) => seed === null || seed === 1);
  const rows = first.map(({ system, judged }) => ({
    system,
    ...Object.fromEntries(
      chosen.map((place) => [
        `${visible(characters.text(pieces[place].read.slice(0, experiment.prefix)))} …`,
        visible(judged.written?.[place] ?? ""),
      ]),
    ),
  }));
  const caption = `What is written behind the same beginnings (${RARE} a rare character, ⏎ the end of a text)`;
  await show(table(rows, { caption }));
}
