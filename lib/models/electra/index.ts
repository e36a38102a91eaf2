/**
 * ELECTRA's discriminator (Clark et al. 2020), as one of the registry's encoders: BERT's network, whose
 * embeddings may be narrower.
 */
import { encoderLikeBert } from "../bert";
import type { BertConfig } from "../bert/config";
import { ELECTRA_NAMES, partsOf } from "./names";

/** An ELECTRA of this configuration. */
export const electraEncoder = (config: BertConfig) =>
  encoderLikeBert(
    { config, parts: partsOf(config), activation: "gelu", poolerDropout: true },
    { names: ELECTRA_NAMES, modelType: "electra" },
  );
