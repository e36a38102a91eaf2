/** A search in a process of its own, which a test kills: node killed-search.ts FOLDER, as runsFolder() sets it up. */
import { search } from "..";
import { SEARCH, tinyTask } from "./tiny-task";

const main = async () => void (await search(await tinyTask(process.argv[2]!), SEARCH));
void main();
