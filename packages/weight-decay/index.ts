export { type Course, type CourseOptions, courses, type Decay } from "./courses";
export {
  type DecayGroup,
  decayGroups,
  type GroupNorms,
  groupNorms,
  loggedNorms,
  type NormsAt,
  shrinkage,
  stepsToShrink,
} from "./groups";
export { endNorms, normsChart, showNorms, showTunedNorms } from "./norms";
export { decaySystems, percentTaken, showCourses, showGroups, showShrinkage } from "./show";
