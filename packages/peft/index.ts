export { type Adapter, adapterOf, isAdapter, mergeAdapter, readAdapter, writeAdapter } from "./adapter";
