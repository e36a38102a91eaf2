#!/usr/bin/env bash
# vega-lite 5.23.0: an expression for labels that is right at an axis is wrong above a panel.
#
# One would guess that labelExpr means the same wherever Vega-Lite takes it: "names[datum.label] || datum.label" gives a
# name where there is one, and the label itself otherwise. At an axis and in a legend it does. In the header of a facet
# every label stays as it was, without a warning: src/compile/header/assemble.ts (assembleLabelTitle) puts the text of
# another expression, a condition with "?" and ":", in the place of the words datum.label, without brackets, and the
# whole then reads as "(names[…] || is it valid?) ? the label : …". With brackets around datum.label it works everywhere.
#
# It matters to who translates a chart's names, or shortens them: axes are right, panels are not, and nothing says so.
# (komalab: japaneseChart in packages/page/languages.ts.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund vega@5.33.1 vega-lite@5.23.0
cat > look.cjs <<'EOF'
const vega = require("vega");
const { compile } = require("vega-lite");

async function textsOf(labelExpr, where) {
  const named = { field: "name", type: "nominal" };
  const spec = {
    data: { values: [{ name: "fixed", score: 1 }, { name: "last", score: 2 }] },
    mark: "bar",
    encoding: {
      y: { field: "score", type: "quantitative", axis: null },
      ...(where === "axis"
        ? { x: { ...named, title: null, axis: { labelExpr } } }
        : { column: { ...named, title: null, header: { labelExpr } } }),
    },
  };
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: "none" });
  const svg = await view.toSVG();
  return [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, text]) => text).join(" ");
}

(async () => {
  const names = '{"fixed": "frozen"}[datum.label]';
  const seen = {
    "axis, without brackets": await textsOf(`${names} || datum.label`, "axis"),
    "header, without brackets": await textsOf(`${names} || datum.label`, "header"),
    "header, with brackets": await textsOf(`${names} || (datum.label)`, "header"),
  };
  for (const [what, texts] of Object.entries(seen)) console.log(`${what}: ${texts}`);
  const expected = ["frozen last", "fixed last", "frozen last"];
  if (JSON.stringify(Object.values(seen)) !== JSON.stringify(expected)) {
    console.log("this has changed");
    process.exit(1);
  }
})();
EOF
node look.cjs
