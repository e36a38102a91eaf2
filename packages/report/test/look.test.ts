/** What settings of notebooks hold and name is looked at before any notebook runs. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { readNotebook } from "../../notebook";
import { decideSettings } from "../look";

const folder = mkdtempSync(join(tmpdir(), "look-"));
after(() => rmSync(folder, { recursive: true }));

const ALL = [
  "01-freeze-modes",
  "02-review-sentiment",
  "03-emotion-labels",
  "04-context",
  "05-augmentation",
  "06-stability",
  "08-document-classification",
  "15-labels",
];
const requests = (names: readonly string[]) =>
  names.map((name) => ({ name, notebook: readNotebook(join(projectRoot, "notebooks", `${name}.ipynb`)) }));
const faults = (names: readonly string[], set: readonly string[]): Promise<string> =>
  decideSettings(requests(names), { quick: true, set }).then(
    () => "",
    (error: Error) => error.message,
  );

/** Each fault is told in a line that names the setting and says so. */
function tells(text: string, told: readonly (readonly [setting: string, words: string])[]): void {
  for (const [setting, words] of told)
    assert.ok(
      text.split("\n").some((line) => line.includes(`${setting}: `) && line.includes(words)),
      `${setting}: ${words}\nis not in\n${text}`,
    );
}

test("the notebooks' own settings and their quick ones are right", async () => {
  assert.equal(await faults(ALL, []), "");
});

test("numbers out of range, of lists too, are told all at once with the notebooks", async () => {
  const wrong = [
    ["epochsFixed=2.5", "not a whole number of at least 1"],
    ["seeds=0", "not a whole number of at least 1"],
    ["processes=0", "not a whole number of at least 1"],
    ["batchSize=-1", "not a whole number of at least 1"],
    ["learningRateLast=-0.1", "not a number above 0"],
    ["crossLearningRate=0", "not a number above 0"],
    ["learningRateFactor=0", "not a number above 0"],
    ["testFraction=1", "not a number between 0 and 1"],
    ["editFraction=1.5", "not a number above 0, at most 1"],
    ["minPositives=0", "not a whole number of at least 1"],
    ["trainLines=-5", "not a whole number of at least 0"],
    ["lengths=[]", "not a list of different values, each a whole number of at least 1"],
    ["learningRates=[0.001,0.001]", "not a list of different values"],
    ["trainFractions=[0,1]", "each a number above 0, at most 1"],
    ["folds=1", "not a whole number of at least 2"],
    ["plantings=0", "not a whole number of at least 1"],
    ["shares=[0.05,1]", "each a number between 0 and 1"],
    ["biasCorrections=[]", "not a list of different values"],
  ] as const;
  const text = await faults(
    ALL,
    wrong.map(([set]) => set),
  );
  tells(
    text,
    wrong.map(([set, words]) => [`--set ${set}`, words]),
  );
  assert.match(text, /^01-freeze-modes, 03-emotion-labels, 04-context, --set epochsFixed=2\.5: /m);
});

test("headlines and word vectors that are not there, or no archive of livedoor, are told", async () => {
  const set = (...own: string[]) => faults(["08-document-classification"], own);
  tells(await set("headlines=data/headline.tsv", "vectorFile=no.bin"), [
    ["--set headlines=data/headline.tsv", "did you mean data/headlines.tsv?"],
    ["--set vectorFile=no.bin", "is not there"],
  ]);
  tells(await set("corpus=livedoor", "headlines=data"), [
    ["headlines=data --set corpus=livedoor", "is not the livedoor corpus: it has no folder dokujo-tsushin"],
  ]);
});

test("a file, a model, a label, a story that is not there is told with what there is", async () => {
  const one = join(folder, "one.csv");
  writeFileSync(one, ["text,label", "良い,1", "とても良い,1"].join("\n"));
  const columns = join(folder, "lines.csv");
  writeFileSync(columns, ["story,touch,text,feeling", "a,b,c,d"].join("\n"));
  const wrong = [
    ["model=data/modell", "did you mean data/model?"],
    ["positive=喜", "there is no 喜; there are 悲哀"],
    ["emotions=喜楽 喜", "there is no 喜; there are"],
    ["touch=少女", "there is no 少女; there are"],
    ["testStories=exam-morning 999", "there is no 999; there are"],
    ["modes=fixed lst", "there is no lst; there are all, last, fixed"],
    ["methods=swap swop", "there is no swop; there are twice, swap"],
    ["encyclopaedia=data/encyclopedia.tsv", "did you mean data/encyclopaedia.tsv?"],
    ["synonyms=data/none/x.txt", "data/none/x.txt is not there"],
    [`reviews=${one}`, "all 2 reviews have the label"],
    [`extra=${columns}`, 'column "emotion"'],
    ["maxLength=129", "the model reads at most 128 tokens"],
  ] as const;
  const right = wrong.slice(0, -1).map(([set]) => set);
  tells(
    await faults(ALL, right),
    wrong.slice(0, -1).map(([set, words]) => [`--set ${set}`, words]),
  );
  const [set, words] = wrong.at(-1)!;
  tells(await faults(["01-freeze-modes"], [set]), [[`--set ${set}`, words]]);
});

