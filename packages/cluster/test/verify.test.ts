/** Stored runs trained again and compared. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { environmentOf } from "../../../lib/experiment/environment";
import type { TrialRun } from "../../../lib/experiment/spec";
import { runTrials } from "../../../lib/experiment/trials";
import { cacheFolder, sha256, writeBeside } from "../../../lib/support/files";
import { versions } from "../../../lib/versions";
import { runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { verification } from "../../answers";
import { filterRuns, type ListedRun, listRuns } from "../list";
import { runs } from "../runs-command";
import { lastVerification } from "../verification";
import { TOLERANCE, verify } from "../verify";

const folder = runsFolder();
const model = join(folder, "model");
let made: readonly TrialRun[];

before(async () => {
  made = await runTrials([
    ...(await tinyTrials(folder, 2, { freeze: "fixed" })),
    ...(await tinyTrials(folder, 1, { freeze: "last", epochs: 1 })),
  ]);
});

type Json = Record<string, never>;

/** Changes a file of the first run, whose freeze mode is fixed, while `work` is done. */
async function changed<T>(
  name: string,
  change: (text: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  const path = join(made[0].folder, name),
    kept = readFileSync(path, "utf8");
  writeFileSync(path, change(kept));
  try {
    return await work();
  } finally {
    writeFileSync(path, kept);
  }
}

const json = (change: (value: Json) => object) => (text: string) => JSON.stringify(change(JSON.parse(text)));
const cheapest = json(({ result, ...rest }) => ({ ...rest, result: { ...(result as object), seconds: 0 } }));
const withProbabilities = (
  change: (rows: readonly (readonly number[])[]) => readonly (readonly number[])[],
) =>
  json(({ result, ...rest }) => {
    const { probabilities, ...others } = result as TrialRun["result"];
    return { ...rest, result: { ...others, probabilities: change(probabilities!) } };
  });
const fixed = () => filterRuns(listRuns(), { where: ["freeze=fixed", "initSeed=1"] });
const found = async () => {
  const [{ verdict, words }] = await verify(fixed(), { model });
  return `${verdict}: ${words}`;
};

test("the cheapest run of each freeze mode is trained again to the bit, features too", async () => {
  const [cache] = readdirSync(join(cacheFolder(), "features")).map((name) =>
    join(cacheFolder(), "features", name),
  );
  const wrong = readdirSync(cache).map((name) => {
    const bytes = readFileSync(join(cache, name));
    return bytes.fill(0, bytes.indexOf("\n") + 1);
  });
  rmSync(join(cacheFolder(), "features"), { recursive: true });
  for (const bytes of wrong) writeBeside(join(cache, `${sha256(bytes).slice(0, 16)}.pack`), bytes); // sound packs of other numbers
  const results = await changed("result.json", cheapest, () => verify(listRuns(), { model }));
  assert.deepEqual(
    results.map(({ run, verdict, words }) => [run.folder, verdict, words]),
    [
      [made[0].folder, "equal", ""],
      [made[2].folder, "equal", ""],
    ],
  );
});

test("it is noted when, at which commit and with what outcome runs were verified", () => {
  const { at, commit, equal, differs } = lastVerification()!;
  assert.ok(Date.now() - Date.parse(at) < 600_000);
  assert.deepEqual([commit, equal, differs], [environmentOf().commit, 2, 0]);
  const [{ found: told, state }] = verification();
  assert.match(told, /^verified on \d{4}-\d\d-\d\d at [0-9a-f]{7}: 2 equal, 0 close, 0 different$/);
  assert.equal(state, "ok");
});

test("a run of other predictions differs, by items and by how far, and the command ends with 1", async () => {
  const swap = withProbabilities(([[one, other], ...more]) => [[other, one], ...more]);
  assert.match(
    await changed("result.json", swap, found),
    /^differs: 0 of 8 items have another class, probabilities differ by up to 0\.\d{4}$/,
  );
  const other = json(({ result, ...rest }) => {
    const { predicted } = result as { readonly predicted: readonly number[] };
    return {
      ...rest,
      result: {
        ...(result as object),
        predicted: predicted.map((label, i) => (i === 2 ? 1 - label : label)),
      },
    };
  });
  const args = ["verify", "--model", model, "--where", "freeze=fixed", "--where", "initSeed=1"];
  const told = await changed("result.json", other, () => runs(args));
  const { exitCode } = process;
  process.exitCode = 0;
  assert.match(told, /differs +\| 1 of 8 items have another class \(t34\), .*by up to 0\.0000 /);
  assert.match(told, /1 run: 1 differs$/);
  assert.equal(exitCode, 1);
});

test("losses of another last digit differ on this processor, and are close on another one", async () => {
  const digit = (text: string) =>
    text.replace(/("trainLoss": ?0\.\d+)(\d)/, (_, most, last) => most + ((+last + 1) % 10));
  const words = "0 of 8 items have another class, probabilities differ by up to 0.0000";
  assert.equal(await changed("result.json", digit, found), `differs: ${words}, losses in their last digits`);
  const on = (processor?: string) =>
    changed(
      "environment.json",
      json((made) => ({ ...made, processor })),
      () => changed("result.json", digit, found),
    );
  assert.equal(
    await on("another"),
    `close: ${words}; made on another processor or a GPU, where ${TOLERANCE} is allowed`,
  );
  assert.match(await on(undefined), /made on an unknown processor/);
});

test("on another processor too far is too far", async () => {
  const far = withProbabilities(([[one, ...others], ...more]) => [[one + 2 * TOLERANCE, ...others], ...more]);
  assert.match(
    await changed(
      "environment.json",
      json((made) => ({ ...made, processor: "another" })),
      () => changed("result.json", far, found),
    ),
    /^differs: /,
  );
});

test("where another epoch is kept, it says so", async () => {
  const other = (text: string) => text.replace(/("bestEpoch": ?)\d+/, "$19");
  assert.match(
    await changed("result.json", other, found),
    /^differs: epoch \d is kept instead of 9: 0 of 8 items/,
  );
});

test("one that another version made is skipped by its component, and the next cheapest taken", async () => {
  const older = (text: string) => cheapest(text).replace(`"training":${versions.training}`, '"training":0');
  const both = filterRuns(listRuns(), { where: ["freeze=fixed"] });
  const where = ({ run }: { readonly run: ListedRun }) => run.folder;
  const chosen = await changed("result.json", older, () =>
    verify(filterRuns(listRuns(), { where: ["freeze=fixed"] }), { model }),
  );
  assert.deepEqual(chosen.map(where), [made[1].folder]);
  assert.equal(both.length, 2);
  assert.match(
    await changed("result.json", older, found),
    new RegExp(`^skipped: training 0 → ${versions.training}: the code of now gives other`),
  );
});

test("a run that is no classifier's is skipped with how it is made again", async () => {
  const [{ settings, ...run }] = fixed();
  const { freeze, ...others } = settings;
  const [{ verdict, words }] = await verify([{ ...run, settings: others }], { model });
  assert.match(`${verdict}: ${words}`, /^skipped: it is no classifier's: its notebook makes it again/);
});

test("without its model or its data set a run says what would help", async () => {
  const [one] = await verify(fixed());
  assert.match(one.words, /^its model is not here \(elsewhere:model\): name its folder with --model$/);
  rmSync(join(process.env.KOMALAB_RUNS!, "datasets", `${made[0].trial.dataset.sha256.slice(0, 12)}.jsonl`));
  assert.match(await found(), /^skipped: its data set is not stored here: execute the notebook/);
  await assert.doesNotReject(runs(["verify"]));
  assert.equal(process.exitCode, 1); // nothing was verified
  process.exitCode = 0;
});
