/** What the fuzzer found, each kind by the smallest file that shows it. */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { readManga } from "../../lib/data/manga";
import { votes } from "../../lib/evaluate/votes";
import { loadDataset } from "../../lib/experiment/dataset";
import { readEncoder } from "../../lib/models/encoders";
import { projectRoot, sha256 } from "../../lib/support/files";
import { checkFields } from "../../lib/support/settings";
import { areKept } from "../../lib/train/features";
import { TRAIN_RULES } from "../../lib/train/settings";
import { listRuns } from "../../packages/cluster";
import { readPlan } from "../../packages/cluster/plan";
import { FeatureStore } from "../../packages/feature-store";
import { readPyTorch, readSafetensors, shardsOf } from "../../packages/hf-files";
import { withFile } from "../../packages/hf-files/numbers";
import { readMecabDictionary } from "../../packages/mecab/mecab-dictionary";
import { withUserWords } from "../../packages/mecab/user-dictionary";
import { LINES_MIME, linesTables, readNotebook, VEGALITE_MIME } from "../../packages/notebook";
import { Html, withoutLines } from "../../packages/page";
import { mailPage, notebookPart, renderMarkdown } from "../../packages/page/render";
import { onPaper } from "../../packages/print/paper";
import { withColumnWidths } from "../../packages/print/widths";
import { pastedTable } from "../../packages/published-table";
import { readTable } from "../../packages/table-file";
import { readAddedTokens } from "../../packages/tokenizer/added-tokens";
import { tokenizerOf } from "../../packages/tokenizer/tokenizer";
import { vocabularyOf } from "../../packages/tokenizer/wordpiece";
import { readSentencePiece, readUnigram } from "../../packages/unigram";
import unigram from "../../packages/unigram/test/unigram.json";
import { readComments } from "../../packages/weekly";
import { readBibtex } from "../../packages/weekly/bibtex";
import mecab from "../reference/mecab.json";
import { reference } from "./reader";

const folder = mkdtempSync(join(tmpdir(), "komalab-mended-"));
after(() => rmSync(folder, { recursive: true }));
const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test("a storage of an old PyTorch file with a negative size is refused with the file", () => {
  const bytes = readFileSync(reference("bert/files/old.bin")),
    size = Buffer.alloc(8),
    negative = Buffer.alloc(8);
  size.writeBigInt64LE(6n); // elements of the first storages
  negative.writeBigInt64LE(-6n);
  const at = bytes.lastIndexOf(size);
  negative.copy(bytes, at);
  assert.throws(() => readPyTorch(written("old.bin", bytes)), /old\.bin: the storage \S+ has -6 elements/);
});

test("an old PyTorch file that is cut off is refused with the file", () => {
  const path = written("cut.bin", readFileSync(reference("bert/files/old.bin")));
  truncateSync(path, 400);
  assert.throws(() => readPyTorch(path), /cut\.bin: /);
});

test("a file that shrinks while it is read ends in an error", () => {
  const path = written("shrinks.bin", Buffer.alloc(1000));
  assert.throws(
    () =>
      withFile(path, (file) => {
        truncateSync(path, 10);
        return file.read(0, 1000);
      }),
    /shrinks\.bin: the file was cut off while it was read/,
  );
});

test("a broken gz is refused with the file", () => {
  const bytes = gzipSync("text\na\n");
  assert.throws(
    () => readTable(written("lines.csv.gz", bytes.subarray(0, -4))),
    /lines\.csv\.gz is no whole gzip file/,
  );
});

test("a notebook of null is refused with the file", () =>
  assert.throws(() => readNotebook(written("one.ipynb", "null")), /one\.ipynb/));

test("a message about a name of 20,000 letters is short", () => {
  const row = `${"あ".repeat(20_000)},ギャグ,1,うん,喜び`,
    path = written("manga.csv", `story,touch,line,text,emotion\n${row}\n${row}\n`);
  assert.throws(
    () => readManga(path),
    ({ message }: Error) => /occurs twice/.test(message) && message.length < 1000,
  );
});

