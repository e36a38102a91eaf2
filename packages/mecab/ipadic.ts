/**
 * IPADIC 2.7.0-20070801 from the files of the npm package kuromoji (src/dict, src/loader there), which
 * compiles MeCab's tables into its own form: the same 392,126 tokens, costs and contexts; the parts of speech
 * are not read.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sha256, sha256OfFileNow } from "../../lib/support/files";
import { type CategoryRule, characterInfo, type Dictionary, type Run, runOf } from "./dictionary";

const folder = () => join(dirname(require.resolve("kuromoji/package.json")), "dict");

/** SHA-256 over all files of the dictionary. */
export function ipadicHash(): string {
  const files = readdirSync(folder()).sort();
  return sha256(files.map((name) => `${name} ${sha256OfFileNow(join(folder(), name))}`).join("\n"));
}

function read(name: string): ArrayBuffer {
  const bytes = gunzipSync(readFileSync(join(folder(), name)));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

/** Rules of char.def by category: invoke (1 byte), group (1), length (4), name, 0. */
function readRules(bytes: Buffer): { readonly name: string; readonly rule: CategoryRule }[] {
  const rules: { readonly name: string; readonly rule: CategoryRule }[] = [];
  for (let at = 0; bytes[at + 6] > 0; ) {
    const end = bytes.indexOf(0, at + 6);
    const category = rules.length;
    const [invoke, group, length] = [bytes[at] === 1, bytes[at + 1] === 1, bytes.readInt32LE(at + 2)];
    const rule = { category, kinds: 1 << category, length, group, invoke };
    rules.push({ name: bytes.toString("latin1", at + 6, end), rule });
    at = end + 1;
  }
  return rules;
}

/** The characters that IPADIC's char.def names as SPACE. */
const SPACES = new Set([0x09, 0x0a, 0x0b, 0x20]);

/** Reads the dictionary, 0.4 s. */
export function readIpadic(): Dictionary {
  const rules = readRules(Buffer.from(read("unk_invoke.dat.gz")));
  const defaults = rules.findIndex(({ name }) => name === "DEFAULT");
  const spaces = rules.findIndex(({ name }) => name === "SPACE");
  const others = new Uint32Array(read("unk_compat.dat.gz"));
  const characters = Uint32Array.from(new Uint8Array(read("unk_char.dat.gz")), (stored, unit) => {
    // kuromoji's compiler writes 1, which is SPACE, for all characters that char.def does not name
    const category = stored === spaces && !SPACES.has(unit) ? defaults : stored;
    return characterInfo({ ...rules[category].rule, kinds: (1 << category) | others[unit] });
  });

  // A map of runs: the key (number of a word, or category), how many tokens, where each lies in bytes; then
  // zeros.
  const sources: { readonly table: Int16Array; readonly map: Int32Array }[] = [
    { table: new Int16Array(read("tid.dat.gz")), map: new Int32Array(read("tid_map.dat.gz")) },
    { table: new Int16Array(read("unk.dat.gz")), map: new Int32Array(read("unk_map.dat.gz")) },
  ];
  const tokens = new Int16Array(3 * sources.reduce((sum, { map }) => sum + map.length, 0));
  let count = 0;
  const [words, unknown] = sources.map(({ table, map }) => {
    const runs: Run[] = new Array<Run>(map[0]);
    for (let at = 1, keys = 0; keys < map[0]; keys++) {
      const size = map[at + 1];
      runs[map[at]] = runOf(count, size);
      for (let i = 0; i < size; i++, count++) {
        const from = map[at + 2 + i] / 2; // left, right, cost, then 4 bytes that are not read
        for (let column = 0; column < 3; column++) tokens[3 * count + column] = table[from + column];
      }
      at += 2 + size;
    }
    return runs;
  });

  const [bases, checks] = [new Int32Array(read("base.dat.gz")), new Int32Array(read("check.dat.gz"))];
  const trie = new Int32Array(2 * bases.length);
  for (let unit = 0; unit < bases.length; unit++) {
    const base = bases[unit];
    // The end of a word: kuromoji stores -1 - its number. Units not in use have negative checks.
    trie[2 * unit] = base < 0 && checks[unit] >= 0 ? -1 - words[-1 - base] : base;
    trie[2 * unit + 1] = checks[unit];
  }

  const costs = new Int16Array(read("cc.dat.gz"));
  const [rightContexts, leftContexts] = costs;
  const connections = new Int16Array(rightContexts * leftContexts);
  for (let right = 0; right < rightContexts; right++) {
    for (let left = 0; left < leftContexts; left++) {
      connections[left * rightContexts + right] = costs[2 + right * leftContexts + left];
    }
  }
  return {
    trie,
    byteOffset: 0,
    tokens: tokens.slice(0, 3 * count),
    connections,
    leftContexts,
    rightContexts,
    characters,
    unknown,
  };
}
