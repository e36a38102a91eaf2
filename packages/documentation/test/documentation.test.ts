/** What is read of a module: two exports, of which one comes from another file. */
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
/** What add() takes. */
export interface AddOptions {
  /** The other one. */
  readonly and: number;
}
`,
);
writeFileSync(join(folder, "index.ts"), 'export { add, type AddOptions } from "./inner";\n');
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

test("an interface has its properties, and is no value", () => {
  const { kind, properties } = all.find(({ name }) => name === "AddOptions")!;
  assert.deepEqual(
    { kind, properties },
    { kind: "type", properties: [{ name: "and", words: "The other one." }] },
  );
});

test("a page has a heading for each, with the example as code", () =>
  assert.match(
    page("# T", all),
    /^# T\n\n## add\n\n`add\(one, addOptions\)`\n\nAdds two numbers\.[\s\S]*```ts\nconst three/m,
  ));

test("what is no module is refused by its path", () =>
  assert.throws(() => documented(join(folder, "none.ts")), /none\.ts is no module/));
