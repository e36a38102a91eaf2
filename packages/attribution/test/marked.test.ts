/** A line with its marks as HTML. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markedHtml, strongest, type Word } from "..";

/** Words of a text, given one after the other. */
function wordsOf(text: string, ...parts: readonly string[]): Word[] {
  let at = 0;
  return parts.map((part) => {
    const start = text.indexOf(part, at);
    at = start + part.length;
    return { text: part, start, end: at, places: [] };
  });
}
const plain = (html: string) => html.replace(/<br>/g, "\n").replace(/<[^>]*>/g, "");

test("markup of the text itself is text, in marked words and between them", () => {
  const text = '<b>彼は"嘘" & <script>夢</script>';
  const words = wordsOf(text, "<b>", "彼", "嘘", "&", "<script>", "夢");
  const html = markedHtml(text, words, [1, 0, 0, 0, 1, -1]);
  assert.equal(plain(html), "&lt;b&gt;彼は&quot;嘘&quot; &amp; &lt;script&gt;夢&lt;/script&gt;");
  assert.deepEqual([...new Set(html.match(/<\w+/g))], ["<mark", "<strong", "<em"]);
});

test("the text is whole, its spaces and lines too", () =>
  assert.equal(plain(markedHtml(" a\nb　c ", wordsOf(" a\nb　c ", "a", "b", "c"), [1, 2, 3])), " a\nb　c "));

test("for and against differ in more than colour, strong and weak too; small marks are none", () => {
  const text = "一二三四五",
    html = markedHtml(text, wordsOf(text, ..."一二三四五"), [0.9, -0.9, 0.4, -0.4, 0.1]);
  const marks = [...html.matchAll(/<mark style="([^"]*)" title="([^"]*)"><(\w+)>(.)/g)].map(
    ([, style, title, tag, word]) => [word, tag, title, /underline (\w+ \dpx)/.exec(style)![1]],
  );
  assert.deepEqual(marks, [
    ["一", "strong", "+0.90", "solid 3px"],
    ["二", "em", "−0.90", "dotted 3px"],
    ["三", "strong", "+0.40", "solid 1px"],
    ["四", "em", "−0.40", "dotted 1px"],
  ]);
  assert.ok(html.endsWith("五"));
});

test("tints let the page's own colours through, in the dark as well", () => {
  const html = markedHtml("一", wordsOf("一", "一"), [1]);
  assert.match(html, /color: inherit; background: rgba\(/);
});

test("the words with the largest marks stand with their numbers, the largest first", () => {
  const text = "一二三";
  assert.deepEqual(strongest(wordsOf(text, ..."一二三"), [0.4, -0.9, 0.1], 5), ["二 −0.90", "一 +0.40"]);
  assert.deepEqual(strongest(wordsOf(text, ..."一二三"), [0, 0, 0], 5), []);
});
