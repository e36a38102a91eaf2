/**
 * Numbers that a page for readers repeats are those of the file they come from, rounded as they are printed.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Results, report } from "../bench/table";
import { projectRoot, readJson } from "../lib/support/files";

const text = (...path: readonly string[]) => readFileSync(join(projectRoot, ...path), "utf8");
const results = readJson<Results>(join(projectRoot, "bench", "results.json")) as Results;
const row = (name: string) => {
  const found = results.rows.find((one) => one.name === name);
  assert.ok(found, `bench/results.json has no row ${name}`);
  return found;
};
const speed = text("docs", "speed.md");

/** Compares numbers as they are printed, for instance "31,690" and "1.50", with their exact values. */
function agree(printed: readonly string[], exact: readonly number[]): void {
  const isRounded = (text: string, value: number) => {
    const half = 0.5 * 10 ** -(text.split(".")[1] ?? "").length;
    return Math.abs(Number(text.replace(/,/g, "")) - value) <= half + 1e-9; // 3.195 may be 3.19 or 3.20
  };
  assert.ok(
    printed.every((text, i) => isRounded(text, exact[i])),
    `docs/speed.md has ${printed.join(", ")}, bench/results.json ${exact.join(", ")}`,
  );
}

test("bench/results.md is the table of bench/results.json", () => {
  assert.equal(text("bench", "results.md"), `# Benches\n\n${report(results)}`);
});

test("docs/speed.md's tables are the bench's", () => {
  const lines = [...speed.matchAll(/^\| [^|]+ \| ([\d.,]+) s \| ([\d.,]+) s \| ([\d.,]+) \|$/gm)];
  const names = [
    "step-all",
    "step-all-bf16",
    "step-last",
    "step-last-cached",
    "run-all",
    "run-last",
    "run-fixed",
    "run-bias",
    "run-modernbert",
    "run-distilbert",
  ];
  assert.equal(lines.length, names.length);
  for (const [i, [, ...printed]] of lines.entries()) {
    const { komalab, pytorch, ratio } = row(names[i]);
    agree(printed, [komalab, pytorch, ratio]);
  }
});

const SENTENCES: readonly (readonly [RegExp, () => readonly number[]])[] = [
  [
    /slower at all layers \(([\d.]+)\) and in bfloat16 \(([\d.]+)\)/,
    () => [row("step-all-tf").ratio, row("step-all-tf-bf16").ratio],
  ],
  [/need [\d.]+ s of the ([\d.]+) s/, () => [row("step-all").komalab]],
  [
    /TensorFlow computes (\d+) GFLOPS here, PyTorch (\d+)/,
    () => [row("matmul").komalab, row("matmul").pytorch],
  ],
  [
    /Tokens: ([\d,]+) lines a second against ([\d,]+)/,
    () => [row("tokenize").komalab, row("tokenize").pytorch],
  ],
  [
    /memory of a step ([\d.]+) against ([\d.]+) GB/,
    () => [row("memory-all").komalab, row("memory-all").pytorch],
  ],
];
for (const [sentence, exact] of SENTENCES)
  test(`docs/speed.md's words are the bench's: ${sentence.source.slice(0, 40)}…`, () => {
    const [, ...printed] = sentence.exec(speed) ?? [];
    assert.ok(printed.length > 0, "docs/speed.md has other words: change this test with them");
    agree(printed, exact());
  });

test("links between the documents lead to files", () => {
  const documents = [
    "README.md",
    "environment.md",
    ...readdirSync(join(projectRoot, "docs")).map((name) => `docs/${name}`),
  ];
  const wrong = documents
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) =>
      [...text(...name.split("/")).matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .filter(([, path]) => !existsSync(join(projectRoot, name, "..", path)))
        .map(([, path]) => `${name}: ${path}`),
    );
  assert.deepEqual(wrong, []);
});

test("files that documents on the code name are there", () => {
  const wrong = ["architecture.md", "adding.md"].flatMap((name) =>
    [...text("docs", name).matchAll(/`((?:lib|packages|test|docs|notebooks|data)\/[\w./-]*)`/g)]
      .filter(([, path]) => !existsSync(join(projectRoot, path)))
      .map(([, path]) => `docs/${name}: ${path}`),
  );
  assert.deepEqual(wrong, []);
});

const walk = text("docs", "architecture.md");
const steps = [...walk.matchAll(/^\| (\d+) \| (\w+) \| `([\w./-]+)` \| .+ \|(.*) \|$/gm)];

test("the functions of a line's walk are in the files that docs/architecture.md names", () => {
  const isIn = (name: string, code: string) =>
    new RegExp(
      `^(?:export )?(?:async )?(?:function\\*?|const) ${name}\\b|^ +(?:private |async )*${name}\\(.*\\{$`,
      "m",
    ).test(code);
  const wrong = steps
    .filter(([, , name, path]) => !isIn(name, text(path)))
    .map(([, , name, path]) => `${path}: ${name}`);
  assert.deepEqual(wrong, []);
});

test("docs/architecture.md counts the functions and helpers that it lists", () => {
  const helpers = steps.flatMap(([, , , , names]) => names.split(",").filter((name) => name.trim() !== ""));
  assert.deepEqual(
    walk
      .match(/(\d+) functions, and (\d+) helpers/)
      ?.slice(1)
      .map(Number),
    [steps.length, helpers.length],
  );
  assert.deepEqual(
    steps.map(([, number]) => Number(number)),
    steps.map((_, i) => i + 1),
  );
});

test("README is at most 100 lines long", () => assert.ok(text("README.md").split("\n").length <= 100));

test("environment.md has every package of package.json in its version", () => {
  const { dependencies, devDependencies, overrides } = JSON.parse(text("package.json")) as Readonly<
    Record<string, Record<string, string>>
  >;
  const lines = [...text("environment.md").matchAll(/^\| ([^|]+) \| ([^|]+) \|/gm)].flatMap(
    ([, names, versions]) =>
      names.split(", ").map((name, i) => `${name.replace(" (development)", "")} ${versions.split(", ")[i]}`),
  );
  const wanted = Object.entries({ ...dependencies, ...devDependencies, ...overrides })
    .filter(([name]) => !name.startsWith("@types/"))
    .map(([name, version]) => `${name} ${/^(file:|\$)/.test(version) ? "local" : version}`);
  assert.deepEqual(
    wanted.filter((one) => !lines.includes(one)),
    [],
  );
});

test("environment.md names what else is installed in the version that is installed", () => {
  const environment = text("environment.md");
  const pinned = (file: string) => [...text(...file.split("/")).matchAll(/^([\w-]+)==([\w.]+)/gm)];
  const [, tensorflow] = /tensorflowVersion = "([\d.]+)"/.exec(text("setup", "wheels.mjs")) ?? [];
  for (const [, name, version] of [
    ...pinned("requirements.txt").filter(([, name]) =>
      /^(jupyterlab|nbconvert|papermill|jupytext|jupyter-kernel-test)$/.test(name),
    ),
    ...pinned("bench/peers.txt").filter(([, name]) =>
      /^(torch|transformers|accelerate|peft|tensorflow-cpu|fugashi|ipadic|unidic-lite|gensim|scikit-learn|numpy)$/.test(
        name,
      ),
    ),
  ])
    assert.ok(environment.includes(version), `${name} ${version}`);
  for (const [, named] of environment.matchAll(/tensorflow(?:-cpu)?[ -](2\.[\d.]+\d)/g))
    assert.equal(named, tensorflow);
});
