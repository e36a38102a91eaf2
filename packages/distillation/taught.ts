/** A data set in which a teacher has answered the texts that are to be learnt from. */
import { encodeItems, limitOf } from "../../lib/data/encode";
import type { Split } from "../../lib/data/split";
import { type Example, loadDataset, type StoredDataset, storeDataset } from "../../lib/experiment/dataset";
import { isEncoder } from "../../lib/experiment/doc2vec";
import { prepare } from "../../lib/experiment/prepare";
import type { TrialRun } from "../../lib/experiment/spec";
import { bestClass, predict } from "../../lib/train/predict";
import { trainedModel } from "../export";
import { openTokenizer } from "../tokenizer";

/**
 * Logits up to a number that softmax forgets, to three places: the last bits of another processor give the
 * same data set, and so the same run, nearly always.
 */
const logitsOf = (probabilities: readonly number[]): number[] =>
  probabilities.map((p) => Number(Math.log(Math.max(p, Number.MIN_VALUE)).toFixed(3)));

interface Taught {
  readonly dataset: StoredDataset;
  /** Validation and test items are those of the teacher. */
  readonly split: Split;
}

/**
 * The data set of a run with its logits beside each training text, and behind it texts without labels, which
 * have the teacher's answer as their label too. Unlabelled texts that are also in the data set are left out,
 * so that no test text is learnt from; so are those that the teacher cannot read whole.
 * @throws if the teacher has no encoder, diverged, or came without its weights
 */
export async function taughtBy(teacher: TrialRun, unlabelled: readonly string[]): Promise<Taught> {
  const { dataset, split, model: source, settings, system } = teacher.trial;
  if (!isEncoder(source.folder))
    throw new Error(`${system} cannot teach: it has no encoder; let a BERT be the teacher`);
  const model = await trainedModel(teacher),
    { freeze, cache } = await prepare(teacher.trial),
    tokenizer = await openTokenizer(source.folder);
  const examples = loadDataset(dataset),
    known = new Set(examples.map(({ text }) => text));
  const more = [...new Set(unlabelled)]
    .filter((text) => !known.has(text))
    .map((text, i): Example => ({ id: `unlabelled ${i + 1}`, text, label: 0 }));
  const asked = [...split.train.map((i) => examples[i]), ...more],
    limit = limitOf({ ...settings, maxLength: Math.min(settings.maxLength, model.maxTokens ?? Infinity) });
  const { items, texts } = encodeItems(asked, tokenizer, limit),
    answers = await predict(model, texts, { freeze, cache });
  const logits = new Map(items.map(({ id }, i) => [id, logitsOf(answers[i].probabilities)]));
  const labelled = examples.map((one, i) =>
    split.train.includes(i) && logits.has(one.id) ? { ...one, logits: logits.get(one.id) } : one,
  );
  const others = more.flatMap((one) => {
    const own = logits.get(one.id);
    return own ? [{ ...one, label: bestClass(own), logits: own }] : [];
  });
  return {
    dataset: storeDataset([...labelled, ...others]),
    split: {
      ...split,
      train: [
        ...split.train.filter((i) => logits.has(examples[i].id)),
        ...others.map((_, i) => examples.length + i),
      ],
    },
  };
}
