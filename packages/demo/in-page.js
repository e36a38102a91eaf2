// Runs in the page of a demo: opens the model that the page holds, reads what is typed, and says what the
// model makes of it in both languages, of which the page shows one.
// @ts-check
import * as ort from "onnxruntime-web/dist/ort.wasm-core.min.js";
import { fromPage } from "./contents";
import { holdEngine } from "./engine";
import { answerOf, dropsOf } from "./marks";
import { openNetwork } from "./network";
import { readerOf } from "./reading";
import { unpacked } from "./unpack";

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(`demo-${id}`);
const form = element("form"),
  field = element("text"),
  result = element("result"),
  status = element("status");

/** An element with texts and elements in it. @param {string} tag @param {object} about @param {any[]} inside */
const make = (tag, about, ...inside) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
};
/** The same in both languages. @param {any[]} en @param {any[]} ja */
const both = (en, ja) => [
  make("span", { lang: "en", "data-in": "en" }, ...en),
  make("span", { lang: "ja", "data-in": "ja" }, ...ja),
];
/** @param {any[]} parts */
const say = (...parts) => status.replaceChildren(...parts);

/** Names of words in a sentence, each once. @param {string[]} words */
const listed = (words) => [...new Set(words)].map((word) => `「${word}」`).join("");
/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const signed = (/** @type {number} */ nats) => `${nats < 0 ? "−" : "+"}${Math.abs(nats).toFixed(2)}`;

/** Of a class a bar as long as its probability. @param {{ en: string, ja: string }} name @param {number} share */
const chance = ({ en, ja }, share) =>
  make(
    "li",
    {},
    make("span", {}, ...both([en], [ja])),
    make("span", { class: "bar", style: `--share: ${share.toFixed(4)}`, "aria-hidden": "true" }),
    make("span", {}, percent(share)),
  );

/**
 * What of a text the page's dictionary and vocabulary do not know.
 * @param {string} text @param {import("./reading").Reading} reading
 */
function limitsOf(text, { words, leftOut, tooMany }) {
  const named = (/** @type {(word: import("./reading").Word) => boolean} */ which) =>
    listed(words.filter(which).map(({ span }) => text.slice(...span)));
  const said = [
    [
      listed([...leftOut]),
      "the whole dictionary has this word, the one in this file has not; the run may cut the line otherwise.",
      "は辞書全体にはあるが、このファイルの辞書にはない。元の実行とは区切りが違うことがある。",
    ],
    [
      named(({ unknownPiece, otherPieces }) => otherPieces && !unknownPiece),
      "the whole vocabulary has other pieces for it than the one in this file; the run reads them.",
      "は、このファイルの語彙では元の実行とは違うサブワードに分かれる。",
    ],
    [
      named(({ unknownPiece, otherPieces }) => otherPieces && unknownPiece),
      "the vocabulary in this file has no piece for it, the whole one has; here the model reads [UNK] in its place.",
      "は、このファイルの語彙では読めない（語彙全体では読める）。ここでは未知の語（[UNK]）として読んだ。",
    ],
    [
      named(({ unknownPiece, otherPieces }) => !otherPieces && unknownPiece),
      "no piece of the vocabulary has one of its characters; the model reads [UNK] in its place.",
      "は語彙にない文字を含むため、未知の語（[UNK]）として読んだ。",
    ],
    [
      named(
        ({ span, unknownWord }) => unknownWord && !leftOut.some((one) => text.slice(...span).includes(one)),
      ),
      "no word of the dictionary; it was taken for one by its kinds of characters.",
      "は辞書にない語であり、文字の種類から区切った。",
    ],
  ].flatMap(([names, en, ja]) => (names ? [both([`${names}: ${en}`], [`${names}${ja}`])] : []));
  const cutOff = both(
    [`The text is longer than the model takes: its last ${tooMany} tokens were left out.`],
    [`文がモデルの上限より長いため、末尾の ${tooMany} トークンは読んでいない。`],
  );
  return [...said, ...(tooMany > 0 ? [cutOff] : [])].map((one) => make("p", { class: "limit" }, ...one));
}

/** The text with its words marked. @param {string} text @param {import("./reading").Word[]} words @param {number[]} drops */
function marked(text, words, drops) {
  const strongest = Math.max(0.2, ...drops.map(Math.abs)); // of a text without a strong word none is dark
  const parts = [];
  let at = 0;
  for (const [i, { span }] of words.entries()) {
    if (span[0] > at) parts.push(text.slice(at, span[0]));
    const weight = Math.abs(drops[i]) / strongest,
      kind = weight < 0.1 ? "none" : drops[i] > 0 ? "for" : "against";
    const begin = Math.max(at, span[0]); // a character may be shared by two words (㌔)
    parts.push(
      make(
        "span",
        { class: `word ${kind}`, style: `--weight: ${weight.toFixed(3)}`, title: signed(drops[i]) },
        text.slice(begin, span[1]),
      ),
    );
    at = Math.max(at, span[1]);
  }
  return make("p", { class: "marked", lang: "ja" }, ...parts, text.slice(at));
}

