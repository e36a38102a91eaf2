export { chooseRun } from "./choose";
export { type Demo, type DemoOptions, demoOf, distanceOf } from "./demo";
export { type DemoPage, type Distance, demoPage } from "./page";
export { readerOf } from "./reading";
