import assert from "node:assert/strict";
import { test } from "node:test";
import { inject, resolveSettings, textOf } from "..";
import type { Settings } from "../notebook";
import { code, notebook } from "./sample";

const CELL = `let epochs = 100; // as in the paper
let seeds: readonly number[] = [1, 2];
// which layers are trained
let mode: "all" | "last" = "all";
let label = "喜楽";
const fixed = 3;`;

const request = (source = CELL, quick?: Settings) => ({
  name: "01-test",
  notebook: notebook([code(source, "parameters")], quick),
});
const values = (set: readonly string[], quick?: Settings) =>
  Object.fromEntries(
    resolveSettings([request(CELL, quick)], { quick: true, set })[0]!.map(({ name, value, from }) => [
      name,
      `${value} ${from}`,
    ]),
  );
const message = (set: readonly string[], quick?: Settings): string => {
  try {
    resolveSettings([request(CELL, quick), { name: "02-other", notebook: notebook([]) }], {
      quick: true,
      set,
    });
  } catch (error) {
    return (error as Error).message;
  }
  return "no error";
};

test("a notebook's own settings stand where nobody asks for others", () => {
  assert.deepEqual(values([]), {
    epochs: "100 notebook",
    seeds: "[1, 2] notebook",
    mode: '"all" notebook',
    label: '"喜楽" notebook',
  });
});

test("--set goes before quick, quick before the notebook's own", () => {
  assert.deepEqual(values(["epochs=3"], { epochs: 2, label: "驚愕" }), {
    epochs: "3 --set",
    seeds: "[1, 2] notebook",
    mode: '"all" notebook',
    label: '"驚愕" quick',
  });
});

test("--full leaves the quick settings out", () => {
  assert.equal(
    resolveSettings([request(CELL, { epochs: 2 })], { quick: false, set: [] })[0]![0]!.value,
    "100",
  );
});

test("a value is read as the type of its parameter asks: number, text, list, one of some words", () => {
  assert.deepEqual(values(["epochs=1e2", "label=3", "seeds=4,5", "mode=last"]), {
    epochs: "100 --set",
    label: '"3" --set',
    seeds: "[4,5] --set",
    mode: '"last" --set',
  });
});

test("types and reasons are told as the cell gives them", () => {
  const [epochs, , mode] = resolveSettings([request()], { quick: true, set: [] })[0]!;
  assert.deepEqual(
    [epochs!.type, epochs!.reason, mode!.type, mode!.reason],
    ["number", "as in the paper", '"all" | "last"', "which layers are trained"],
  );
});

test("an unknown name is an error that suggests the near one and lists every notebook's names", () => {
  const text = message(["epoch=3"]);
  assert.match(text, /--set epoch: no selected notebook .* did you mean epochs\?/);
  assert.match(text, /01-test knows\n {4}epochs: number = 100 {2}\(as in the paper\)/);
  assert.match(text, /02-other knows\n {4}no parameters/);
});

test("a constant is no parameter", () =>
  assert.match(message(["fixed=4"]), /--set fixed: no selected notebook/));

test("wrong types are all told at once, with the notebook's name", () => {
  const text = message(["epochs=many", "mode=first"]);
  assert.match(text, /01-test, --set epochs=many: Type 'string' is not assignable to type 'number'/);
  assert.match(text, /01-test, --set mode=first: Type '"first"' is not assignable/);
});

test("a quick setting that the notebook does not know or of a wrong type is an error", () => {
  assert.match(
    message([], { epoch: 2 }),
    /01-test, "quick": epoch = 2: the notebook has no parameter of that name/,
  );
  assert.match(
    message([], { epochs: "2" }),
    /"quick": epochs = "2": Type 'string' is not assignable to type 'number'/,
  );
});

test("a word without = is an error", () =>
  assert.match(message(["epochs"]), /--set epochs: expected name=value/));

test("a parameters cell that does not stand alone is an error that names its line", () => {
  assert.throws(
    () => resolveSettings([request("let a = 1;\nlet mode: Mode = 1;")], { quick: true, set: [] }),
    /01-test, parameters cell, line 2: Cannot find name 'Mode'/,
  );
});

test("the cell may import the types it names", () => {
  const cell = `import type { Progress } from "./lib/support/progress";\nlet shown: keyof Progress = "task";`;
  assert.throws(
    () => resolveSettings([request(cell)], { quick: true, set: ["shown=nothing"] }),
    /not assignable to type 'keyof Progress'/,
  );
  assert.equal(
    resolveSettings([request(cell)], { quick: true, set: ["shown=done"] })[0]![0]!.value,
    '"done"',
  );
});

test("two cells with the tag are an error", () => {
  const two = {
    name: "01-test",
    notebook: notebook([code("let a = 1;", "parameters"), code("let b = 1;", "parameters")]),
  };
  assert.throws(
    () => resolveSettings([two], { quick: true, set: [] }),
    /01-test: 2 cells are tagged "parameters"/,
  );
});

test("the values come in a tagged cell right after the parameters, in place of an older one", () => {
  const cells = [
    code("1;"),
    code(CELL, "parameters"),
    code("epochs = 9;", "injected-parameters"),
    code("2;"),
  ];
  const [settings] = resolveSettings([{ name: "01-test", notebook: notebook(cells) }], {
    quick: true,
    set: ["epochs=3"],
  });
  const result = inject(notebook(cells), settings!).cells;
  assert.deepEqual(
    result.map(({ metadata }) => metadata.tags),
    [[], ["parameters"], ["injected-parameters"], []],
  );
  assert.equal(textOf(result[2]!.source), "{\n  epochs = 3; // --set; the notebook's own: 100\n}");
});

test("without other values no cell is added", () => {
  const [settings] = resolveSettings([request()], { quick: true, set: [] });
  assert.equal(inject(request().notebook, settings!).cells.length, 1);
});
