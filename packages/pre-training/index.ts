export { maskedWordLoss, maskedWordScores } from "./masked-loss";
export { type MaskedBatch, maskedBatch, packProse, type Sequences } from "./masking";
export { tokenTexts } from "./tokens";
