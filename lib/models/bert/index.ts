/** BERT (Devlin et al. 2019), as one of the registry's encoders. */
import type { Encoder, EncoderNames } from "../encoder";
import { mapShapes, normShapes } from "../layers";
import { withMaskedWords } from "../masked-words";
import { type BertConfig, configJson } from "./config";
import { BERT_NAMES, MASKED_WORDS, PARTS } from "./names";
import { type BertLike, bertNetwork, bertShapes } from "./network";

type OfBert = Encoder & { readonly config: BertConfig };

interface Kind {
  readonly names: EncoderNames;
  /** bert if left out. */
  readonly modelType?: string;
  /** Where config.json has other fields than BERT's. */
  readonly configJson?: typeof configJson;
  /** The names of the masked-word head's parts, if its pre-training has one. */
  readonly maskedWords?: Readonly<Record<"dense" | "norm" | "bias", string>>;
}

/** An encoder that computes as BERT does; maskedWords() throws where its pre-training had no such head. */
export function encoderLikeBert(like: BertLike, kind: Kind): OfBert {
  const { names, maskedWords: head, modelType, configJson: json = configJson } = kind,
    { config } = like,
    { hiddenSize, vocabularySize, activation, layerNormEpsilon: epsilon } = config;
  return {
    names,
    config,
    shapes: bertShapes(like),
    network: (random, pooling = "cls") => bertNetwork(like, random, pooling),
    maskedWords(random) {
      if (!head)
        throw new Error(
          `${names.title} is pre-trained without a head for masked words: fill in words with a BERT, DistilBERT, RoBERTa or ModernBERT`,
        );
      const shapes = {
        [head.bias]: [vocabularySize],
        ...mapShapes(head.dense, hiddenSize, hiddenSize),
        ...normShapes(head.norm, hiddenSize),
      };
      const encoder = bertNetwork(like, random, "none");
      return withMaskedWords(
        encoder,
        { ...head, config, activation, epsilon, words: names.wordEmbeddings, shapes },
        random,
      );
    },
    configJson: (more) => json(config, { ...more, ...(modelType && { model_type: modelType }) }),
  };
}

/** A BERT of this configuration. */
export const bertEncoder = (config: BertConfig): OfBert =>
  encoderLikeBert(
    { config, parts: PARTS, activation: "tanh", poolerDropout: false },
    { names: BERT_NAMES, maskedWords: MASKED_WORDS },
  );
