export { FeatureStore } from "./store";
