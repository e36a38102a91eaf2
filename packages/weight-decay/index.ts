export { type Course, type CourseOptions, courses, type Decay } from "./courses";
export { type DecayGroup, decayGroups, endNorms, normOf, shrinkage, stepsToShrink } from "./groups";
export {
  decaySystems,
  percentTaken,
  showCourses,
  showEndNorms,
  showGroups,
  showNorms,
  showShrinkage,
} from "./show";
