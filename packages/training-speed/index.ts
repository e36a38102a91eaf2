export { type LiveOptions, type LiveRun, liveSteps } from "./live";
export {
  type Effect,
  effectOf,
  memoryOf,
  ratioInWords,
  readTips,
  type TipRow,
  type Tips,
  verdictOf,
} from "./measured";
export { effectsOf, showLive, showTips, showWaterfall, wholeWay } from "./show";
export { TIPS, type Tip } from "./tips";
export { waterfall, wayOf } from "./waterfall";
