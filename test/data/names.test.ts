import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf, namesOf } from "../../lib/data/names";

const STORIES = ["001", "002", "第三話", "ｷﾞｬｸﾞ編", "夏 休み, 後編"];
const stories = (list: string) => namesOf(list, STORIES, "testStories");

for (const list of [
  "001 002",
  "001, 002",
  "001,002",
  "001、002",
  "001，002",
  "001　002",
  " 001\n002 ",
  '["001", "002"]',
])
  test(`${JSON.stringify(list)} lists both names`, () => {
    assert.deepEqual(stories(list), ["001", "002"]);
  });

test("of a list every part must be there, and the others are named beside what there is", () => {
  assert.throws(
    () => stories("001 999, 888"),
    /^Error: testStories: there is no 999, 888; there are 001, 002, 第三話,/,
  );
});

test("a name with separators is given in a JSON list", () => {
  assert.deepEqual(stories('["夏 休み, 後編"]'), ["夏 休み, 後編"]);
  assert.throws(() => stories("夏 休み, 後編"), /goes into a JSON list: \["夏 休み, 後編"\]/);
});

test("names are compared whatever their width and given as they are known, each once", () => {
  assert.deepEqual(stories("００１ ギャグ編 001"), ["001", "ｷﾞｬｸﾞ編"]);
});

test("an empty list lists nothing", () => {
  assert.deepEqual(stories(" "), []);
});

test("numbers of a JSON list are names, other values and broken lists are refused", () => {
  assert.deepEqual(namesOf("[1, 2]", ["1", "2"], "labels"), ["1", "2"]);
  for (const list of ['["001"', "[[1]]", "[null]"])
    assert.throws(() => stories(list), /testStories: .* but is none/);
});

test("many names are cut short in a message", () => {
  const known = Array.from({ length: 30 }, (_, i) => `s${i}`);
  assert.throws(() => namesOf("x", known, "testStories"), /s18, s19 and 10 more$/);
});

test("one name is taken whole", () => {
  assert.equal(nameOf("夏　休み, 後編", STORIES, "story"), "夏 休み, 後編");
  assert.throws(() => nameOf("001 002", STORIES, "story"), /story: there is no 001 002; there are 001/);
});
