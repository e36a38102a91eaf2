/** Readers of models: weights, configuration, tokenizers, dictionaries, vectors, features. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readEncoder } from "../../lib/models/encoders";
import { loadPretrained } from "../../lib/models/pretrained";
import { projectRoot, sha256 } from "../../lib/support/files";
import { openDoc2vec } from "../../packages/doc2vec";
import { FeatureStore } from "../../packages/feature-store";
import { readPyTorch, readSafetensors } from "../../packages/hf-files";
import { segmenterOf } from "../../packages/mecab/lattice";
import { readMecabDictionary } from "../../packages/mecab/mecab-dictionary";
import { withUserWords } from "../../packages/mecab/user-dictionary";
import { readAdapter } from "../../packages/peft";
import { readWordVectors } from "../../packages/recurrent/vectors";
import { openTokenizer } from "../../packages/tokenizer";
import spiece from "../../packages/tokenizer/test/spiece.json";
import { readSentencePiece } from "../../packages/unigram";
import unigram from "../../packages/unigram/test/unigram.json";
import mecab from "../reference/mecab.json";
import { mutateBytes, mutateJson, mutateProtocolBuffer, mutateTable } from "./mutate";
import { inCopy, json, quiet, type Reader, reference, safetensors, samples, written } from "./reader";

const model = join(projectRoot, "data/model");
/** The files of a tokenizer; of the vocabulary the first pieces, as all of them would take most of the time. */
const PIECES = 40;
const tokenizer: Readonly<Record<string, Buffer>> = {
  ...Object.fromEntries(
    ["config.json", "tokenizer_config.json"].map((name) => [name, readFileSync(join(model, name))]),
  ),
  "vocab.txt": Buffer.from(
    readFileSync(join(model, "vocab.txt"), "utf8").split("\n").slice(0, PIECES).join("\n"),
  ),
};
const openWith =
  (name: string): Reader["read"] =>
  (folder, damaged) => {
    for (const [own, content] of Object.entries({ ...tokenizer, [name]: damaged }))
      writeFileSync(join(folder, own), content);
    return openTokenizer(folder);
  };
const decoder = { added_tokens_decoder: { [PIECES]: { content: "<a>", lstrip: true, special: true } } };
/** Files that name tokens beside the vocabulary's. */
const naming = {
  "added_tokens.json": { "<a>": PIECES, "<b>": PIECES + 1 },
  "special_tokens_map.json": {
    cls_token: "[CLS]",
    mask_token: { content: "[MASK]", lstrip: false },
    additional_special_tokens: ["<a>"],
  },
  "tokenizer.json": { added_tokens: [{ id: PIECES, content: "<a>", single_word: true }] },
};
const adapter = ["adapter_config.json", "adapter_model.safetensors"];
const dictionary = new Map(
  Object.entries(mecab.files).map(([name, content]) => [name, gunzipSync(Buffer.from(content, "base64"))]),
);
const texts = mecab.lines.slice(0, 20).map(([text]) => text as string);
const unigramFolder = {
  "tokenizer.json": unigram.tokenizers.nfkc.file,
  "tokenizer_config.json": { cls_token: "<cls>", sep_token: "<sep>" },
};
const writeDictionary = (folder: string) => {
  for (const [name, content] of dictionary) writeFileSync(join(folder, name), content);
};

/** A pack of two texts. */
const features = Buffer.concat([
  Buffer.from(
    `${JSON.stringify([
      ["1 2/00", 4],
      ["1 3/00", 4],
    ])}\n`,
  ),
  Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer),
]);

