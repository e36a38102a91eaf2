/**
 * Raw text for pre-training: lines of dialogue and prose from Aozora Bunko, articles from Wikipedia; some
 * works and articles are held out, and with them every line of dialogue that stands in a held-out work.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sha256 } from "../../lib/support/files";

export interface CorpusOptions {
  /** Prose is taken from the works with most dialogue first, up to so many characters. */
  readonly proseCharacters: number;
  /** Articles are taken evenly over the file, up to so many characters. */
  readonly articleCharacters: number;
  /** Of the works and articles that are taken, every k-th is held out. */
  readonly heldOutEvery: number;
}

/** Texts are lines of dialogue, or paragraphs in the order of their works. */
interface Corpus {
  readonly dialogue: readonly string[];
  readonly prose: readonly string[];
  readonly heldOutDialogue: readonly string[];
  readonly heldOutProse: readonly string[];
  /** SHA-256 of the unpacked files and the options: what the corpus is made of. */
  readonly hash: string;
}

/** A gzipped UTF-8 text file as a whole. */
function unpack(path: string): string {
  return gunzipSync(readFileSync(path)).toString("utf8");
}

/** Blocks of lines between empty lines: a work or an article each. */
function blocks(text: string): string[][] {
  return text
    .split(/\n\n+/)
    .map((block) => block.split("\n").filter((line) => line !== ""))
    .filter((block) => block.length > 0);
}

const charactersOf = (block: readonly string[]) => block.reduce((sum, line) => sum + line.length, 0);

/** Takes blocks in order until they hold so many characters. */
function take(all: readonly (readonly string[])[], characters: number): (readonly string[])[] {
  const taken: (readonly string[])[] = [];
  for (let i = 0, sum = 0; i < all.length && sum < characters; i++) {
    taken.push(all[i]);
    sum += charactersOf(all[i]);
  }
  return taken;
}

/** The quoted lines 「…」 inside a work. */
function quotesOf(block: readonly string[]): string[] {
  return block.flatMap((line) => [...line.matchAll(/「([^「」]+)」/g)].map((match) => match[1]));
}

const dialogueShare = (block: readonly string[]) => quotesOf(block).join("").length / charactersOf(block);

/**
 * Reads the corpus from a folder with aozora/aozora_sample.txt.gz, aozora/aozora_quotes.txt.gz and
 * kyoto-wikipedia/kyoto_ja.txt.gz.
 */
export function readCorpus(folder: string, options: CorpusOptions): Corpus {
  const paths = [
    "aozora/aozora_sample.txt.gz",
    "aozora/aozora_quotes.txt.gz",
    "kyoto-wikipedia/kyoto_ja.txt.gz",
  ];
  const [sample, quotes, articles] = paths.map((path) => unpack(join(folder, path)));
  const byDialogue = blocks(sample)
    .map((block) => ({ block, share: dialogueShare(block) }))
    .sort((a, b) => b.share - a.share)
    .map(({ block }) => block);
  const works = take(byDialogue, options.proseCharacters);
  const allArticles = blocks(articles);
  const step = Math.max(1, Math.floor(articles.length / Math.max(1, options.articleCharacters)));
  const chosen = take(
    allArticles.filter((_, i) => i % step === 0),
    options.articleCharacters,
  );
  const isHeld = (_: unknown, i: number) => i % options.heldOutEvery === options.heldOutEvery - 1;
  const [heldWorks, heldArticles] = [works, chosen].map((list) => list.filter(isHeld));
  const heldQuotes = new Set(heldWorks.flatMap(quotesOf));
  const lines = quotes.split("\n").filter((line) => line !== "");
  return {
    dialogue: lines.filter((line) => !heldQuotes.has(line)),
    prose: [...works, ...chosen]
      .filter((block) => !heldWorks.includes(block) && !heldArticles.includes(block))
      .flat(),
    heldOutDialogue: lines.filter((line) => heldQuotes.has(line)),
    heldOutProse: [...heldWorks, ...heldArticles].flat(),
    hash: sha256(
      JSON.stringify([
        options,
        paths.map((path, i) => [basename(path), sha256([sample, quotes, articles][i])]),
      ]),
    ),
  };
}
