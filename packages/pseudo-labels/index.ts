export {
  confident,
  type Labelling,
  type PseudoLabelExperiment,
  type PseudoLabelled,
  pseudoLabelRuns,
  type Taken,
} from "./rounds";
export { showPseudoLabels } from "./show";
export { type Hidden, type Unlabelled, withHidden, withTexts } from "./unlabelled";
