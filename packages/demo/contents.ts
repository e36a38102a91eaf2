/** What a page knows of a tokenizer: plain data and arrays, into the file and back. */
import type { Dictionary } from "../mecab";
import type { TokenizerParts, UnigramParts, WordParts } from "../tokenizer";
import type { Read } from "./reading";

const ARRAYS = ["trie", "tokens", "connections", "characters", "leftOut"] as const;
type Arrays = (typeof ARRAYS)[number];
/** Those of a tokenizer without words are empty. */
export type Bytes = Readonly<Record<Arrays, Uint8Array>>;

interface PlainWords extends Pick<WordParts, "kind" | "pieces" | "cut"> {
  readonly added: readonly (readonly [string, object])[];
  readonly dictionary: Omit<Dictionary, Arrays | "userWords"> & { readonly userWords?: readonly unknown[] };
}

/** The JSON of a page. */
export interface Contents extends Pick<Read, "longest" | "kept"> {
  readonly tokenizer: PlainWords | UnigramParts;
  /** Where the hashes of the words that the dictionary lacks begin, by their bytes. */
  readonly begins?: readonly number[];
  readonly classes: readonly { readonly en: string; readonly ja: string }[];
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function plainOf(tokenizer: TokenizerParts): Contents["tokenizer"] {
  if (tokenizer.kind === "unigram") return tokenizer;
  const {
    trie: _,
    tokens: __,
    connections: ___,
    characters: ____,
    userWords,
    ...rest
  } = tokenizer.dictionary;
  return {
    ...tokenizer,
    added: [...tokenizer.added],
    dictionary: { ...rest, ...(userWords && { userWords: [...userWords] }) },
  };
}

/** How texts are read, as JSON and bytes. */
export function toPage({ tokenizer, leftOut, longest, kept }: Read): {
  readonly json: Omit<Contents, "classes">;
  readonly bytes: Bytes;
} {
  const arrays: Partial<Record<Arrays, ArrayBufferView>> = {
    ...(tokenizer.kind === "words" && tokenizer.dictionary),
    leftOut: leftOut?.hashes,
  };
  return {
    json: { tokenizer: plainOf(tokenizer), longest, kept, begins: leftOut?.begins },
    bytes: Object.fromEntries(
      ARRAYS.map((name) => [name, bytesOf(arrays[name] ?? new Uint8Array())]),
    ) as unknown as Bytes,
  };
}

function partsOf(plain: Contents["tokenizer"], bytes: Bytes): TokenizerParts {
  if (plain.kind === "unigram") return plain;
  const { userWords, ...rest } = plain.dictionary;
  return {
    ...plain,
    added: new Map(plain.added) as WordParts["added"],
    dictionary: {
      ...rest,
      trie: new Int32Array(bytes.trie.buffer),
      tokens: new Int16Array(bytes.tokens.buffer),
      connections: new Int16Array(bytes.connections.buffer),
      characters: new Uint32Array(bytes.characters.buffer),
      ...(userWords && { userWords: new Map(userWords as [number, []][]) }),
    },
  };
}

/** The same out of a page. @param bytes each with a buffer of its own */
export const fromPage = (
  { tokenizer, longest, kept, begins }: Omit<Contents, "classes">,
  bytes: Bytes,
): Read => ({
  tokenizer: partsOf(tokenizer, bytes),
  longest,
  ...(kept && { kept }),
  ...(begins && { leftOut: { begins, hashes: new Uint32Array(bytes.leftOut.buffer) } }),
});
