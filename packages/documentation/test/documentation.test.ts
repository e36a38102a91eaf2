/** What is read of a module: what it exports from another file, and the options of its functions. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { documented, page } from "..";

const folder = mkdtempSync(join(tmpdir(), "komalab-documentation-"));
after(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(
  join(folder, "inner.ts"),
  `/**
 * Adds two
 * numbers.
 *
 *     const three = add(1, { and: 2 });
 *
 * @throws if one is no number
 */
export const add = (one: number, { and }: AddOptions): number => one + and;
interface Places {
  readonly places?: "all" | "whole";
}
/** What add() takes. */
export interface AddOptions extends Places {
  /** The other one. */
  readonly and: number;
}
interface Rounding {
  /** After the point. */
  readonly digits: number;
}
interface TakeOptions {
  /** How many. */
  readonly most?: number;
  readonly round?: Rounding;
  readonly names: readonly string[];
}
export function take(from: number, { most }: TakeOptions): void {}
export function drop(from: number, options: Omit<TakeOptions, "most">): void {}
export const twice = ({ digits }: Rounding): number => 2 * digits;
`,
);
writeFileSync(
  join(folder, "index.ts"),
  'export { add, drop, take, twice, type AddOptions } from "./inner";\n',
);
const all = documented(join(folder, "index.ts"));

test("a function has its words in one line, how it is called, what it throws and its example", () => {
  const { words, signature, throws, example, kind } = all.find(({ name }) => name === "add")!;
  assert.deepEqual(
    { words, signature, throws, example, kind },
    {
      words: "Adds two numbers.",
      signature: "add(one, addOptions)",
      throws: ["if one is no number"],
      example: "const three = add(1, { and: 2 });",
      kind: "value",
    },
  );
});

test("an interface has its fields, inherited ones too, and is no value", () => {
  const { kind, fields } = all.find(({ name }) => name === "AddOptions")!;
  assert.deepEqual(
    { kind, fields },
    {
      kind: "type",
      fields: [
        { name: "and", isOptional: false, type: "number", words: "The other one.", names: [] },
        { name: "places", isOptional: true, type: '"all" | "whole"', words: "", names: [] },
      ],
    },
  );
});

const sections = new Map(
  page("# T", all)
    .split("\n## ")
    .map((section) => [section.split("\n")[0], section]),
);

test("options whose type is not exported are listed below the first function, and linked from others", () => {
  assert.match(
    sections.get("take")!,
    /^Fields of `takeOptions`:\n\n- `most\?: number`: How many\.\n- `round\?: Rounding` .*, `names: string\[\]`$/m,
  );
  assert.match(sections.get("drop")!, /^Fields of `options`: those of \[take\]\(#take\), without `most`$/m);
});

test("options whose type is exported are linked", () =>
  assert.match(sections.get("add")!, /^Fields of `addOptions`: \[AddOptions\]\(#addoptions\)$/m));

test("an object that options name is a section of its own, and linked", () => {
  assert.match(sections.get("take")!, /`round\?: Rounding` \(\[Rounding\]\(#rounding\)\)/);
  assert.match(sections.get("Rounding")!, /^- `digits: number`: After the point\.$/m);
});

test("what is no options object lists nothing: the only parameter, a number", () =>
  assert.doesNotMatch(sections.get("twice")!, /Fields of/));

test("a page has a heading for each, with the example as code", () =>
  assert.match(
    page("# T", all),
    /^# T\n\n## add\n\n`add\(one, addOptions\)`\n\nAdds two numbers\.[\s\S]*```ts\nconst three/m,
  ));

test("what is no module is refused by its path", () =>
  assert.throws(() => documented(join(folder, "none.ts")), /none\.ts is no module/));
