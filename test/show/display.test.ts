import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { confusionMatrix } from "../../lib/show/charts";
import { inNotebook, markdown, place, show } from "../../lib/show/display";
import { table } from "../../lib/show/tables";

const hook = Symbol.for("komalab.display");
const world = globalThis as { [key: symbol]: unknown };

interface Sent {
  readonly content: {
    data: Record<string, unknown>;
    metadata?: Record<string, Record<string, unknown>>;
    transient?: { display_id: string };
  };
  readonly update: boolean;
}

/** A kernel that remembers what it was given. */
function listen(): Sent[] {
  const sent: Sent[] = [];
  world[hook] = (content: Sent["content"], update: boolean) => sent.push({ content, update });
  return sent;
}

afterEach(() => {
  delete world[hook];
  mock.restoreAll();
});

const matrix = confusionMatrix(
  [
    {
      name: "last",
      counts: [
        [51, 5],
        [6, 4],
      ],
    },
  ],
  { labels: ["喜楽以外", "喜楽"], title: "混同行列" },
);

test("a chart is one bundle: an object for vega, a picture, a sentence, and no HTML", async () => {
  const sent = listen();
  await show(matrix);
  assert.equal(sent.length, 1);
  const { data, metadata } = sent[0].content;
  assert.deepEqual(Object.keys(data), ["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
  assert.equal(data["application/vnd.vegalite.v5+json"], matrix);
  assert.match(String(data["text/plain"]), /^混同行列\n.*喜楽 4 of 10 \(accuracy 0\.83\)/);
  const png = Buffer.from(String(data["image/png"]), "base64");
  assert.equal(metadata?.["image/png"].width, png.readUInt32BE(16) / 2, "shown at half its pixels");
});

test("a table is HTML and text", async () => {
  const sent = listen();
  await show(table([{ touch: "ギャグ" }]));
  assert.deepEqual(Object.keys(sent[0].content.data), ["text/html", "text/plain"]);
});

test("a frame is shown as a table", async () => {
  const sent = listen();
  await show({ columns: ["a"], values: [[1]] });
  assert.match(String(sent[0].content.data["text/html"]), /<th scope="row"[^>]*>1</);
});

test("Markdown brings its text along", () => {
  assert.deepEqual(markdown("*5*"), { "text/markdown": "*5*", "text/plain": "*5*" });
});

test("a place is shown once and then updated under the same name", () => {
  const sent = listen(),
    put = place();
  put({ "text/plain": "1" });
  put({ "text/plain": "2" });
  assert.deepEqual(
    sent.map(({ update }) => update),
    [false, true],
  );
  assert.equal(sent[0].content.transient?.display_id, sent[1].content.transient?.display_id);
});

test("two places have two names", () => {
  const sent = listen();
  place()({});
  place()({});
  assert.notEqual(sent[0].content.transient?.display_id, sent[1].content.transient?.display_id);
});

test("outside a notebook the text is printed and nothing is drawn", async () => {
  const log = mock.method(console, "log", () => undefined);
  await show(matrix);
  await show(markdown("# 結果"));
  assert.equal(inNotebook(), false);
  assert.match(String(log.mock.calls[0].arguments[0]), /^混同行列\n/);
  assert.equal(log.mock.calls[1].arguments[0], "# 結果");
});