test("where a notebook chooses among corpora, what its corpus does not read is not looked at", async () => {
  const of = (corpus: string, file: string) =>
    faults(["12-classification-tips"], [`corpus=${corpus}`, `${file}=nowhere.tsv`]);
  assert.equal(await of("lines", "reviews"), "");
  assert.equal(await of("reviews", "manga"), "");
  assert.match(await of("lines", "manga"), /nowhere.tsv/);
  assert.match(await of("livedoor", "livedoor"), /nowhere.tsv/);
});

test("a misspelt file is told once, and nothing of what would be read from it", async () => {
  assert.equal(
    await faults(["01-freeze-modes", "06-stability"], ["manga=data/mangga.tsv", "positive=x"]),
    "01-freeze-modes, 06-stability, --set manga=data/mangga.tsv: data/mangga.tsv is not there: did you mean data/manga.tsv?",
  );
});

test("corrections are looked at beside the data that they are of, and one kind of data may be left out", async () => {
  const header = "id,label now,new label,who,when";
  const own = (name: string, row: string) => {
    const path = join(folder, name);
    writeFileSync(path, `${header}\n${row}\n`);
    return path;
  };
  const line = own("line.csv", "lab-night/ギャグ/1,喜楽,驚愕,佐藤,2026-11-20"),
    review = own("review.csv", "r0001,好評,良,佐藤,2026-11-20"),
    right = own("right.csv", "lab-night/ギャグ/1,悲哀,驚愕,佐藤,2026-11-20");
  tells(await faults(["15-labels"], [`corrections=${line}`, `reviewCorrections=${review}`]), [
    [`--set corrections=${line}`, "the label of lab-night/ギャグ/1 is now 悲哀"],
    [`--set reviewCorrections=${review}`, 'column new label: "良": no label of the data'],
  ]);
  assert.equal(await faults(["15-labels"], [`corrections=${right}`, "reviews="]), "");
  tells(await faults(["02-review-sentiment"], ["reviews="]), [
    ["--set reviews=", "save the table as one of them"],
  ]);
});

test("a fault is told once for a notebook", async () => {
  const told = (await faults(["01-freeze-modes"], ["positive=喜"])).split("\n");
  assert.deepEqual([told.length, told[0].match(/01-freeze-modes/g)?.length], [1, 1]);
});

test("stories that leave one class to train on are refused with the label", async () => {
  const path = join(folder, "rare.csv"),
    stories = "abcdef".split("").flatMap((story) => ["x", "y"].map((touch) => [story, touch]));
  const rows = stories.map(([story, touch], i) => `${story},${touch},台詞${i},${i === 0 ? "喜" : "他"}`);
  writeFileSync(path, ["story,touch,text,emotion", ...rows].join("\n"));
  const text = await faults(
    ["01-freeze-modes"],
    [`manga=${path}`, "positive=喜", "testStories=a", "split=leave-one-touch-out"],
  );
  assert.match(
    text,
    /--set positive=喜 --set testStories=a --set split=leave-one-touch-out: .*all \d+ items to train on are of the class "not 喜"/,
  );
});

test("a table of texts without labels is known by the columns of lines, or by the one that columns names", async () => {
  const known = join(folder, "episodes.csv"),
    own = join(folder, "balloons.csv");
  writeFileSync(known, "話,台詞\n003,待ってくれ\n");
  writeFileSync(own, "話,吹き出し\n003,待ってくれ\n");
  const faultsOf = (...set: readonly string[]) => faults(["12-classification-tips"], set);
  assert.equal(await faultsOf(`unlabelled=${known}`), "");
  assert.match(await faultsOf(`unlabelled=${own}`), /balloons\.csv: no column "text" or "台詞".*columns=/);
  const manga = join(folder, "labelled.csv");
  const rows = ["001", "002", "003", "004"].map((story) => `${story},ギャグ,${story} の台詞,喜楽`);
  writeFileSync(manga, ["話,画風,吹き出し,感情", ...rows, "005,ギャグ,別の台詞,悲哀", ""].join("\n"));
  const columns = 'columns={"text":"吹き出し"}';
  assert.equal(await faultsOf("corpus=lines", `manga=${manga}`, columns, `unlabelled=${own}`), "");
});
