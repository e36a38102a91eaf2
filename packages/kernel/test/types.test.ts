import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

test("the running Node has what es2023.d.ts declares", () => {
  const text = readFileSync(join(__dirname, "..", "es2023.d.ts"), "utf8");
  const members = new Map(
    [...text.matchAll(/^interface (\w+)[^{]*\{(.*?)\}$/gms)].map(([whole, name, body]) => {
      const inherited = /extends (.*) \{/.exec(whole)?.[1].match(/\w+(?=<)/g) ?? [];
      return [name, { inherited, own: [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, member]) => member) }];
    }),
  );
  const missing = [...members].flatMap(([name, { inherited, own }]) => {
    const type = (globalThis as Record<string, unknown>)[name.replace("Readonly", "")];
    if (typeof type !== "function") return [];
    const all = [...own, ...inherited.flatMap((base) => members.get(base)?.own ?? [])];
    assert.ok(all.length > 0, name);
    return all.filter((member) => !(member in type.prototype)).map((member) => `${name}.${member}`);
  });
  assert.deepEqual(missing, []);
});
