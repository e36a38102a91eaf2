export {
  EQUAL_TOKENS,
  type FeatureBatch,
  featureBatches,
  inEqualBatches,
  LEAST_ROWS,
  LEAST_TOKENS,
  pooledRows,
} from "./batches";
export { FeatureStore } from "./store";
