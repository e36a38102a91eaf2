export {
  type FeatureBatch,
  featureBatches,
  inSmallBatches,
  LEAST_ROWS,
  LEAST_TOKENS,
  pooledRows,
} from "./batches";
export { FeatureStore } from "./store";
