import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { shared } from "../../../test/shared";
import {
  CATEGORIES,
  type HeadlineCorpus,
  headlineTask,
  livedoorSplit,
  livedoorTask,
  readArticles,
  titlesOf,
} from "..";

const root = mkdtempSync(join(tmpdir(), "livedoor-"));
const EACH = 8;

/** The archive's files: of each site eight articles and a licence. */
function folderOf(name: string): string {
  const text = join(root, name, "text");
  for (const category of CATEGORIES) {
    mkdirSync(join(text, category), { recursive: true });
    writeFileSync(join(text, category, "LICENSE.txt"), "CC BY-ND\n");
    for (let i = 0; i < EACH; i++)
      writeFileSync(
        join(text, category, `${category}-${100 + i}.txt`),
        `http://example.com/${i}\n2012-01-01T00:00:00+0900\n${category}の${i}番 \n本文${i}\n続き\n`,
      );
  }
  writeFileSync(join(text, "README.txt"), "about\n");
  return join(root, name);
}

function archiveOf(name: string, change: (text: string) => void = () => {}): string {
  const folder = folderOf(name),
    path = join(folder, "ldcc.tar.gz");
  change(join(folder, "text"));
  execFileSync("tar", ["-czf", path, "-C", folder, "text"]);
  return path;
}

const archive = archiveOf("whole");
const all = readArticles(archive);

test("articles alone are read, by site and name, with their titles and bodies", () => {
  assert.equal(all.length, CATEGORIES.length * EACH);
  assert.deepEqual(all[EACH + 1], {
    id: "it-life-hack-101",
    category: "it-life-hack",
    title: "it-life-hackの1番",
    body: "本文1\n続き",
  });
});

test("a folder that was unpacked from the archive is read as the archive is", () => {
  assert.deepEqual(readArticles(join(root, "whole")), all);
  assert.deepEqual(readArticles(join(root, "whole", "text")), all);
});

test("the post's split tests a quarter of each site and is the same each time", () => {
  const [once, again] = [0, 1].map(() => livedoorSplit(all, { split: "post", lists: "" }));
  assert.deepEqual(once, again);
  for (const category of CATEGORIES)
    assert.equal(once.test.filter((i) => all[i].category === category).length, EACH / 4);
  assert.deepEqual(
    [...once.train, ...once.validation, ...once.test].sort((a, b) => a - b),
    [...all.keys()],
  );
});

/** Laboro's lists: the first five of a site to learn from, two for validation, one tested. */
function listsIn(name: string, change: (lists: Record<string, string[]>) => void = () => {}): string {
  const rows = (from: number, to: number) =>
    all.flatMap(({ id, category }, i) =>
      i % EACH >= from && i % EACH < to ? [`${id}.txt\t${category}`] : [],
    );
  const lists = { train: rows(0, 5), dev: rows(5, 7), test: rows(7, 8) };
  change(lists);
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const [part, own] of Object.entries(lists))
    writeFileSync(join(folder, `${part}_indexed.tsv`), ["filename\tcategory", ...own, ""].join("\n"));
  return folder;
}

test("Laboro's split is that of its lists, dev for validation", () => {
  const { train, validation, test } = livedoorSplit(all, { split: "laboro", lists: listsIn("lists") });
  assert.deepEqual([train.length, validation.length, test.length], [45, 18, 9]);
  assert.ok(test.every((i) => i % EACH === 7));
  assert.ok(validation.every((i) => i % EACH === 5 || i % EACH === 6));
});

test("the task has the titles in nine classes, and Laboro's lists lie beside the archive", async () => {
  const beside = listsIn("whole");
  const { items, labels, classes, splits, tooLong } = await livedoorTask(join(beside, "ldcc.tar.gz"), {
    split: "laboro",
  });
  assert.deepEqual(items, titlesOf(all));
  assert.deepEqual([labels[0], labels.at(-1), classes[8], tooLong], [0, 8, "topic-news", 0]);
  assert.deepEqual(splits, [livedoorSplit(all, { split: "laboro", lists: beside })]);
});

test("a notebook's corpus is a table with its class names, or the archive with one of its splits", async () => {
  const table = join(root, "table.tsv");
  writeFileSync(
    table,
    ["text\tlabel", ..."あいうえおかきくけこ"].map((text, i) => (i ? `${text}\t${i % 2}` : text)).join("\n"),
  );
  const archive = join(listsIn("whole"), "ldcc.tar.gz"),
    options = { testFraction: 0.5 };
  const read = (path: string, corpus: HeadlineCorpus, classNames = "") =>
    headlineTask(path, { ...options, corpus, classNames });
  const [own, post, laboro] = [
    await read(table, "headlines", "0,1"),
    await read(archive, "livedoor"),
    await read(archive, "livedoor-laboro"),
  ];
  assert.deepEqual(own.classes, ["0", "1"]);
  assert.deepEqual(
    [own, post, laboro].map(({ splits }) => splits[0].test.length),
    [6, (CATEGORIES.length * EACH) / 2, CATEGORIES.length],
  );
});

