/** Golden logits and gradients of small networks with random weights. */
import "./one-thread";
import { bertEncoder } from "../../lib/models/bert";
import type { BertConfig } from "../../lib/models/bert/config";
import { BERT_NAMES } from "../../lib/models/bert/names";
import {
  type ClassifierOptions,
  classifier as classifierOf,
  type Head,
  vectorClassifier,
} from "../../lib/models/heads";
import { applyLayers, type Model } from "../../lib/models/model";
import { segmentsAlike } from "../../lib/models/pretrained";
import { Random } from "../../lib/support/random";
import { labelInputs, tokenInputs } from "../../lib/train/batches";
import { ADAM } from "../../lib/train/optimizer";
import { tensorflowRelease } from "../../lib/versions";
import { maskedWordLoss, maskedWordScores } from "../../packages/pre-training/masked-loss";
import { ready, type Tensor } from "../../packages/tfjs-graph/backend";
import { openEngine } from "../../packages/tfjs-graph/engine";
import { type HostInputs, type StepContext, shapesOf } from "../../packages/tfjs-graph/engine-types";
import { crossEntropy } from "../../packages/tfjs-graph/ops";
import { scaleByAdam } from "../../packages/tfjs-graph/optimizer";
import { golden } from "./check";
import { CONFIG, scaled, textsOf, wider } from "./networks";

const [ROWS, TOKENS] = [6, 20];
const { texts, labels } = textsOf({ count: ROWS - 1, longest: TOKENS, classes: 3 }, 7);
const TEXTS = tokenInputs(texts, ROWS, TOKENS); // the last row only fills up
const LABELS = labelInputs(labels, [1, 2, 0.5, 1, 1], ROWS);

type Inputs = StepContext["inputs"];

interface Pass {
  readonly inputs?: HostInputs;
  readonly loss?: (logits: Tensor, inputs: Inputs) => Tensor;
  /** What is kept beside the loss; the logits themselves if left out. */
  readonly auxOf?: (logits: Tensor, inputs: Inputs) => Tensor;
  /** Parameters whose gradients are kept. */
  readonly of?: RegExp;
}

/** The gradient of a key's bias is 0 but for rounding, since softmax takes no notice of it. */
const ALL = /(?<!key\.bias)$/;

/** The logarithm of a gradient's norm, and the parts of its direction along two vectors of random signs. */
function measured(gradient: Float32Array): Float32Array {
  const norm = Math.hypot(...gradient),
    random = new Random(gradient.length);
  const along = () => gradient.reduce((sum, x) => sum + (random.uint32() >>> 31 ? x : -x), 0) / norm;
  return Float32Array.of(Math.log(norm), along(), along());
}

/**
 * A pass forward and back as training makes it, without dropout. Gradients come as the first moments of Adam
 * with beta1 = 0.
 */
async function pass(
  model: Model,
  {
    inputs = { ...TEXTS, ...LABELS },
    loss: lossOf = (logits, { labels, weights }) => crossEntropy(logits, labels, weights),
    auxOf = (logits) => logits,
    of = ALL,
  }: Pass = {},
) {
  await ready();
  const engine = openEngine({
    weights: model.weights,
    trainable: Object.keys(model.weights),
    optimizer: [scaleByAdam({ ...ADAM, beta1: 0 })],
    trainShapes: [shapesOf(inputs)],
    mode: "eager", // traced steps, which differ in the last bits, are in the trainings
    loss: (context) => {
      const logits = applyLayers(model.layers, null, { ...context, dropout: (x) => x });
      return { loss: lossOf(logits, context.inputs), aux: auxOf(logits, context.inputs) };
    },
  });
  const { loss, aux } = engine.step(inputs, { learningRate: 0, seed: 0 });
  const { firstMoments } = engine.optimizerState();
  engine.dispose();
  const gradients = Object.entries(firstMoments).flatMap(([name, { data }]) =>
    of.test(name) ? [[`gradient of ${name}`, measured(data as Float32Array)] as const] : [],
  );
  return { loss: [loss], outputs: aux?.data ?? [], ...Object.fromEntries(gradients) };
}