export const MODEL_READERS: readonly Reader[] = [
  {
    name: "safetensors",
    sample: () => readFileSync(reference("bert/files/types.safetensors")),
    mutate: safetensors,
    read: written("model.safetensors", readSafetensors),
    first: /cut off|header/,
  },
  ...["zip.bin", "old.bin"].map(
    (name): Reader => ({
      name: `PyTorch, ${name}`,
      sample: () => readFileSync(reference(`bert/files/${name}`)),
      mutate: (sample, random) => mutateBytes(sample, random),
      read: written("pytorch_model.bin", readPyTorch),
      first: /cut off|damaged zip|table of contents|no file of torch/,
    }),
  ),
  {
    name: "config.json",
    sample: () => readFileSync(join(model, "config.json")),
    mutate: json(),
    read: written("config.json", readEncoder),
    first: /cannot be read as JSON|no JSON object/,
  },
  ...Object.entries(tokenizer).map(
    ([name, content]): Reader => ({
      name: `tokenizer, ${name}`,
      sample: () => content,
      mutate: name.endsWith(".json")
        ? json((value) => (name === "tokenizer_config.json" ? { ...(value as object), ...decoder } : value))
        : (sample, random) => mutateTable(sample.toString(), "\t", random),
      read: openWith(name),
      first: /cannot be read as JSON|no JSON object/,
      place: /config\.json|vocab\.txt|tokenizer_config\.json/,
    }),
  ),
  {
    name: "PEFT's adapter_config.json",
    sample: () => readFileSync(reference("adapter/adapter_config.json")),
    mutate: json(),
    read: inCopy(reference("adapter"), adapter, "adapter_config.json", readAdapter),
    first: /cannot be read as JSON|no JSON object/,
    place: /adapter_(config\.json|model\.safetensors)/,
  },
  {
    name: "PEFT's adapter_model.safetensors",
    sample: () => readFileSync(reference("adapter/adapter_model.safetensors")),
    mutate: safetensors,
    read: inCopy(reference("adapter"), adapter, "adapter_model.safetensors", readAdapter),
    first: /cut off|header/,
    place: /adapter_(config\.json|model\.safetensors)/,
  },
  ...["config.json", "model.safetensors"].map(
    (name): Reader => ({
      name: `model, ${name}`,
      sample: () => readFileSync(join(samples().model, name)),
      mutate: name.endsWith("json") ? json() : safetensors,
      read: inCopy(() => samples().model, ["config.json", "model.safetensors"], name, loadPretrained),
      first: /cannot be read as JSON|no JSON object|cut off|header/,
      place: /config\.json|model\.safetensors/,
    }),
  ),
  {
    name: "model.safetensors.index.json",
    sample: () =>
      Buffer.from(
        JSON.stringify({
          metadata: {},
          weight_map: Object.fromEntries(
            Object.keys(readSafetensors(join(samples().model, "model.safetensors"))).map((name) => [
              name,
              "part.safetensors",
            ]),
          ),
        }),
      ),
    mutate: json(),
    read: (folder, damaged) => {
      writeFileSync(
        join(folder, "part.safetensors"),
        readFileSync(join(samples().model, "model.safetensors")),
      );
      return inCopy(
        () => samples().model,
        ["config.json"],
        "model.safetensors.index.json",
        loadPretrained,
      )(folder, damaged);
    },
    first: /cannot be read as JSON|no JSON object/,
    place: /index\.json|part\.safetensors/,
  },
  ...Object.entries(naming).map(
    ([name, content]): Reader => ({
      name: `tokenizer, ${name}`,
      sample: () => Buffer.from(JSON.stringify(content)),
      mutate: json(),
      read: openWith(name),
      first: /cannot be read as JSON|no JSON object/,
      place: /(tokens(_map)?|tokenizer)\.json|vocab\.txt/,
    }),
  ),
  {
    name: "unigram, tokenizer.json",
    sample: () => Buffer.from(JSON.stringify(unigramFolder["tokenizer.json"])),
    mutate: json(),
    read: (folder, damaged) => {
      writeFileSync(join(folder, "tokenizer.json"), damaged);
      writeFileSync(
        join(folder, "tokenizer_config.json"),
        JSON.stringify(unigramFolder["tokenizer_config.json"]),
      );
      return openTokenizer(folder).then(({ tokens }) =>
        unigram.lines.slice(0, 5).map((line) => tokens(line)),
      );
    },
    first: /cannot be read as JSON|no JSON object/,
    place: /tokenizer(_config)?\.json/,
  },
  {
    name: "SentencePiece, spiece.model",
    sample: () => Buffer.from(spiece.plain.model, "base64"),
    mutate: mutateProtocolBuffer,
    read: written("spiece.model", (path) => {
      const { encode } = readSentencePiece(path);
      return unigram.lines.slice(0, 5).map(encode);
    }),
    first: /no whole model/,
    place: /spiece\.model/,
  },
  ...["sys.dic", "unk.dic", "char.bin", "matrix.bin"].map(
    (name): Reader => ({
      name: `MeCab, ${name}`,
      sample: () => dictionary.get(name)!,
      mutate: (sample, random) => mutateBytes(sample, random, random() < 0.5 ? 0 : 72),
      read: (folder, damaged) => {
        writeDictionary(folder);
        writeFileSync(join(folder, name), damaged);
        return texts.map(segmenterOf(readMecabDictionary(folder)));
      },
      first: /not a dictionary|header|cut off/,
      place: /\.(dic|bin)/,
    }),
  ),
  {
    name: "MeCab's user dictionary",
    sample: () => Buffer.from('猫鳥,1,2,30,x\n"犬,犬",,,5000,名詞\nアイ,0,0,-5,x'),
    mutate: (sample, random) => mutateTable(sample.toString(), ",", random),
    read: (folder, damaged) => {
      writeDictionary(folder);
      const path = join(folder, "user_dictionary.csv");
      writeFileSync(path, damaged);
      return texts.map(segmenterOf(quiet(() => withUserWords(readMecabDictionary(folder), path, 1))));
    },
    first: /is neither UTF-8/,
    place: /user_dictionary\.csv/,
  },
  ...["doc2vec.json", "doc2vec.safetensors"].map(
    (name): Reader => ({
      name: `doc2vec, ${name}`,
      sample: () => readFileSync(join(samples().doc2vec, name)),
      mutate: name.endsWith("json") ? json() : safetensors,
      read: inCopy(
        () => samples().doc2vec,
        ["doc2vec.json", "doc2vec.safetensors"],
        name,
        (folder) => openDoc2vec(folder).infer(["良い", "店"]),
      ),
      first: /cannot be read as JSON|no JSON object|cut off|header/,
      place: /doc2vec\.(json|safetensors)/,
    }),
  ),
  ...["txt", "bin"].map(
    (ending): Reader => ({
      name: `word vectors, .${ending}`,
      sample: () =>
        ending === "txt"
          ? Buffer.from("3 4\n猫 1 2 3 4\nof the 0 -1 1e-3 2\n犬 4 3 2 1\n")
          : Buffer.concat([
              Buffer.from("2 4\n猫 "),
              Buffer.from(Float32Array.of(1, 2, 3, 4).buffer),
              Buffer.from("\n犬 "),
              Buffer.from(Float32Array.of(4, 3, 2, 1).buffer),
            ]),
      mutate: (sample, random) => {
        if (random() < 0.4) return mutateBytes(sample, random, random() < 0.5 ? 0 : 4);
        const first = ["3 4", "2 4", "2 5", "99999999999 4", "2 4096", "0 0", "1 4 1", "9".repeat(400), ""];
        if (random() < 0.3 || ending === "bin")
          return Buffer.concat([
            Buffer.from(first[Math.floor(first.length * random())]),
            mutateBytes(sample, random).subarray(3),
          ]);
        return mutateTable(sample.toString(), " ", random);
      },
      read: written(`vectors.${ending}`, (path) => readWordVectors(path, ["猫", "犬", "of the"]).of("猫")),
      first: /no line of two counts|is empty/,
      place: /vectors\.(txt|bin)/,
    }),
  ),
  {
    name: "pack of features",
    sample: () => features,
    mutate: (sample, random) => {
      const end = sample.indexOf("\n");
      if (random() < 0.3) return mutateBytes(sample, random);
      const header = mutateJson(JSON.parse(sample.toString("utf8", 0, end)), random);
      return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), sample.subarray(end + 1)]);
    },
    read: (folder, damaged) => {
      writeFileSync(join(folder, `${sha256(damaged).slice(0, 16)}.pack`), damaged);
      // one that cannot be read is passed over, and its texts are computed again
      if (new FeatureStore(folder).size === 0) throw new Error("features.pack is passed over");
    },
    first: /never/,
    place: /features\.pack/,
  },
];