/** The words with the largest numbers of one sign. @param {string} text @param {import("./reading").Word[]} words @param {number[]} drops @param {1 | -1} sign */
const most = (text, words, drops, sign) =>
  drops
    .map((drop, i) => ({ drop, word: text.slice(...words[i].span) }))
    .filter(({ drop }) => sign * drop > 0.005)
    .sort((a, b) => sign * (b.drop - a.drop))
    .slice(0, 3)
    .map(({ drop, word }) => `「${word}」 ${signed(drop)}`);

/** @param {string} text @param {import("./reading").Word[]} words @param {number[]} drops @param {{ en: string, ja: string }} label */
function inWords(text, words, drops, label) {
  const [support, oppose] = [most(text, words, drops, 1), most(text, words, drops, -1)];
  const none = both(["No word alone moves the answer."], ["一語だけで答えを動かす語はない。"]);
  const line = (/** @type {string[]} */ words, /** @type {string} */ en, /** @type {string} */ ja) =>
    words.length === 0
      ? []
      : [make("p", {}, ...both([`${en}: ${words.join(", ")}`], [`${ja}：${words.join("、")}`]))];
  return support.length + oppose.length === 0
    ? [make("p", {}, ...none)]
    : [
        ...line(support, `Towards ${label.en}`, `${label.ja}を支えた語`),
        ...line(oppose, "Against it", "逆向きに働いた語"),
      ];
}

/** Opens what the page holds; what is opened is taken out of the page. @param {string} name */
async function bytesOf(name) {
  const holder = element(name),
    letters = holder.textContent;
  holder.remove();
  return unpacked(letters);
}

/** Lets the browser draw. */
const drawn = () => new Promise((done) => setTimeout(done));

async function start() {
  if (typeof DecompressionStream === "undefined" || typeof WebAssembly === "undefined")
    throw new Error("DecompressionStream, WebAssembly");
  const { classes, ...contents } = JSON.parse(element("contents").textContent);
  const [engine, model, trie, tokens, connections, characters, leftOut] = await Promise.all(
    ["engine", "model", "trie", "tokens", "connections", "characters", "leftOut"].map(bytesOf),
  );
  holdEngine(engine);
  // @ts-expect-error onnxruntime's own names of files are not asked for
  ort.env.wasm.wasmPaths = { "ort-wasm-simd.wasm": "engine" };
  // @ts-expect-error of onnxruntime-web what network.ts says of it is used
  const network = await openNetwork(ort, model);
  const read = readerOf(fromPage(contents, { trie, tokens, connections, characters, leftOut }));

  let asked = 0;
  const answer = async (/** @type {string} */ text) => {
    const turn = ++asked; // of two texts the later one's answer stays
    const reading = read(text);
    const [logits] = await network([reading.ids]);
    if (turn !== asked) return;
    const said = answerOf(logits),
      label = classes[said.label],
      sure = percent(said.probabilities[said.label]);
    const shown = [
      make(
        "p",
        { class: "short" },
        ...both([`Prediction: ${label.en} (${sure})`], [`予測：${label.ja}（${sure}）`]),
      ),
      make("ul", { class: "chances" }, ...said.probabilities.map((share, c) => chance(classes[c], share))),
    ];
    const marks = make("div", {}); // filled later, so that a screen reader says what is new alone
    result.replaceChildren(...shown, marks, ...limitsOf(text, reading));
    Object.assign(result.dataset, { logits: JSON.stringify(said.logits), state: "answered" });
    say(...both(["Looking at each word …"], ["語ごとに調べている…"]));
    await drawn();
    const drops = await dropsOf(network, reading, said);
    if (turn !== asked) return;
    marks.append(marked(text, reading.words, drops), ...inWords(text, reading.words, drops, label));
    Object.assign(result.dataset, { drops: JSON.stringify(drops), state: "marked" });
    say();
  };
  const asks = (/** @type {string} */ text) => {
    result.dataset.state = "asked";
    if (text.trim() === "") {
      say(...both(["Type a line first."], ["先に文を入力してください。"]));
      field.focus();
      return;
    }
    answer(text).catch(failed);
  };
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    asks(field.value);
  });
  for (const button of document.querySelectorAll(".examples button"))
    button.addEventListener("click", () => {
      field.value = button.textContent;
      asks(field.value);
    });
  for (const one of document.querySelectorAll("main :disabled")) one.removeAttribute("disabled");
  field.value ||= document.querySelector(".examples button")?.textContent ?? "";
  asks(field.value);
}

/** @param {unknown} error */
function failed(error) {
  const why = error instanceof Error ? error.message : String(error);
  result.dataset.state = "failed";
  say(
    ...both(
      [
        `The model could not be run in this browser (${why}). A Chrome, Edge, Firefox or Safari of 2023 or later can.`,
      ],
      [
        `このブラウザではモデルを動かせない（${why}）。2023 年以降の Chrome、Edge、Firefox、Safari で開いてください。`,
      ],
    ),
  );
}

start().catch(failed);