test("titles that are too long leave their part, and the others stay in theirs", async () => {
  const long = archiveOf("long", (text) =>
    writeFileSync(join(text, "smax", "smax-107.txt"), `http://a.jp\n\n${"水と木、".repeat(20)}\n`),
  );
  const { items, splits, tooLong } = await livedoorTask(long, {
    lists: listsIn("lists"),
    split: "laboro",
    maxLength: 30,
  });
  assert.equal(tooLong, 1);
  assert.deepEqual(
    splits[0].test.map((i) => items[i].id),
    CATEGORIES.filter((category) => category !== "smax").map((category) => `${category}-107`),
  );
});

const FETCH = /fetch https:\/\/www\.rondhuit\.com\/download\/ldcc-20140209\.tar\.gz/;
const refused = (name: string, path: string, message: RegExp) =>
  test(`${name} is refused with what to fetch`, () => {
    assert.throws(() => readArticles(path), message);
    assert.throws(() => readArticles(path), FETCH);
  });

refused("a path at which nothing lies", join(root, "none.tar.gz"), /none\.tar\.gz is not there/);
const halved = join(root, "half.tar.gz");
writeFileSync(halved, readFileSync(archive).subarray(0, 600));
refused("half an archive", halved, /half\.tar\.gz is no whole \.tar\.gz \(.+\)/);
refused(
  "an archive that lacks a site",
  archiveOf("lacking", (text) => rmSync(join(text, "peachy"), { recursive: true })),
  /lacking.* is not the livedoor corpus: it has no folder peachy/,
);
refused(
  "a site without articles",
  archiveOf("empty", (text) => {
    rmSync(join(text, "smax"), { recursive: true });
    cpSync(join(text, "peachy"), join(text, "smax"), { recursive: true });
  }),
  /the folder smax holds no smax-….txt/,
);
refused(
  "a file without an address",
  archiveOf("odd", (text) => writeFileSync(join(text, "smax", "smax-101.txt"), "見出し\n本文\n")),
  /smax\/smax-101\.txt, line 1: "見出し" is not the article's address/,
);
refused(
  "an article without a title",
  archiveOf("untitled", (text) => writeFileSync(join(text, "smax", "smax-101.txt"), "http://a.jp\n\n \n")),
  /smax\/smax-101\.txt, line 3: " " is not its title/,
);

for (const [name, change, message] of [
  [
    "an article that the archive lacks",
    ({ test }) => test.push("smax-999.txt\tsmax"),
    /test_indexed\.tsv, line 11: smax-999\.txt is not in the archive/,
  ],
  [
    "another category than the article's",
    ({ dev }) => dev.splice(0, 1, "peachy-105.txt\tsmax"),
    /dev_indexed\.tsv, line 2: peachy-105\.txt is of peachy, not smax/,
  ],
  [
    "a tested article that is learnt from",
    ({ train, test }) => train.push(test[0]),
    /dokujo-tsushin-107 in Laboro's test list and in another one/,
  ],
] as const satisfies readonly (readonly [string, (lists: Record<string, string[]>) => unknown, RegExp])[])
  test(`lists with ${name} are refused`, () => {
    const lists = listsIn(name, change as (lists: Record<string, string[]>) => void);
    assert.throws(() => livedoorSplit(all, { split: "laboro", lists }), message);
  });

test("an article that lists name again is taken once, for validation before training", () => {
  const lists = listsIn("again", ({ train, dev }) => train.push(train[0], dev[0]));
  const { train, validation } = livedoorSplit(all, { split: "laboro", lists });
  assert.deepEqual([train.length, validation.length, new Set([...train, ...validation]).size], [45, 18, 63]);
});

test("missing lists are refused with where they are", () => {
  assert.throws(
    () => livedoorSplit(all, { split: "laboro", lists: join(root, "nowhere") }),
    /train_indexed\.tsv is not there: fetch Laboro's three lists from https:\/\/github\.com\/laboroai/,
  );
});

const real = shared("data/livedoor/ldcc-20140209.tar.gz");
describe("the corpus itself", { skip: real.skip }, () => {
  const articles = real.skip ? [] : readArticles(real.path);

  test("has 7,367 articles, of each site as many as its authors say", () => {
    const counts = CATEGORIES.map((one) => articles.filter(({ category }) => category === one).length);
    assert.deepEqual(counts, [870, 870, 864, 511, 870, 842, 870, 900, 770]);
  });

  test("has eleven titles twice", () => {
    assert.equal(articles.length - new Set(articles.map(({ title }) => title)).size, 11);
  });

  test("is split in 4,418, 1,104 and 1,845 titles as in the post, in 4,415, 1,473 and 1,473 by Laboro", () => {
    const sizes = (["post", "laboro"] as const).map((split) => {
      const { train, validation, test } = livedoorSplit(articles, { split, lists: join(real.path, "..") });
      return [train.length, validation.length, test.length];
    });
    assert.deepEqual(sizes, [
      [4418, 1104, 1845],
      [4415, 1473, 1473],
    ]);
  });
});
