/** What the seeds of a system say of a line, and the training lines that the model takes for alike. */
import { type Encodable, encodeItems } from "../../lib/data/encode";
import { summary } from "../../lib/evaluate/intervals";
import { prepare } from "../../lib/experiment/prepare";
import type { TrialRun } from "../../lib/experiment/spec";
import type { Results } from "../../lib/study/experiment";
import { grouped } from "../../lib/support/groups";
import { meant } from "../../lib/support/nearest";
import { check, oneOf, whole } from "../../lib/support/settings";
import { type Answered, answersOf, WAYS, type Way } from "./marks";
import { nearestTo } from "./neighbours";
import { spearman } from "./rank-correlation";
import { openScorer, type Scorer } from "./scorer";
import { asking, runsOf } from "./study";
import { lineOf, type Word } from "./words";

export interface WhyOptions {
  readonly system: string;
  /** leave-one-out by default. */
  readonly way?: Way;
  /** Training lines beside each line; 2 by default. */
  readonly neighbours?: number;
  /**
   * By which lines are near: the vector that the head of the first seed's run reads, or that of the encoder
   * before any training, without its pooler. fine-tuned by default.
   */
  readonly features?: "fine-tuned" | "frozen";
  /** Whose runs are asked of what is in no test set; the first by default. */
  readonly testSet?: string;
}

/** A line with what is said of it, by the seeds that give it the class that most give. */
export interface Explained {
  readonly text: string;
  readonly words: readonly Word[];
  readonly predicted: number;
  /** Of the predicted class, the mean over these seeds; how many they are, of how many. */
  readonly probability: number;
  readonly seeds: number;
  readonly of: number;
  /** A number for each word, the mean over these seeds. */
  readonly marks: readonly number[];
  /** Spearman's correlation of the marks between these seeds, the mean over pairs; NaN of one seed. */
  readonly agreement: number;
  /** Training lines, the nearest first. */
  readonly nearest: readonly { readonly text: string; readonly label: number; readonly cosine: number }[];
}

/** The class that most seeds give, the lowest of equals. */
function voteOf(answers: readonly Answered[]): number {
  const counts = new Map(
    [...grouped(answers, ({ predicted }) => predicted)].map(([label, own]) => [label, own.length]),
  );
  return [...counts].sort(([a, n], [b, m]) => m - n || a - b)[0][0];
}

/** What the seeds say of one line. */
function together(answers: readonly Answered[]): Omit<Explained, "text" | "words" | "nearest"> {
  const predicted = voteOf(answers),
    own = answers.filter((one) => one.predicted === predicted);
  const pairs = own.flatMap((one, i) => own.slice(i + 1).map((other) => spearman(one.marks, other.marks)));
  const known = pairs.filter((rho) => !Number.isNaN(rho));
  return {
    predicted,
    probability: summary(own.map(({ probabilities }) => probabilities[predicted])).mean,
    seeds: own.length,
    of: answers.length,
    marks: own[0].marks.map((_, word) => summary(own.map(({ marks }) => marks[word])).mean),
    agreement: known.length === 0 ? Number.NaN : summary(known).mean,
  };
}

/** Asks the encoder of a run as it was before training. */
async function askingFrozen<T>(run: TrialRun, ask: (scorer: Scorer) => T): Promise<T> {
  const { model } = await prepare(run.trial);
  const scorer = await openScorer({ ...model, layers: model.layers.filter(({ name }) => name !== "pooler") });
  try {
    return ask(scorer);
  } finally {
    scorer.dispose();
  }
}

/** What a system's seeds say of some lines, read as those of one test set are. */
async function explainIn(
  results: Results,
  { testSet, items }: { readonly testSet: string; readonly items: readonly Encodable[] },
  { system, way, neighbours, features }: Omit<Required<WhyOptions>, "testSet">,
): Promise<Explained[]> {
  const { task } = results,
    runs = runsOf(results, system).get(testSet)!,
    lines = items.map((item) => lineOf(item, task.tokenizer, task.maxLength));
  const empty = lines.findIndex(({ words }) => words.length === 0);
  if (empty >= 0) throw new Error(`the text "${lines[empty].text}" has no word that could be marked`);
  const learnt = task.splits.find(({ name }) => name === testSet)!.train;
  const near = (scorer: Scorer) => {
    if (neighbours === 0) return lines.map(() => []);
    const known = scorer.vectors(
      encodeItems(
        learnt.map((item) => task.items[item]),
        task.tokenizer,
        task,
      ).texts,
    );
    return scorer.vectors(lines).map((vector) =>
      nearestTo(vector, known, neighbours).map(({ place, cosine }) => {
        const item = learnt[place];
        return { text: task.items[item].text, label: task.labels[item], cosine };
      }),
    );
  };
  const said: Answered[][] = [];
  let nearest: readonly Explained["nearest"][] =
    features === "frozen" ? await askingFrozen(runs[0], near) : [];
  for (const run of runs)
    await asking(run, (scorer) => {
      said.push(answersOf(scorer, lines, way));
      if (run === runs[0] && features === "fine-tuned") nearest = near(scorer);
    });
  return lines.map(({ text, words }, i) => ({
    ...{ text, words },
    ...together(said.map((answers) => answers[i])),
    nearest: nearest[i],
  }));
}

/**
 * What a system's seeds say of items, or of any texts, in their order.
 *
 *     const [{ words, marks }] = await explain(results, [{ text: "説明書が分かりにくい。" }], { system: "BERT last" });
 *
 * @throws as studyMarks() does; if no test set has the name, or a text has more tokens than are read, or no
 *   word
 */
export async function explain(
  results: Results,
  items: readonly (Encodable & { readonly id?: string })[],
  options: WhyOptions,
): Promise<Explained[]> {
  const asked = { way: "leave-one-out", neighbours: 2, features: "fine-tuned", ...options } as const,
    { system, way, neighbours, features } = asked;
  check("way", way, oneOf(...WAYS));
  check("features", features, oneOf("fine-tuned", "frozen"));
  check("neighbours", neighbours, whole(0));
  const bySet = runsOf(results, system),
    names = [...bySet.keys()],
    { testSet = names[0] } = options;
  if (!names.includes(testSet)) throw new Error(`no test set "${testSet}": ${meant(testSet, names)}`);
  const setOf = ({ id }: { readonly id?: string }) =>
    names.find((name) => id !== undefined && bySet.get(name)![0].result.items.includes(id)) ?? testSet;
  const found = new Map<object, Explained>();
  for (const [name, own] of grouped(items, setOf)) {
    const explained = await explainIn(results, { testSet: name, items: own }, asked);
    own.forEach((item, i) => found.set(item, explained[i]));
  }
  return items.map((item) => found.get(item)!);
}
