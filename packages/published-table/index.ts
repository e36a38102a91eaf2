export { claims, systemRows } from "./claims";
export { pastedTable } from "./paste";
export { type PublishedTable, readPublished } from "./published";
export { publishedTable } from "./show";
