#!/bin/sh
# danfojs-node (npm) exchanges columns of rows, and sums, sorts and picks rows otherwise than pandas, in silence.
#
# One would guess that new DataFrame([{ a, b }, { b, a }]) reads rows by key, that a missing cell is left out of
# a group's mean, that a condition on a sorted frame picks the rows that meet it, that a copy is one, and that
# toCSV can be read again. Seen instead: rows go by the order of their keys; null counts as 0 in a group's mean
# and a NaN makes its maximum 0; ["a-b", "c"] and ["a", "b-c"] are one group; a mask picks other rows once the
# frame is sorted; text in a series is sorted backwards; a cell set in a copy is set in the frame; a cell with
# a comma becomes two columns. pandas 3.1.1 gives the guess in each case.
# Why it matters: every line is another number, and nothing is printed or thrown.
# Seen with danfojs-node 1.2.0 on Node.js 20 (TensorFlow.js in JavaScript in the place of tfjs-node, which
# these lines do not use); exits 1 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >package.json <<'JSON'
{
  "private": true,
  "dependencies": { "danfojs-node": "1.2.0" },
  "overrides": { "@tensorflow/tfjs-node": "npm:@tensorflow/tfjs@4.22.0", "xlsx": "0.18.5" }
}
JSON
npm install --silent --ignore-scripts >/dev/null
cat >try.js <<'JS'
console.warn = () => {};
const { DataFrame, toCSV } = require("danfojs-node");
const group = (values, by) => new DataFrame(values.map((v) => ({ g: "a", v }))).groupby(["g"]).col(["v"])[by]().values[0][1];
const sorted = new DataFrame([{ v: 3 }, { v: 1 }, { v: 2 }]).sortValues("v");
const source = new DataFrame([{ a: 1 }]);
source.copy().a = [9];
const keys = [{ g: "a-b", h: "c", v: 1 }, { g: "a", h: "b-c", v: 3 }];
const seen = {
  "rows { a: 1, b: 2 } and { b: 3, a: 4 }, column a (guess 1, 4)": [new DataFrame([{ a: 1, b: 2 }, { b: 3, a: 4 }]).a.values, [1, 3]],
  "mean of a group of 1 and null (guess 1)": [group([1, null], "mean"), 0.5],
  "maximum of a group of 5, NaN and 0 (guess 5)": [group([5, NaN, 0], "max"), 0],
  "mean of a group of \"1\" and \"2\" (guess an error)": [group(["1", "2"], "mean"), 6],
  "standard deviation of a group of one (guess NaN)": [group([5], "std"), 0],
  "groups of a-b, c and of a, b-c (guess 2)": [new DataFrame(keys).groupby(["g", "h"]).col(["v"]).mean().values.length, 1],
  "3, 1, 2 sorted, those above 1 (guess 2, 3)": [sorted.query(sorted.v.gt(1)).v.values, [3, 1]],
  "b, a sorted (guess a, b)": [new DataFrame([{ v: "b" }, { v: "a" }]).v.sortValues().values, ["b", "a"]],
  "1, whose copy was set to 9 (guess 1)": [source.values[0], [9]],
  "\"x,y\" and 1 as CSV (guess \"x,y\",1)": [toCSV(new DataFrame([{ t: "x,y", n: 1 }])).split("\n")[1], "x,y,1"],
};
let same = true;
for (const [what, [is, was]] of Object.entries(seen)) {
  console.log(`${what}: ${[is].flat().join(", ")}`);
  same &&= JSON.stringify(is) === JSON.stringify(was);
}
process.exit(same ? 0 : 1);
JS
node try.js
