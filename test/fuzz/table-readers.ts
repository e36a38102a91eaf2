/** Readers of tables and texts that people keep, and of tables that they paste. */
import { gzipSync } from "node:zlib";
import { readManga } from "../../lib/data/manga";
import { readReviews } from "../../lib/data/reviews";
import { readTexts } from "../../lib/data/texts";
import { readSynonyms } from "../../packages/augmentation";
import { correctionsCsv, readCorrections } from "../../packages/corrections";
import { pastedTable } from "../../packages/published-table";
import { readTable } from "../../packages/table-file";
import { mutateBytes, mutateTable } from "./mutate";
import { json, lines, quiet, type Reader, table, written } from "./reader";

const rows = (delimiter: string) =>
  Buffer.from(
    [
      ["story", "touch", "text", "emotion"],
      ["a", "ギャグ", "おはよう", "喜び"],
      ["a", "少女漫画", '"え、""本当""？"', "驚き"],
      ["b", "ギャグ", "うん", "喜び"],
    ]
      .map((row) => row.join(delimiter))
      .join("\n"),
  );
const objects = [1, 2, 3].map((i) => ({
  story: `s${i}`,
  touch: "ギャグ",
  text: `台詞${i}`,
  emotion: "喜び",
  page: i,
}));

const labelled = ["喜び", "驚き", "喜び"].map((label, i) => ({ id: `r${i}`, text: `台詞${i}`, label }));
/** A list that came back. */
const corrections = () =>
  Buffer.from(
    correctionsCsv(
      labelled.map((one) => ({ ...one, suggested: "驚き", probability: 0.9, agree: 1 })),
    ).replace(/,,,,\r\n/g, ",驚き,佐藤,2026-11-20,\r\n"),
  );

export const TABLE_READERS: readonly Reader[] = [
  {
    name: "corrections of labels",
    sample: corrections,
    mutate: table(","),
    read: written("corrections.csv", (path) => quiet(() => readCorrections(path, labelled))),
    place: /corrections\./,
    first: /is neither UTF-8|holds no row/,
  },
  ...(
    [
      ["csv", ","],
      ["tsv", "\t"],
    ] as const
  ).map(
    ([ending, delimiter]): Reader => ({
      name: ending,
      sample: () => rows(delimiter),
      mutate: table(delimiter),
      read: written(`lines.${ending}`, (path) => quiet(() => readTable(path))),
      first: /is neither UTF-8|holds no row/,
    }),
  ),
  {
    name: "lines of manga",
    sample: () => rows(","),
    mutate: table(","),
    read: written("manga.csv", (path) => quiet(() => readManga(path))),
    first: /is neither UTF-8|holds no row/,
  },
  {
    name: "csv.gz",
    sample: () => gzipSync(rows(",")),
    mutate: (sample, random) =>
      random() < 0.4 ? mutateBytes(sample, random) : gzipSync(mutateBytes(rows(","), random)),
    read: written("lines.csv.gz", (path) => quiet(() => readTable(path))),
    first: /no whole gzip/,
  },
  {
    name: "JSON lines",
    sample: () => Buffer.from(objects.map((one) => JSON.stringify(one)).join("\n")),
    mutate: lines,
    read: written("lines.jsonl", (path) => quiet(() => readTable(path))),
    first: /not a JSON object/,
  },
  {
    name: "JSON array",
    sample: () => Buffer.from(JSON.stringify(objects)),
    mutate: json(),
    read: written("lines.json", (path) => quiet(() => readTable(path))),
    first: /not a JSON object/,
  },
  {
    name: "reviews",
    sample: () =>
      Buffer.from('id,category,label,text\n1,a,好評,良い店\n2,a,不評,悪い店\n3,b,好評,"笑う\n店"'),
    mutate: table(","),
    read: written("lines.csv", (path) => quiet(() => readReviews(path))),
    first: /is neither UTF-8|holds no row/,
  },
  {
    name: "synonyms",
    sample: () => Buffer.from("# words\n良い\t素敵\t立派\n店,店舗\n"),
    mutate: table("\t"),
    read: written("lines.txt", (path) => quiet(() => readSynonyms(path))),
    first: /is neither UTF-8/,
  },
  {
    name: "texts",
    sample: () => Buffer.from("良い店\n\n悪い店だ\n笑う人"),
    mutate: (sample, random) =>
      random() < 0.5 ? mutateBytes(sample, random) : mutateTable(sample.toString(), "店", random),
    read: written("lines.txt", (path) => quiet(() => readTexts(path))),
    first: /is neither UTF-8|is broken/,
  },
  {
    name: "pasted table",
    sample: () =>
      Buffer.from(
        "| system | A | A |\n| | acc | F1 |\n|---|---|---|\n| BERT | .91 | .652 |\n| SVM | .85 | - |",
      ),
    mutate: (sample, random) =>
      random() < 0.7 ? mutateTable(sample.toString(), "|", random) : mutateBytes(sample, random).toString(),
    read: (_, damaged) => pastedTable(damaged.toString(), { metrics: ["accuracy", "f1"] }),
    first: /no rows/,
    place: /line \d+|pasted table|each row/,
  },
  {
    name: "pasted table, LaTeX",
    sample: () =>
      Buffer.from(
        "\\toprule\n & \\multicolumn{2}{c}{A} & \\multicolumn{2}{c}{B} \\\\\n & Acc & F1 & Acc & F1 \\\\\n\\midrule\n" +
          "BERT & .91 & \\textbf{.652} & .91 & .6 \\\\\nSVM & .85 & - & .80 & $.5$ \\\\",
      ),
    mutate: (sample, random) =>
      random() < 0.6
        ? mutateTable(sample.toString(), "&", random)
        : sample
            .toString()
            .replace(/\{\d\}|\.\d+/g, (number) =>
              random() < 0.2
                ? ["{9999999999}", "{0}", ".", ".9".repeat(40), "{-1}"][Math.floor(5 * random())]
                : number,
            ),
    read: (_, damaged) => pastedTable(damaged.toString(), { metrics: ["accuracy", "f1"] }),
    first: /no rows/,
    place: /line \d+|pasted table|each row/,
  },
];
