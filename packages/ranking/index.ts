export { calibrationError, type ReliabilityBin, reliabilityBins } from "./calibration";
export { averagePrecision, rocAuc } from "./ranking";