const LONG = "x".repeat(100_000);

test("settings of 10,000 unknown names are refused in one short message", () =>
  assert.throws(
    () =>
      checkFields({ ...new Array(10_000).fill(0), [LONG]: 1 } as object, TRAIN_RULES, "plan.jsonl, line 2: "),
    ({ message }: Error) =>
      /^plan\.jsonl, line 2: there is no setting 0, 1, .* and 9981 more: there are epochs/.test(message) &&
      message.length < 5000,
  ));

test("a plan's data set with a name of 100,000 letters is refused with its line", () => {
  const run = { dataset: { path: LONG }, model: { folder: ".", sha256: "0".repeat(64) } };
  assert.throws(
    () => readPlan(written("long.jsonl", JSON.stringify(run))),
    ({ message }: Error) =>
      /long\.jsonl, line 1: the data set x+… is not there/.test(message) && message.length < 1000,
  );
});

test("a tensor's name of 100,000 letters is cut in a message", () => {
  const header = Buffer.from(JSON.stringify({ [LONG]: { dtype: "F8", shape: [0], data_offsets: [0, 0] } })),
    size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  assert.throws(
    () => readSafetensors(written("long.safetensors", Buffer.concat([size, header]))),
    ({ message }: Error) => /tensor x+… has type "F8"/.test(message) && message.length < 1000,
  );
});

test("an index of weights whose map is a text is refused with the file", () =>
  assert.throws(
    () => shardsOf(written("model.safetensors.index.json", JSON.stringify({ weight_map: LONG }))),
    /index\.json: has no weight_map/,
  ));

test("a piece of SentencePiece without letters is refused: read as one of the user's, it would never end", () => {
  const field = (number: number, content: Uint8Array) =>
      Buffer.concat([Buffer.of(8 * number + 2, content.length), content]),
    piece = (text: string, kind: number) =>
      field(1, Buffer.concat([field(1, Buffer.from(text)), Buffer.of(24, kind)]));
  const model = (own: string) => Buffer.concat([piece("<unk>", 2), piece("a", 1), piece(own, 4)]);
  assert.deepEqual(readSentencePiece(written("spiece.model", model("b"))).encode("b").length, 2);
  assert.throws(
    () => readSentencePiece(written("spiece.model", model(""))),
    /spiece\.model has no letters in piece 2: .* copy it again/,
  );
});

test("a pattern or a token of 100,000 letters in a tokenizer.json is refused with its place", () => {
  const { file } = unigram.tokenizers.nfkc;
  const [token] = file.added_tokens;
  for (const [change, place] of [
    [
      { normalizer: { type: "Replace", pattern: { String: LONG }, content: "" } },
      "normalizer.pattern.String has",
    ],
    [{ added_tokens: [{ ...token, content: LONG }] }, "added_tokens[0] is a token of"],
  ] as const)
    assert.throws(
      () => readUnigram(written("tokenizer.json", JSON.stringify({ ...file, ...change }))),
      ({ message }: Error) =>
        message.includes(`tokenizer.json: ${place} 100000 letters`) && message.length < 1000,
    );
  rmSync(join(folder, "tokenizer.json"));
});

test("30,000 added tokens are read, and one inside another is found", () => {
  const vocabulary = vocabularyOf(["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"]);
  const tokens = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`<${i}>`, 5 + i]));
  written("added_tokens.json", JSON.stringify(tokens));
  assert.equal(readAddedTokens(folder, {}, vocabulary).size, 30_000 + 5);
  written("added_tokens.json", JSON.stringify({ ...tokens, "<<7>>": 30_005 }));
  assert.throws(() => readAddedTokens(folder, {}, vocabulary), /the token "<7>" stands inside "<<7>>"/);
});

