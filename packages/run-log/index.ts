export { RunLog, readMetrics, readStatus, SILENCE_MS, type Status, type StepMetrics } from "./log";