const classifier = (config: BertConfig, options: ClassifierOptions) =>
  classifierOf(bertEncoder(wider(config)), options, new Random(1));
const vectors = (head: Head) => {
  const random = new Random(4);
  const rows = Float32Array.from({ length: 3 * 16 }, () => random.normal());
  const model = vectorClassifier({ shape: [3, 16], data: rows }, { head, classes: 3 }, new Random(5));
  const ids = { shape: [ROWS, 1], data: LABELS.labels.data };
  return pass(model, { inputs: { ids, ...LABELS } });
};

golden({
  component: "network",
  tensorflow: tensorflowRelease() ?? "wasm",
  constants: { config: CONFIG },
  cases: {
    "random numbers": () => {
      const random = new Random(20);
      const drawn = [4, 3, 5].map((count) => Array.from({ length: count }, () => random.uniform()));
      return {
        uniform: drawn.flat(),
        integers: Array.from({ length: 8 }, () => random.integer(1000)),
        normal: Array.from({ length: 8 }, () => random.normal()),
        shuffled: random.shuffled([...Array(12).keys()]),
        fork: [random.fork().uniform(), random.uniform()],
      };
    },
    "initial weights": ({ config }) => {
      const models = (["linear", "3MLP"] as const).map((head) => classifier(config, { head, classes: 3 }));
      const weights = models.flatMap((model) => Object.entries(model.weights));
      return {
        "logarithm of the root mean square": weights.flatMap(([, { data }]) => {
          const square = Array.from(data).reduce((sum, x) => sum + x * x, 0) / data.length;
          return square === 0 ? [] : [Math.log(square) / 2]; // biases are 0
        }),
        last: Float32Array.from(weights, ([, { data }]) => data[data.length - 1]),
      };
    },
    "CLS, GELU, linear": ({ config }) => pass(classifier(config, { head: "linear", classes: 3 })),
    "mean, GELU by tanh, 3MLP": ({ config }) =>
      pass(classifier({ ...config, activation: "gelu_new" }, { head: "3MLP", classes: 3, pooling: "mean" })),
    "own tokens, ReLU, linear, segments alike": ({ config }) =>
      pass(
        segmentsAlike(
          classifier(
            { ...config, activation: "relu" },
            { head: "linear", classes: 3, pooling: "target-mean" },
          ),
          BERT_NAMES,
        ),
      ),
    "vectors, 3MLP": () => vectors("3MLP"),
    "vectors, linear": () => vectors("linear"),
    "masked words": ({ config }) => {
      const places = { shape: [5], data: Int32Array.of(1, 2, 21, 45, 0) };
      const words = { shape: [5], data: Int32Array.of(17, 4, 99, 30, 0) };
      const counts = { shape: [5], data: Float32Array.of(1, 1, 1, 1, 0) };
      return pass(bertEncoder(wider(config)).maskedWords(new Random(2)), {
        inputs: { ...TEXTS, places, words, counts },
        loss: maskedWordLoss,
        auxOf: maskedWordScores,
        of: /predictions/,
      });
    },
    // as faint as layer norm's epsilon
    "faint embeddings": ({ config }) =>
      pass(scaled(classifier(config, { head: "3MLP", classes: 3 }), /_embeddings/, 1e-5), {
        of: /embeddings/,
      }),
  },
  changes: [
    { constant: "config.layerNormEpsilon", to: 1e-5, of: "faint embeddings" },
    { constant: "config.layerNormEpsilon", to: 1e-13, of: "faint embeddings" },
    { constant: "config.initializerRange", to: 0.021, of: "initial weights" },
    { constant: "config.initializerRange", to: 0.021, of: "CLS, GELU, linear" },
  ],
});
