import assert from "node:assert/strict";
import { test } from "node:test";
import type { Job } from "../../lib/experiment/pool";
import { showJobs } from "../../lib/show/jobs";
import { runsBehind } from "../../lib/show/runs";

const job = (group: string, state: Job["state"], share: number, more: Partial<Job> = {}): Job => ({
  name: `${group}, ギャグ, seed 1`,
  group,
  state,
  share,
  work: 1,
  ...more,
});

/** A table that remembers what it showed, and a clock that is set by hand. */
function desk() {
  const shown: string[] = [],
    clock = { time: 0 };
  const show = showJobs({ put: (bundle) => shown.push(String(bundle["text/plain"])), now: () => clock.time });
  return { shown, clock, show };
}

test("the table counts, names what runs and what crashed, and reckons the time left without stored runs", () => {
  const { shown, clock, show } = desk();
  show([job("last", "stored", 1), job("last", "waiting", 0), job("fixed", "waiting", 0)]);
  clock.time = 60_000;
  show([
    job("last", "stored", 1),
    job("last", "running", 0.5, { values: { epoch: 2, loss: 0.4123 } }),
    job("fixed", "waiting", 0),
  ]);
  assert.match(shown[1], /^1 of 3 runs done, 1 running, 1 left, 1 min 0 s, 3 min 0 s left\n/);
  assert.match(shown[1], /\| last +\| +1 \| +1 \| +0 \| +0 \|/);
  assert.match(shown[1], /last, ギャグ, seed 1: 50 %, epoch 2, loss 0\.412\n1 of 3 runs done, .* left$/);
  show([
    job("last", "stored", 1),
    job("last", "done", 1),
    job("fixed", "crashed", 1, { error: "fixed, ギャグ, seed 1: no memory" }),
  ]);
  assert.match(shown[2], /^2 of 3 runs done, 1 crashed\n[\s\S]*crashed: fixed, ギャグ, seed 1: no memory$/);
});

test("a start says how many gigabytes of weights will be stored, if that is worth telling", () => {
  const { shown, show } = desk();
  show([job("all", "waiting", 0, { bytes: 443e6 }), job("all", "stored", 1), job("last", "waiting", 0)]);
  assert.match(shown[0], /^1 of 3 runs done, 2 left, 0\.4 GB of weights in all, /);
  const small = desk();
  small.show([job("fixed", "waiting", 0, { bytes: 1e6 })]);
  assert.doesNotMatch(small.shown[0], /GB/);
});

test("a run of much work counts for more of the time left than a small one", () => {
  const { shown, clock, show } = desk();
  const long = { work: 90 },
    small = { work: 10 };
  show([job("fixed", "waiting", 0, small), job("all", "waiting", 0, long)]);
  clock.time = 60_000;
  show([job("fixed", "done", 1, small), job("all", "running", 0, long)]);
  assert.match(shown[1], /1 min 0 s, 9 min 0 s left\n/);
});

test("between two tables half a second passes", () => {
  const { shown, clock, show } = desk();
  for (let time = 0; time < 2000; time += 10) {
    clock.time = time;
    show([job("last", "running", time / 2000)]);
  }
  assert.equal(shown.length, 4);
});

test("the runs behind a table are named, with those of other versions", () => {
  const named = runsBehind([
    {
      folder: "/runs/01-manga/3f2a91c0aaaa",
      trial: { system: "BERT <last>", testSet: "ギャグ", settings: { initSeed: 2 } },
    },
    { folder: "/runs/01-manga/77777777bbbb", changes: [{ component: "training", from: 1, to: 2 }] },
  ]);
  assert.equal(
    named["text/plain"],
    "2 stored runs behind this, 1 made with other versions:\n01-manga: 3f2a91c0 77777777",
  );
  assert.match(
    String(named["text/html"]),
    /<code>3f2a91c0<\/code> BERT &lt;last>, ギャグ, seed 2|<code>3f2a91c0<\/code> BERT &lt;last&gt;, ギャグ, seed 2/,
  );
});
