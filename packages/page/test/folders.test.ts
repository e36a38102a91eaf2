/** No folder of the machine is named in a private report. */
import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../../lib/support/files";
import { type Cell, VEGALITE_MIME } from "../../notebook";
import { code, notebook } from "../../notebook/test/sample";
import { withoutFolders } from "..";

const { value, notebook: hidden } = withoutFolders([]);

test("of a path its last name is left; items, tags, addresses and fractions stay", () => {
  for (const [text, left] of [
    ["read /home/a/own lines.csv", "read …/own lines.csv"],
    ['"~/data/lines.csv"', '"…/lines.csv"'],
    ["manga=/srv/a/b.csv", "manga=…/b.csv"],
    ["file:///srv/a/b.csv", "…/b.csv"],
    ["C:\\Users\\a\\b.csv", "…/b.csv"],
    ["話1/ギャグ/3", "話1/ギャグ/3"],
    ["<b>x</b>/<i>y</i>", "<b>x</b>/<i>y</i>"],
    ["https://a.b/c/d", "https://a.b/c/d"],
    ["1 / 2 / 3", "1 / 2 / 3"],
    ["data/manga.tsv", "data/manga.tsv"],
  ])
    assert.equal(value(text), left);
});

test("the folders of this machine are known by name, also where no path begins with them", () => {
  assert.equal(value(`in ${projectRoot}, ${homedir()}`), "in …, …");
  assert.equal(value(join(projectRoot, "runs", "01", "result.json")), "…/result.json");
});

test("a folder that a setting or the command names is left out, spaces and letters of HTML too", () => {
  const own = withoutFolders(["--set", "manga=/srv/私の 研究/A & B/lines.csv", '"../秘密 の箱/more.csv"']);
  assert.deepEqual(
    [
      "/srv/私の 研究/A & B/lines.csv: 3 rows",
      "<td>/srv/私の 研究/A &amp; B/lines.csv</td>",
      "../秘密 の箱/more.csv",
      "data/manga.tsv",
    ].map(own.value),
    ["…/lines.csv: 3 rows", "<td>…/lines.csv</td>", "…/more.csv", "data/manga.tsv"],
  );
});

test("lists, maps and objects lose theirs; numbers and dates stay", () => {
  const at = new Date(0);
  assert.deepEqual(value({ a: ["/srv/a/b", 1, null], m: new Map([["k", "/srv/a/c"]]), at }), {
    a: ["…/b", 1, null],
    m: new Map([["k", "…/c"]]),
    at,
  });
});

const JPEG = "/9j/4AAQSkZJRg/ABAQ/AAAB/2w";

test("a notebook's texts and words lose their folders, its regular expressions and pictures stay", () => {
  const cell = {
    ...code('const manga = "/srv/me/lines.csv", parts = text.split(/a/b/);'),
    outputs: [
      { output_type: "stream", text: ["/srv/me/lines.csv: 3 rows"] },
      {
        output_type: "display_data",
        data: {
          [VEGALITE_MIME]: { title: "of /srv/me/lines.csv" },
          "image/jpeg": JPEG,
          "text/html": `<img src="data:image/jpeg;base64,${JPEG}">`,
        },
      },
    ],
  };
  const { source, outputs } = hidden(notebook([cell as Cell])).cells[0]!;
  assert.equal(source, 'const manga = "…/lines.csv", parts = text.split(/a/b/);');
  assert.deepEqual(outputs![0]!.text, ["…/lines.csv: 3 rows"]);
  assert.deepEqual(outputs![1]!.data, {
    [VEGALITE_MIME]: { title: "of …/lines.csv" },
    "image/jpeg": JPEG,
    "text/html": `<img src="data:image/jpeg;base64,${JPEG}">`,
  });
});
