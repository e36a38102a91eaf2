/** What a batch of texts goes through from text to class, in TensorFlow: for the benches that classify. */
import { classifier } from "../lib/models/heads";
import { applyLayers, type Model } from "../lib/models/model";
import { fill, loadPretrained } from "../lib/models/pretrained";
import { Random } from "../lib/support/random";
import { BatchLoader } from "../lib/train/batches";
import { logitsOf } from "../lib/train/predict";
import { openEngine } from "../packages/tfjs-graph";
import { openTokenizer, type TokenIds } from "../packages/tokenizer";
import { BUILTIN_MODEL } from "../test/builtin";

export type Classify = (batch: readonly string[]) => unknown;
export type Encode = (text: string) => TokenIds;

/** The built-in model with a new head, and what makes its tokens. */
export async function builtinModel(
  classes: number,
): Promise<{ readonly model: Model; readonly encode: Encode }> {
  const tokenizer = await openTokenizer(BUILTIN_MODEL),
    pretrained = loadPretrained(BUILTIN_MODEL),
    { maxPositions: maxLength } = pretrained.encoder.config;
  const made = classifier(pretrained.encoder, { head: "linear", classes, pooling: "mean" }, new Random(1));
  return { model: fill(made, pretrained).model, encode: (text) => tokenizer.encode(text, { maxLength }) };
}

/** @param texts one of them is enough: the shapes of inputs are known by it */
export function byTensorFlow(
  { layers, weights, maxTokens: longest }: Pick<Model, "layers" | "weights" | "maxTokens">,
  encode: Encode,
  { texts, batchSize }: { readonly texts: readonly string[]; readonly batchSize: number },
): Classify {
  const shapes = new BatchLoader([encode(texts[0])], { batchSize, longest }).shapes(false);
  const engine = openEngine({
    weights,
    outputs: (context) => applyLayers(layers, null, context),
    outputShapes: [shapes],
  });
  return (batch) => logitsOf(new BatchLoader(batch.map(encode), { batchSize, longest }), engine);
}
