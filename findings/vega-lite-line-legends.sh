#!/usr/bin/env bash
# vega-lite: a line with points in colour and shape has two legends until 6.4.1, then one; what mends it there leaves
# none here.
#
# One would guess that channels of one field with one title share a legend, as colour and dash do, and as colour and
# shape do where the mark is a point; and that legend: null at one channel takes that channel's part away. Seen in
# 5.23.0 and 6.4.1: a legend of colours, and a second one below it with the same title and names, whose shapes have
# no colour, since a line with points becomes two layers and the lines have no shape. shape: { legend: null } then
# leaves the first. In 6.4.2 (January 2026) both are one, and legend: null at shape takes away all of it, without a
# warning; so a chart that was mended loses its names (src/compile/legend/assemble.ts).
#
# It matters to who tells series apart by more than colour, for readers who do not see it: JupyterLab 4 brings
# Vega-Lite 5, Altair and the web pages of today Vega-Lite 6, and the same lines do not give one legend in both.
# Colour and dash without shape do.
# (komalab draws with 5.23.0 alone: bench/lines-growth.ts.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# each beside the Vega of its time
mkdir five six
(cd five && npm init --yes >/dev/null && npm install --silent --no-audit --no-fund vega@5.33.0 vega-lite@5.23.0)
(cd six && npm init --yes >/dev/null && npm install --silent --no-audit --no-fund --legacy-peer-deps \
  vega@6.2.0 before@npm:vega-lite@6.4.1 after@npm:vega-lite@6.4.2)
cat > look.mjs <<'EOF'
import { createRequire } from "node:module";
import { join } from "node:path";

const here = import.meta.dirname;
const series = { field: "trained", type: "nominal" };
const chart = (channels) => ({
  data: { values: [{ lines: 1, seconds: 2, trained: "head" }, { lines: 2, seconds: 3, trained: "layer" }] },
  mark: { type: "line", point: true },
  encoding: {
    x: { field: "lines", type: "quantitative" },
    y: { field: "seconds", type: "quantitative" },
    ...channels,
  },
});
const SCALED = ["stroke", "fill", "strokeDash", "shape"];
const charts = {
  "colour, dash": { color: series, strokeDash: series },
  "colour, shape": { color: series, shape: series },
  "colour, dash, shape": { color: series, strokeDash: series, shape: series },
  "colour, dash, shape without legend": { color: series, strokeDash: series, shape: { ...series, legend: null } },
};
const legendsOf = ({ compile }, channels) =>
  (compile(chart(channels)).spec.legends ?? []).map((legend) => SCALED.filter((name) => legend[name]).join("+"));
const libraries = {
  "5.23.0": createRequire(join(here, "five", "look.cjs"))("vega-lite"),
  "6.4.1": await import(join(here, "six/node_modules/before/build/index.js")),
  "6.4.2": await import(join(here, "six/node_modules/after/build/index.js")),
};
const seen = Object.entries(libraries).map(([version, library]) => {
  const counts = Object.entries(charts).map(([name, channels]) => {
    const legends = legendsOf(library, channels);
    console.log(`${version}  ${name}: ${legends.join("  and  ") || "none"}`);
    return legends.length;
  });
  return counts.join();
});
if (seen.join(" ") !== "1,2,2,1 1,2,2,1 1,1,1,0") {
  console.log("this has changed");
  process.exit(1);
}
EOF
node look.mjs