test("an added token whose id is past every vocabulary, or that is none, is refused with the file", () => {
  const vocabulary = vocabularyOf(["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"]);
  written("added_tokens.json", JSON.stringify({ "<a>": 2 ** 32 }));
  assert.throws(
    () => readAddedTokens(folder, {}, vocabulary),
    /added_tokens\.json: the added token "<a>" has the id 4294967296 \(ids are 0 to 1048575\)/,
  );
  rmSync(join(folder, "added_tokens.json"));
  assert.throws(
    () => readAddedTokens(folder, { added_tokens_decoder: { [LONG]: null } }, vocabulary),
    ({ message }: Error) => /the added token x+… is null/.test(message) && message.length < 1000,
  );
  for (const list of [5, [null]]) {
    written("tokenizer.json", JSON.stringify({ added_tokens: list }));
    assert.throws(
      () => readAddedTokens(folder, {}, vocabulary),
      /tokenizer\.json: an added token is (5|null)/,
    );
  }
});

test("lines of references may end as on an old Mac, and many of them be empty", () => {
  for (const end of ["\r", "\u2028", "\r\n"]) {
    const [entry, ...more] = readBibtex(
      `${end.repeat(100_000)}@article{a,${end}title = {T}}`,
      "references.bib",
    );
    assert.deepEqual([entry.fields.get("title"), more.length], ["T", 0]);
  }
  assert.throws(() => readBibtex("\r\r@article{a, b = c}", "references.bib"), /references\.bib:3: b = c/);
});

test("a reference with a name of 100,000 letters is refused in one short message", () => {
  for (const text of [
    `@article{a, b = ${LONG}}`,
    `@article{${LONG}, b}`,
    `@article{a, ${LONG}}`,
    `@${LONG}{}`,
  ])
    assert.throws(
      () => readBibtex(text, "references.bib"),
      ({ message }: Error) => /^references\.bib:1: /.test(message) && message.length < 1000,
    );
});

test("a pasted heading over 9,999,999,999 columns is refused with its line", () =>
  assert.throws(
    () =>
      pastedTable(" & \\multicolumn{9999999999}{c}{A} \\\\\nBERT & .91 & .6 \\\\", {
        metrics: ["accuracy", "f1"],
      }),
    /line 1: /,
  ));

test("a pasted word of 2,000 letters is refused with its line, and so is a score of 200 digits", () => {
  const table = (cell: string) => () =>
    pastedTable(`| s | acc | F1 |\n|---|---|---|\n| A | .9 | ${cell} |`, { metrics: ["accuracy", "f1"] });
  for (const letter of "$*{1")
    assert.throws(table(letter.repeat(2000)), /line 3: "[^"]{81}" has 2000 letters, and no table/);
  assert.throws(table(`.${"1".repeat(200)}`), /line 3: .* is no score/);
  assert.throws(table("$ ".repeat(6000)), /line 3: .* has \d+ letters, and no table has such a line/);
});

test("names of authors and works that are cited may have many blanks between them", () => {
  const blanks = " ".repeat(100_000);
  const path = written("weekly.md", `## 結果\n\n[@a,${blanks}p. 3${blanks};${blanks}@a]`);
  written("references.bib", `@book{a, author = {A${blanks}B and${blanks}C, D}, title = {T}}`);
  const { references, sections } = readComments(path);
  assert.match(references[0].words, /^A B, D C\. T\.$/);
  assert.match(sections.results, /^\\\[1,\s+p\. 3, 1\\\]$/);
});

test("a run of back ticks is code only where as many close it", () => {
  const ticks = "`".repeat(100_000);
  const { sections } = readComments(
    written("weekly.md", `## 結果\n\na ${ticks} \`<!-- b -->\` \`\`c\`<!-- d -->\n`),
  );
  assert.equal(sections.results, `a ${ticks} \`<!-- b -->\` \`\`c\``);
});

test("a row of a user dictionary with many blanks or a long word is refused in a short message", () => {
  const { files } = mecab;
  for (const [file, content] of Object.entries(files))
    written(file, gunzipSync(Buffer.from(content, "base64")));
  const dictionary = readMecabDictionary(folder);
  for (const row of [
    `犬,${" ".repeat(100_000)}x,0,1`,
    `${"ｶ".repeat(50_000)},0,0,1`,
    `犬,${"9".repeat(50_000)},0,1`,
  ])
    assert.throws(
      () => withUserWords(dictionary, written("user.csv", row), 1),
      ({ message }: Error) => /user\.csv, line 1: /.test(message) && message.length < 1000,
    );
});

