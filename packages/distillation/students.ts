/** Four smaller classifiers that may learn from a teacher, each another way of being small. */
import { doc2vecModel } from "../../lib/experiment/doc2vec";
import type { ClassificationSettings } from "../../lib/experiment/spec";
import type { ModelChoice } from "../../lib/experiment/trials";
import { meant } from "../../lib/support/nearest";
import { recurrentFolder } from "../recurrent";
import { fewerLayers, narrower } from "./smaller";

export interface Student {
  /** The model of a seed's trial. */
  readonly model: (seed: number) => Promise<ModelChoice>;
  readonly settings: Partial<ClassificationSettings>;
}

/** Of the four; `npm run bench` measures speeds and memory of the same ones (rows classify-…). */
export const SIZES = {
  /** Half of the built-in model's. */
  layers: 2,
  /** A quarter of the built-in model's numbers in each layer. */
  narrow: { layers: 2, hidden: 128, heads: 2 },
  /** That of notebook 08. */
  lstm: { hidden: 64 },
  doc2vec: { minCount: 2 },
} as const;

/** What `npm run bench` calls each: rows classify-WAY-32 and so on. */
export const WAYS: Readonly<Record<string, string>> = {
  "2 layers": "layers",
  narrow: "narrow",
  BiLSTM: "lstm",
  "doc2vec + MLP": "doc2vec",
};

interface Given {
  /** The encoder whose beginning, or whose tokenizer, two of them have. */
  readonly model: string;
  /** Those that are learnt from, labelled or not: vocabularies are made of them, and doc2vec. */
  readonly texts: readonly string[];
  readonly epochs: number;
  /** Of a pre-trained last layer. */
  readonly learningRate: number;
  /** The names of those that are wanted, in this order; all if left out. */
  readonly only?: readonly string[];
}

/**
 * Half the layers, the last one trained; a narrow encoder from random weights; a BiLSTM from random
 * weights; a multilayer perceptron over doc2vec's vectors. What begins at random has the learning rate that
 * is usual for it; the BiLSTM, whose epochs take little time, twice as many of them, the perceptron four
 * times as many.
 * @throws with the names that there are if one is none of them
 */
export function studentsOf({ model, texts, epochs, learningRate, only }: Given): Record<string, Student> {
  const all: Readonly<Record<string, Student>> = {
    "2 layers": {
      model: () => fewerLayers(model, SIZES.layers),
      settings: { freeze: "last", pooling: "mean", epochs, learningRate },
    },
    narrow: {
      model: () => narrower(model, SIZES.narrow),
      settings: { pretrained: false, pooling: "mean", epochs, learningRate: 1e-3 },
    },
    BiLSTM: {
      model: () => recurrentFolder(texts, SIZES.lstm),
      settings: { epochs: 2 * epochs, learningRate: 1e-3 },
    },
    "doc2vec + MLP": {
      model: (seed) => doc2vecModel(texts, { ...SIZES.doc2vec, seed }),
      settings: { freeze: "fixed", head: "3MLP", epochs: 4 * epochs, learningRate: 2e-3 },
    },
  };
  const names = only ?? Object.keys(all),
    unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined)
    throw new Error(`students: there is no "${unknown}"; ${meant(unknown, Object.keys(all))}`);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}
