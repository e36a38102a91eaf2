/** The page of a demo: one file that is opened by a double click and needs nothing beside it. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bothTitles } from "../notebook";
import { bilingual, type Html, html, type Language, renderPage, renderRemark } from "../page";
import { pageProgram } from "./bundle";
import type { Contents } from "./contents";
import { packed } from "./pack";

/** How far the page's logits are from the run's, over the lines it was tested on. */
export interface Distance {
  readonly largest: number;
  readonly mean: number;
  /** Lines with the same class, of how many. */
  readonly same: number;
  readonly lines: number;
}

export interface DemoPage {
  /** Of the notebook, in both languages: "Data / データ". */
  readonly title: string;
  /** What the notebook says of all its numbers. */
  readonly remark?: string;
  readonly contents: Contents;
  /** The model and the tokenizer's arrays, by name. */
  readonly bytes: Readonly<Record<string, Uint8Array>>;
  readonly examples: readonly string[];
  /** Whether the examples are none of the data's lines. */
  readonly isPrivate: boolean;
  /** Sentences about model, dictionary and vocabulary. */
  readonly about: readonly { readonly en: string; readonly ja: string }[];
  readonly language?: Language;
}

const ORT = dirname(require.resolve("onnxruntime-web"));

/** onnxruntime's WebAssembly, for one thread and processors of the last ten years. */
export const engineBytes = (): Uint8Array => readFileSync(join(ORT, "ort-wasm-simd.wasm"));

const ENGINE =
  "ONNX Runtime Web 1.14.0, © Microsoft Corporation, MIT: https://github.com/microsoft/onnxruntime";

/** Names and terms of what others have made, as they ask. */
const noticesOf = (): string =>
  [
    ENGINE,
    "",
    readFileSync(join(dirname(require.resolve("kuromoji/package.json")), "NOTICE.md"), "utf8"),
  ].join("\n");

const LEAD = {
  en: "Type a line, and the trained model inside this file says its class and which words moved it; nothing is sent anywhere. It shows what this one model makes of lines like those it was trained on: it is no measure of how often it is right elsewhere, and a marked word tells what moved the model, not what the writer meant.",
  ja: "文を一つ入力すると、このファイルに入っている学習済みモデルがクラスを予測し、どの語が効いたかを示す（入力した文はどこにも送られない）。学習に使ったデータと似た文に対して、この一つのモデルがどう答えるかを見るためのものであり、ほかの文章での正しさを示すものではなく、印の付いた語もモデルを動かした語であって書き手の意図ではない。",
};

const MARKS = {
  en: "Each word is left out once: blue and a solid line is what the prediction rests on, red and a dashed line what speaks against it; the thicker, the more. The number is the change of the logarithm of the predicted class's probability.",
  ja: "語を一つずつ除いて調べた結果。青と実線は予測を支えた語、赤と破線は逆向きに働いた語で、線が太いほど影響が大きい。数値は、予測したクラスの対数確率の変化を表す。",
};

const body = ({ title, remark, examples, isPrivate, about }: DemoPage): Html => {
  const names = bothTitles(title) ?? { en: title, ja: title };
  return html`<main>
<h1>${bilingual({ en: `Try it: ${names.en}`, ja: `試してみる：${names.ja}` })}</h1>
${bilingual(LEAD, "p")}
${remark !== undefined && html`<blockquote><p>${renderRemark(remark)}</p></blockquote>`}
<form id="demo-form"><label for="demo-text">${bilingual({ en: "A line in Japanese", ja: "日本語の文" })}</label>
<input id="demo-text" lang="ja" autocomplete="off" enterkeyhint="go"><button disabled>${bilingual({ en: "Predict", ja: "予測する" })}</button></form>
<p class="quiet" id="demo-examples">${bilingual(
    isPrivate
      ? {
          en: "Or one of these, written for komalab (none is a line of the data):",
          ja: "または次の例から選ぶ（データの文ではなく、komalab のために書いたもの）：",
        }
      : {
          en: "Or one of these lines, on which the model was tested:",
          ja: "または次の例から選ぶ（モデルの学習に使っていないテストの文）：",
        },
  )}</p>
<ul class="examples" aria-labelledby="demo-examples">${examples.map((text) => html`<li><button type="button" lang="ja" disabled>${text}</button></li>`)}</ul>
<p class="quiet" id="demo-status" role="status">${bilingual({ en: "The model is being opened …", ja: "モデルを開いている…" })}</p>
<noscript><p class="limit">${bilingual({ en: "This page needs JavaScript.", ja: "このページには JavaScript が必要。" })}</p></noscript>
<div class="box answer"><h2>${bilingual({ en: "Answer", ja: "答え" })}</h2><div id="demo-result" aria-live="polite"></div></div>
<p class="quiet">${bilingual(MARKS)}</p>
<h2>${bilingual({ en: "What is in this file", ja: "このファイルの中身" })}</h2>
<ul>${about.map((words) => html`<li>${bilingual(words)}</li>`)}</ul>
<details><summary>${bilingual({ en: "What others have made", ja: "使用したソフトウェアと辞書" })}</summary><pre lang="en">${noticesOf()}</pre></details>
</main>`;
};

/** The text of the page. */
export async function demoPage(demo: DemoPage): Promise<string> {
  const { title, contents, bytes, language } = demo,
    names = bothTitles(title) ?? { en: title, ja: title };
  const all = { engine: engineBytes(), ...bytes };
  return renderPage({
    title: `Try it: ${names.en} / 試してみる：${names.ja}`,
    body: body(demo),
    language,
    program: {
      style: readFileSync(join(__dirname, "demo.css"), "utf8"),
      code: await pageProgram(),
      json: { "demo-contents": contents },
      bytes: Object.fromEntries(Object.entries(all).map(([name, one]) => [`demo-${name}`, packed(one)])),
    },
  });
}