test("a JSON text of five million escapes is read, and NaN beside it", () => {
  const path = written("escapes.json", `[{"text":"${"\\\\".repeat(5e6)} NaN","score":NaN}]`);
  const [{ cells }] = readTable(path).rows;
  assert.deepEqual([cells.text.length, cells.text.slice(-4), cells.score], [5e6 + 4, " NaN", undefined]);
});

test("200,000 items are voted on, and a pair of 200,000 tokens is encoded", async () => {
  const ones = new Array<number>(200_000).fill(1);
  const run = {
    system: "a",
    testSet: "t",
    seed: 1,
    items: ones.map((_, i) => `${i}`),
    gold: ones,
    predicted: ones,
  };
  assert.equal(votes([run]).size, 200_000);
  const { encode } = tokenizerOf(
    (text) => text.split(" "),
    vocabularyOf(["[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]", "a"]),
  );
  assert.equal(encode("a", { pair: "a ".repeat(200_000).trim() }).segmentIds.length, 200_004);
});

test("a chart that is none and words that are none are left out of the page", () => {
  const cell = { cell_type: "code" as const, source: "1", metadata: {} };
  const outputs = [null, 5, { description: { toString: 1 } }].map((chart) => ({
    output_type: "display_data" as const,
    data: { [VEGALITE_MIME]: chart },
    metadata: { "image/png": { width: "5' onload='x", alt: {} } },
  }));
  const notebook = { cells: [{ ...cell, outputs }], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  const path = written("charts.ipynb", JSON.stringify(notebook));
  const { body } = notebookPart(readNotebook(path), {
    ...{ name: "one", folder, settings: [], failure: undefined, facts: "" },
  });
  assert.equal(body.text.match(/<figure/g)?.length, 3);
});

test("tags that nothing closes are written as they are, on pages, in mails and on paper", async () => {
  for (const tag of [
    "<h2>",
    '<a href="">',
    '<span class="files">',
    "<nav>",
    "<summary>",
    "<table",
    "<table><tr>",
  ]) {
    const body = new Html(tag.repeat(100_000));
    const cell = { cell_type: "code" as const, source: "1", metadata: {} };
    const outputs = [{ output_type: "display_data" as const, data: { "text/html": body.text } }];
    const notebook = { cells: [{ ...cell, outputs }], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    const part = notebookPart(notebook, { name: "one", folder, settings: [], failure: undefined, facts: "" });
    assert.ok(part.body.text.includes(body.text) && mailPage("t", [part]).includes(body.text), tag);
    assert.ok(withColumnWidths((await onPaper([part], async () => "")).text).includes(body.text), tag);
  }
});

test("features of a pack that names more numbers than it holds are computed again", () => {
  const pack = Buffer.concat([Buffer.from('[["1/0",1000]]\n'), Buffer.alloc(16)]);
  written(`${sha256(pack).slice(0, 16)}.pack`, pack);
  const store = new FeatureStore(folder);
  store.add("2/0", Float32Array.of(1, 2));
  store.flush();
  const again = new FeatureStore(folder);
  assert.deepEqual([again.size, again.get("2/0")], [1, Float32Array.of(1, 2)]);
});

test("a data set's row without a text is refused with file and row", () =>
  assert.throws(
    () =>
      loadDataset({
        path: written("data.jsonl", '{"id":"a","text":"b","label":0}\n{"id":"c","label":0}\n'),
        sha256: "",
      }),
    /data\.jsonl: row 2 is \{"id":"c","label":0\}, no text/,
  ));

for (const [name, at, told] of [
  ["sys.dic", 24, /sys\.dic has a double array|sys\.dic is shorter/],
  ["char.bin", 0, /char\.bin is cut off/],
  ["matrix.bin", 0, /matrix\.bin is cut off/],
] as const)
  test(`a dictionary whose ${name} says other sizes than it has is refused with the file`, () => {
    for (const [file, content] of Object.entries(mecab.files)) {
      const bytes = gunzipSync(Buffer.from(content, "base64"));
      if (file === name) bytes.writeUInt32LE(0xffff_fff0, at);
      written(file, bytes);
    }
    assert.throws(() => readMecabDictionary(folder), told);
  });

test("a field of 100,000 lists in each other is refused by its name", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const config = readFileSync(join(projectRoot, "data/model/config.json"), "utf8");
  const path = written("config.json", config.replace(/"hidden_act": "[a-z]+"/, `"hidden_act": ${deep}`));
  assert.throws(
    () => readEncoder(path),
    /config\.json: hidden_act is nested too deeply to be shown, but must be/,
  );
  const table = readTable(written("deep.json", `[{"text":${deep}}]`));
  assert.match(table.rows[0].faults?.text.remedy ?? "", /not a text/);
});

test("an activation that every object has is refused", () => {
  const config = readFileSync(join(projectRoot, "data/model/config.json"), "utf8");
  const path = written(
    "config.json",
    config.replace(/"hidden_act": "[a-z]+"/, '"hidden_act": "constructor"'),
  );
  assert.throws(() => readEncoder(path), /config\.json: hidden_act is "constructor", but must be/);
});

const DEEP = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;

test("a notebook with an output of 100,000 objects in each other, or one that is none, is refused with the file", () => {
  const open = (output: string) =>
    readNotebook(
      written(
        "deep.ipynb",
        `{"nbformat":4,"metadata":{},"cells":[{"cell_type":"code","source":"","metadata":{},"outputs":[${output}]}]}`,
      ),
    );
  assert.throws(
    () => open(`{"output_type":"display_data","data":${DEEP}}`),
    /deep\.ipynb: lists or objects stand/,
  );
  assert.throws(
    () => open('{"output_type":"error","traceback":"x"}'),
    /deep\.ipynb: cell 1 has an output 1 that is/,
  );
});

test("links that lead round in a circle and settings nested too deeply hide no run", () => {
  const runs = join(folder, "runs"),
    run = join(runs, "one", "0123456789ab");
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, "config.json"), `{"settings":${DEEP},"about":{"system":"s"}}`);
  for (const place of [runs, join(runs, "one")]) symlinkSync("circle", join(place, "circle"));
  assert.deepEqual(
    listRuns(runs).map(({ id, about, settings }) => [id, about.system, settings]),
    [["0123456789ab", "s", {}]],
  );
});

