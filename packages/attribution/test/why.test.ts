/** What a notebook calls, on runs of a tiny model: the models asked are those of the runs. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { predictionsOf, runTrials } from "../../../lib/experiment/trials";
import type { Results } from "../../../lib/study/experiment";
import { EXAMPLES, runsFolder, tinyTrials } from "../../../test/experiment/tiny-trials";
import { code, notebook } from "../../notebook/test/sample";
import { withoutLines } from "../../page";
import { openTokenizer } from "../../tokenizer";
import { explain, nearestTo, showAgreement, showDeletion, studyMarks, why, whyText } from "..";

const folder = runsFolder();
const SYSTEM = "last + linear";
let results: Results;
/** What was shown. */
const shown: Record<string, unknown>[] = [];
const DISPLAY = Symbol.for("komalab.display");
const world = globalThis as { [key: symbol]: unknown };

before(async () => {
  const trials = await tinyTrials(folder, 3),
    runs = await runTrials(trials),
    [{ split, classes, model, dataset }] = trials;
  results = {
    task: {
      ...{
        items: EXAMPLES,
        labels: EXAMPLES.map(({ label }) => label),
        classes,
        model,
        tooLong: 0,
        maxLength: 40,
      },
      splits: [{ ...split, name: "test" }],
      tokenizer: await openTokenizer(model.folder),
    },
    runs,
    answers: predictionsOf(runs),
  };
  assert.ok(dataset.path);
  world[DISPLAY] = ({ data }: { readonly data: Record<string, unknown> }) => shown.push(data);
});
after(() => {
  delete world[DISPLAY];
});

test("lines get the class and the marks of the runs' models, and their nearest training lines", async () => {
  const items = [EXAMPLES[32], EXAMPLES[33]];
  const explained = await explain(results, items, { system: SYSTEM, neighbours: 3 });
  for (const [i, one] of explained.entries()) {
    const said = results.runs.map(({ result }) => result.predicted[result.items.indexOf(items[i].id)]);
    assert.equal(one.seeds, said.filter((label) => label === one.predicted).length);
    assert.equal(one.of, 3);
    assert.deepEqual(
      one.words.map(({ text }) => text),
      i === 0 ? ["とても", "良い"] : ["ひどく", "悪い"],
    );
    assert.equal(one.marks.length, 2);
    assert.ok(one.nearest.every(({ text, cosine }) => text === items[i].text && cosine > 0.9999));
  }
});

test("a text of one's own is answered as the same line is, by the frozen encoder's neighbours too", async () => {
  const [line] = await explain(results, [EXAMPLES[32]], { system: SYSTEM });
  const [typed] = await explain(results, [{ text: EXAMPLES[32].text }], {
    system: SYSTEM,
    features: "frozen",
  });
  assert.deepEqual([typed.predicted, typed.marks], [line.predicted, line.marks]);
  assert.equal(typed.nearest[0].text, EXAMPLES[32].text);
});

test("what is shown holds whole lines as text, marked ones as HTML, and a private report leaves it out", async () => {
  shown.length = 0;
  await whyText(results, "とても悪い", { system: SYSTEM });
  const data = shown.at(-1) as Record<string, string>;
  assert.match(data["text/plain"], /とても悪い/);
  assert.match(data["text/html"], /<mark [^>]*><(strong|em)>/);
  const cell = { ...code("whyText();"), outputs: [{ output_type: "display_data" as const, data }] };
  const left = JSON.stringify(withoutLines(notebook([cell])));
  assert.match(left, /left out of this private report/);
  assert.doesNotMatch(left, /とても|悪い|良い/);
});

test("mistakes on which all seeds agree stand with their gold class", async () => {
  const answers = results.answers.map((one) => ({ ...one, predicted: one.gold.map((label) => 1 - label) }));
  shown.length = 0;
  await why({ ...results, answers }, { system: SYSTEM, each: 1 });
  const text = String(shown.at(-1)!["text/plain"]);
  assert.match(text, /Mistakes of last \+ linear on which all seeds agree: \d+; at most 1 of each class/);
  assert.equal(text.split("\n").filter((row) => /^\| (とても良い|ひどく悪い)/.test(row)).length, 2);
});

test("a study asks every seed for the runs' own answers, and is drawn", async () => {
  const study = await studyMarks(results, { system: SYSTEM, lines: 6, draws: 2 });
  const [{ seeds }] = study.sets;
  assert.deepEqual(
    seeds.map(({ seed }) => seed),
    [1, 2, 3],
  );
  seeds.forEach(({ answered }, i) => {
    const { items, predicted } = results.runs[i].result,
      byText = new Map(items.map((id, at) => [EXAMPLES.find((one) => one.id === id)!.text, predicted[at]]));
    for (const one of answered["leave-one-out"]) assert.equal(one.predicted, byText.get(one.line.text));
    assert.equal(answered["gradient × input"].length, 6);
  });
  shown.length = 0;
  const falls = await showDeletion(study);
  await showAgreement(study);
  assert.equal(falls.length, 2);
  const chart = shown.find((data) => "application/vnd.vegalite.v5+json" in data);
  assert.ok(chart);
});

test("a system that there is none of is refused with those that there are", async () => {
  await assert.rejects(
    why(results, { system: "last + linaer" }),
    /no runs of "last \+ linaer": did you mean last \+ linear/,
  );
  await assert.rejects(
    whyText(results, "x", { system: SYSTEM, testSet: "tset" }),
    /no test set "tset": did you mean test/,
  );
});

test("the nearest vectors by cosine, whatever their lengths, the earlier of equals first", () => {
  const known = [
    [1, 0],
    [0, 2],
    [5, 5],
    [0, 7],
  ].map((vector) => Float32Array.from(vector));
  assert.deepEqual(
    nearestTo(Float32Array.of(0, 3), known, 3).map(({ place }) => place),
    [1, 3, 2],
  );
});
