/** docs/facade.md, made from the docstrings of what notebooks import. */
import { join } from "node:path";
import { projectRoot } from "../../lib/support/files";
import { documented, page } from "../../packages/documentation";

export const FACADE = join(projectRoot, "lib", "index.ts");

const TITLE = `# The facade

What a notebook imports from \`./lib\`: texts as a task, an experiment on it, results shown, and what may be concluded. Made from the
docstrings by \`npm test -- --golden\`; the tests compile and run every example. In them \`task\` and \`lines\` are what reviewTask and
mangaTask give, \`results\` what run gives. [notebooks/template.ipynb](../notebooks/template.ipynb) is a whole notebook of it.`;

/** As a notebook goes; what is declared elsewhere comes last. */
const ORDER = ["study/task.ts", "study/experiment.ts", "study/results.ts", "study/conclusion.ts"];

const placeOf = (file: string) => [...ORDER, ""].findIndex((ending) => file.endsWith(ending));

export const facadePage = (): string =>
  page(
    TITLE,
    documented(FACADE).sort(
      (a, b) => placeOf(a.file) - placeOf(b.file) || a.file.localeCompare(b.file) || a.at - b.at,
    ),
  );
