export {
  only,
  restore,
  type SnapshotSettings,
  TrainingSnapshots,
  tensorsOf,
  withPrefix,
} from "./snapshots";