test("a picture whose address cannot be read or is too long is a link", () => {
  const { text } = renderMarkdown(
    `![a](%E3%82.png) ![b](attachment:%E3) ![c](${"x".repeat(5000)}.png)`,
    {},
    folder,
  );
  assert.equal(text.match(/<a href=/g)?.length, 3);
});

test("a notebook's lines behind charts are used where their places fit, and hidden where they do not", () => {
  const table = {
    labels: ["a"],
    texts: ["秘密の台詞"],
    tests: [{ name: "t", items: [1], gold: "0" }],
    runs: [],
  };
  const cell = { cell_type: "code" as const, source: "", metadata: {} };
  const outputs = [{ [LINES_MIME]: table }, { "text/plain": "秘密の台詞" }].map((data) => ({
    output_type: "display_data" as const,
    data,
  }));
  const notebook = { cells: [{ ...cell, outputs }], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  assert.deepEqual(linesTables(notebook), []);
  assert.doesNotMatch(JSON.stringify(withoutLines(notebook)), /秘密/);
});

test("texts of more tokens than features are kept for are predicted by the whole network", () => {
  const texts = (count: number) =>
    new Array(count).fill({ ids: new Array(1024).fill(5), segmentIds: new Array(1024).fill(0) });
  assert.deepEqual([areKept(texts(512)), areKept(texts(513))], [true, false]);
});
