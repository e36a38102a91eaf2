/** The methods of making new lines from training lines, by the names that a setting gives them. */

import type { Split } from "../../lib/data/split";
import { readTexts } from "../../lib/data/texts";
import { doc2vecModel, openDoc2vec } from "../../lib/experiment/doc2vec";
import { loadPretrained } from "../../lib/models/pretrained";
import type { OnProgress } from "../../lib/support/progress";
import { Random } from "../../lib/support/random";
import { remembered } from "../../lib/support/remembered";
import type { Tokenizer } from "../tokenizer";
import { type Change, deleteWords, insertWords, replaceWords, type Similar, swapWords } from "./augment";
import { maskedReplacements } from "./masked-words";
import { similarWords } from "./similar-words";
import { readBackTranslations, readSynonyms } from "./synonyms";

/** Methods that need no file; each has a row of its own in a table. */
export const COPYING = ["swap", "delete", "insert", "doc2vec", "bert", "masked"] as const;
export type CopyingMethod = (typeof COPYING)[number];

export interface CopyOptions {
  readonly splits: readonly Split[];
  readonly methods: readonly CopyingMethod[];
  /** A folder with a BERT, and its tokenizer. */
  readonly model: string;
  readonly tokenizer: Tokenizer;
  /** Of a line's words, how many are changed; at least one. */
  readonly share: number;
  /** New lines from each training line. */
  readonly copies: number;
  /** Texts, beside the training lines, of which doc2vec learns its neighbours. */
  readonly doc2vecTexts: string;
  /** Files that add a method each, or "". */
  readonly synonyms: string;
  readonly backTranslations: string;
  readonly onProgress?: OnProgress;
}

export interface Copies {
  /** The method in words. */
  readonly system: string;
  /** For every text its copies; none of a text that no split learns from. */
  readonly copies: readonly (readonly string[])[];
}

const NEIGHBOURS = 5;
/** Words among which a masked one is drawn. */
const CANDIDATES = 10;

/** Neighbours of a doc2vec that has read no line that is judged. */
async function nearInDoc2vec(texts: readonly string[]): Promise<Similar> {
  const vectors = openDoc2vec((await doc2vecModel(texts, { minCount: 3, epochs: 40 })).folder);
  const known = new Map<string, readonly string[]>();
  return (word) =>
    remembered(known, word, () =>
      vectors.word(word) === undefined
        ? []
        : vectors.similarWords(word, NEIGHBOURS).map(({ index }) => vectors.vocabulary[index]),
    );
}

/**
 * Copies of texts by each method, in the order of COPYING and then of the files.
 * @throws if a file is not as it should be, or the model cannot fill in masked words
 */
export async function copiesBy(texts: readonly string[], options: CopyOptions): Promise<Copies[]> {
  const { splits, methods, model, tokenizer, share, copies: count, onProgress } = options;
  const words = texts.map((text) => tokenizer.words(text));
  const learnt = [...new Set(splits.flatMap(({ train }) => train))].sort((a, b) => a - b),
    isLearnt = new Set(learnt),
    isJudged = new Set(splits.flatMap(({ validation, test }) => [...validation, ...test]));
  const pretrained = loadPretrained(model);
  const nearInBert = similarWords(
    tokenizer.vocabulary,
    pretrained.weights[pretrained.encoder.names.wordEmbeddings],
    NEIGHBOURS,
  );

  /** Every method draws from the same beginning, so that its copies do not depend on the others. */
  const changed = (change: (own: readonly string[], by: Change) => readonly string[]) => {
    const random = new Random(1);
    return words.map((own, item) =>
      isLearnt.has(item)
        ? Array.from({ length: count }, () => change(own, { share, random: random.fork() }).join(""))
        : [],
    );
  };
  const replaced = (similar: Similar) => changed((own, by) => replaceWords(own, by, similar));
  const masked = async () => {
    const random = new Random(1),
      own = learnt.map((item) => texts[item]),
      rounds: string[][] = [];
    for (let copy = 0; copy < count; copy++)
      rounds.push(
        await maskedReplacements(own, {
          pretrained,
          tokenizer,
          share,
          candidates: CANDIDATES,
          random: random.fork(),
          onProgress,
        }),
      );
    const placeOf = new Map(learnt.map((item, place) => [item, place]));
    return texts.map((_, item) => {
      const place = placeOf.get(item);
      return place === undefined ? [] : rounds.map((round) => round[place]);
    });
  };
  const backTranslated = (path: string) => {
    const back = readBackTranslations(path);
    return texts.map((text, item) => (isLearnt.has(item) ? (back.get(text) ?? []) : []));
  };

  type Made = Copies["copies"];
  const byName: Readonly<Record<CopyingMethod, readonly [system: string, make: () => Made | Promise<Made>]>> =
    {
      swap: ["words swapped", () => changed(swapWords)],
      delete: ["words left out", () => changed(deleteWords)],
      insert: ["words inserted", () => changed((own, by) => insertWords(own, by, nearInBert))],
      doc2vec: [
        "doc2vec neighbours",
        async () =>
          replaced(
            await nearInDoc2vec([
              ...readTexts(options.doc2vecTexts),
              ...texts.filter((_, item) => !isJudged.has(item)),
            ]),
          ),
      ],
      bert: ["BERT neighbours", () => replaced(nearInBert)],
      masked: ["masked words", masked],
    };
  const made: Copies[] = [];
  for (const method of COPYING.filter((name) => methods.includes(name))) {
    const [system, make] = byName[method];
    made.push({ system, copies: await make() });
  }
  if (options.synonyms !== "") {
    const lexicon = readSynonyms(options.synonyms);
    made.push({ system: "synonyms", copies: replaced((word) => lexicon.get(word) ?? []) });
  }
  if (options.backTranslations !== "")
    made.push({ system: "back-translation", copies: backTranslated(options.backTranslations) });
  return made;
}
