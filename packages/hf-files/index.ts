export { modelFolder } from "./hub";
export { isObject, type Json, readObject } from "./json";
export { encodeHalf } from "./numbers";
export { readPresent } from "./present";
export { readPyTorch } from "./pytorch";
export { readMetadata, readSafetensors, safetensorsPieces, writeSafetensors } from "./safetensors";
export { type Shards, shardsOf, WEIGHT_FILES } from "./shards";
