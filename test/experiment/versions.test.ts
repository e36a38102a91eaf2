/** What outdates stored runs and features, in a copy of the library that is edited: nothing but a version. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../lib/support/files";
import { changesSinceMade, describeChanges, madeWithNow } from "../../lib/versions";
import { drive } from "../../packages/kernel/test/drive";

const root = mkdtempSync(join(tmpdir(), "komalab-versions-"));
after(() => rmSync(root, { recursive: true, force: true }));
for (const name of [
  "lib",
  "packages",
  "setup",
  "data",
  "test/experiment",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
])
  cpSync(join(projectRoot, name), join(root, name), { recursive: true });
for (const name of ["node_modules", ".setup"]) symlinkSync(join(projectRoot, name), join(root, name));
const variables = {
  KOMALAB_RUNS: join(root, "runs"),
  KOMALAB_CACHE: join(root, "cache"),
  TF_NUM_INTRAOP_THREADS: "1",
};

function edit(file: string, change: (text: string) => string): void {
  const path = join(root, file),
    before = readFileSync(path, "utf8"),
    text = change(before);
  assert.notEqual(text, before, `${file} is edited`);
  writeFileSync(path, text);
}

const raise = (component: string) =>
  edit("lib/versions.ts", (text) => text.replace(`${component}: [`, `${component}: ["another", `));

/**
 * Runs one trial in the copy. @returns whether it was stored, what has changed since, and the feature packs
 */
function run(): { readonly reused: boolean; readonly changes: string; readonly packs: readonly string[] } {
  const script = join(root, "trial.ts");
  writeFileSync(
    script,
    `import { readdirSync } from "node:fs";
import { runTrial } from "./lib/experiment/classification";
import { describeChanges } from "./lib/versions";
import { tinyTrials } from "./test/experiment/tiny-trials";
void (async () => {
  const [trial] = await tinyTrials(${JSON.stringify(root)}, 1, { epochs: 1 });
  const { reused, changes } = await runTrial(trial);
  const packs = readdirSync(process.env.KOMALAB_CACHE + "/features");
  console.log(JSON.stringify({ reused, changes: describeChanges(changes), packs }));
})();
`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...variables },
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

test("a comment in the engine and a renamed file outdate neither a run nor features", () => {
  const before = run();
  assert.deepEqual([before.reused, before.packs.length], [false, 1]);
  edit("packages/tfjs-graph/ops.ts", (text) => `// another comment\n${text}`);
  renameSync(join(root, "lib/train/explosion.ts"), join(root, "lib/train/loss-watch.ts"));
  edit("lib/train/fit.ts", (text) => text.replace('"./explosion"', '"./loss-watch"'));
  assert.deepEqual(run(), { ...before, reused: true, changes: "" });
});

test("a raised version is told of the run that was made before", () => {
  const { training } = madeWithNow();
  raise("training");
  const { reused, changes } = run();
  assert.deepEqual([reused, changes], [true, `training ${training} → ${training + 1}`]);
});

test("features of another version of the network are computed anew", () => {
  const [before] = run().packs;
  raise("network");
  rmSync(variables.KOMALAB_RUNS, { recursive: true });
  const { packs } = run();
  assert.equal(packs.length, 2);
  assert.ok(packs.includes(before!));
});

test("an edit while a kernel lives is stamped with the new version", async () => {
  mkdirSync(join(root, "jupyter/kernels/tslab"), { recursive: true });
  writeFileSync(
    join(root, "jupyter/kernels/tslab/kernel.json"),
    JSON.stringify({
      argv: [
        process.execPath,
        "--no-force-async-hooks-checks",
        join(root, "packages/kernel/launcher.cjs"),
        "{connection_file}",
      ],
      display_name: "copy",
      language: "typescript",
      interrupt_mode: "signal",
    }),
  );
  process.env.JUPYTER_PATH = join(root, "jupyter");
  const stamp = `import { runOnce } from "./lib/experiment/run";
const read = (folder: string) => require("node:fs").readFileSync(folder + "/result.json", "utf8");
console.log(JSON.parse(read((await runOnce(KEY, async () => 1)).folder)).madeWith.metrics);`;
  const code = (n: number) =>
    stamp.replace("KEY", `{ experiment: "e", settings: { n: ${n} }, data: "", model: "" }`);
  const path = join(root, "lib/versions.ts");
  const raised = readFileSync(path, "utf8").replace("metrics: [", 'metrics: ["another", ');
  const { steps } = await drive([{ code: code(1) }, { code: code(2), write: { [path]: raised } }], {
    env: variables,
  });
  const { metrics } = madeWithNow();
  assert.deepEqual(
    steps.map(({ stdout, evalue }) => evalue ?? Number(stdout)),
    [metrics, metrics + 1],
  );
});

test("another minor release of TensorFlow is a change, a patch is none", () => {
  const now = { ...madeWithNow(), tensorflow: "2.21.0" };
  assert.equal(
    describeChanges(changesSinceMade({ ...now, tensorflow: "2.20.0" }, now)),
    "tensorflow 2.20 → 2.21",
  );
  assert.deepEqual(changesSinceMade({ ...now, tensorflow: "2.21.1" }, now), []);
});
