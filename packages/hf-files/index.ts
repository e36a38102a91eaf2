export { modelFolder } from "./hub";
export { readPyTorch } from "./pytorch";
export { readMetadata, readSafetensors, safetensorsPieces, writeSafetensors } from "./safetensors";
export { shardsOf, WEIGHT_FILES } from "./shards";
