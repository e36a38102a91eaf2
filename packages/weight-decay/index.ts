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
export {
  decaySystems,
  percentTaken,
  showCourses,
  showGroups,
  showNorms,
  showShrinkage,
  showTunedNorms,
} from "./show";
