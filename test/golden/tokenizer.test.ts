/** Golden ids: the built-in model's vocabulary and the words of IPADIC. */
import { join } from "node:path";
import { encodeItems } from "../../lib/data/encode";
import { projectRoot } from "../../lib/support/files";
import { loadSegmenter } from "../../packages/mecab/morphemes";
import { characterCut, openTokenizer, tokenizerOf } from "../../packages/tokenizer";
import { golden } from "./check";
import { LINES } from "./lines";

const tokenizer = () => openTokenizer(join(projectRoot, "data/model"));
const flat = (
  encodings: readonly { readonly ids: readonly number[]; readonly segmentIds: readonly number[] }[],
) => ({
  lengths: encodings.map(({ ids }) => ids.length),
  ids: encodings.flatMap(({ ids }) => ids),
  types: encodings.flatMap(({ segmentIds }) => segmentIds),
});

golden({
  component: "tokenizer",
  constants: {},
  cases: {
    lines: async () => {
      const { encode } = await tokenizer();
      return Object.fromEntries(LINES.map((line, i) => [`line ${i + 1}`, encode(line).ids]));
    },
    pairs: async () => {
      const { encode } = await tokenizer();
      return flat(
        LINES.slice(0, 12).map((text, i) => encode(text, { pair: LINES[i + 12], maxLength: 12 + i })),
      );
    },
    "lines in context": async () => {
      const items = LINES.slice(12, 24).map((text, i) => ({ text, context: LINES.slice(i, i + (i % 4)) }));
      const { items: kept, texts } = encodeItems(items, await tokenizer(), { maxLength: 19 });
      return { kept: kept.map((item) => items.indexOf(item)), ...flat(texts) };
    },
    "long words": async () => {
      const { encode } = tokenizerOf((text) => text.split(" "), (await tokenizer()).vocabulary);
      return flat([100, 101].map((length) => encode(`${"x".repeat(length)} 猫`)));
    },
    characters: async () => {
      const { vocabulary } = await tokenizer();
      const { encode } = tokenizerOf(await loadSegmenter(), vocabulary, { cut: characterCut(vocabulary) });
      return flat(LINES.slice(18, 30).map((text) => encode(text)));
    },
  },
});
