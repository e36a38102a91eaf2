/**
 * The corpus of pre-training as tokens: words once, then a vocabulary trained on them, then pieces; kept in
 * the cache folder.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { sha256, writeBeside } from "../../lib/support/files";
import type { OnProgress } from "../../lib/support/progress";
import { versions } from "../../lib/versions";
import { loadSegmenter } from "../mecab";
import { normalise, readVocabulary, type Vocabulary, vocabularyOf, wordpieces } from "../tokenizer";
import { type CorpusOptions, readCorpus } from "./corpus";
import { readTokens, type TokenTexts, tokenTexts, writeTokens } from "./tokens";
import { trainVocabulary, type VocabularyOptions } from "./vocabulary";

const PARTS = ["dialogue", "prose", "heldOutDialogue", "heldOutProse"] as const;

export interface TokenCorpus extends Readonly<Record<(typeof PARTS)[number], TokenTexts>> {
  readonly vocabulary: Vocabulary;
  /** The folder with vocab.txt and the tokens. */
  readonly folder: string;
  /** Which text this is, see Corpus.hash. */
  readonly hash: string;
}

interface PrepareOptions {
  readonly from: string;
  readonly cache: string;
  readonly corpus: CorpusOptions;
  readonly vocabulary: VocabularyOptions;
  readonly onProgress?: OnProgress;
}

const BATCH = 2000; // texts between two reports

/** Reads the tokens from the cache, or makes them first: some minutes for 20 million characters. */
export async function prepareCorpus({
  from,
  cache,
  corpus: options,
  vocabulary: wanted,
  onProgress = () => {},
}: PrepareOptions): Promise<TokenCorpus> {
  const corpus = readCorpus(from, options);
  const folder = join(cache, sha256(JSON.stringify([versions.tokenizer, corpus.hash, wanted])).slice(0, 16));
  const pathOf = (part: string) => join(folder, `${part}.tokens`);
  if (!PARTS.every((part) => existsSync(pathOf(part)))) {
    const segment = await loadSegmenter();
    const known = new Map<string, number>();
    const counts: number[] = [];
    const total = PARTS.reduce((sum, part) => sum + corpus[part].length, 0);
    let done = 0;
    const asWords = (text: string) => {
      if (done++ % BATCH === 0) onProgress({ task: "words", done, total });
      return Uint32Array.from(segment(normalise(text)), (word) => {
        let id = known.get(word);
        if (id === undefined) known.set(word, (id = counts.push(0) - 1));
        counts[id]++;
        return id;
      });
    };
    const words = new Map(PARTS.slice(0, 2).map((part) => [part, corpus[part].map(asWords)] as const));
    const seen = [...counts]; // held-out text has no say in the vocabulary
    for (const part of PARTS.slice(2)) words.set(part, corpus[part].map(asWords));
    onProgress({ task: "words", done: total, total });
    const spelt = [...known.keys()];
    const pieces = trainVocabulary(new Map(seen.map((count, id) => [spelt[id], count])), wanted);
    writeBeside(join(folder, "vocab.txt"), `${pieces.join("\n")}\n`);
    const vocabulary = vocabularyOf(pieces);
    const cut = spelt.map((word) => wordpieces(word, vocabulary));
    for (const [part, texts] of words)
      writeTokens(pathOf(part), tokenTexts(texts.map((text) => Array.from(text).flatMap((id) => cut[id]))));
  }
  const [dialogue, prose, heldOutDialogue, heldOutProse] = PARTS.map((part) => readTokens(pathOf(part)));
  return {
    dialogue,
    prose,
    heldOutDialogue,
    heldOutProse,
    vocabulary: readVocabulary(join(folder, "vocab.txt")),
    folder,
    hash: corpus.hash,
  };
}
