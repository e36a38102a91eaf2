export { writePlan } from "./plan";
