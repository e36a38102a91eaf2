/**
 * The words of a text as MeCab 0.996 finds them: the cheapest path through a lattice of words (Kudo, Yamamoto
 * and Matsumoto 2004; MeCab's tokenizer.cpp and viterbi.cpp), with MeCab's rules for unknown words and its
 * choice among equal costs. Typed arrays that live between calls make it fast; no result is remembered.
 */
import { type Characters, encodeCharacters } from "./characters";
import {
  categoryOf,
  type Dictionary,
  isGrouped,
  isInvoked,
  isKindOf,
  lengthOf,
  type Run,
} from "./dictionary";

/** Splits a normalised text into words; white space separates words and is none itself, as in MeCab. */
export type Segmenter = (text: string) => string[];

/**
 * Characters of one kind are tried as one unknown word if at most so many follow the first
 * (max-grouping-size).
 */
const MAX_GROUP = 24;
/** MeCab gives up beyond this cost, so 32 bits are enough. */
const MAX_COST = 2 ** 31 - 1;
const NOT_ASKED = -2;
const NOWHERE = -1;

const nodesFor = (count: number) => ({
  count,
  /** First character of the word, and the one after its last. */
  from: new Int32Array(count),
  to: new Int32Array(count),
  rightContext: new Int16Array(count),
  /** Cost of the best path from the start up to the node, and the node before it on that path. */
  cost: new Int32Array(count),
  before: new Int32Array(count),
  /** The next node that ends at the same place. */
  next: new Int32Array(count),
});

/** The array with as much room again. */
function doubled(array: Int32Array): Int32Array {
  const longer = new Int32Array(2 * array.length);
  longer.set(array);
  return longer;
}

/** The segmenter of a dictionary. */
export function segmenterOf(dictionary: Dictionary): Segmenter {
  const { trie, tokens, connections, leftContexts, rightContexts } = dictionary;
  const space = dictionary.characters[0x20]; // what separates words; so MeCab finds it
  const firstStates = new Int32Array(65536).fill(NOT_ASKED); // where the trie stands after a text's first code unit
  let nodes = nodesFor(32768);
  let heads = new Int32Array(1024); // by character: the last node made that ends before it, or NOWHERE

  // The words that may start at one character, in MeCab's order: the dictionary's, short ones first, then
  // unknown ones.
  let found = 0;
  let runs = new Int32Array(256);
  let ends = new Int32Array(256);
  const add = (run: Run, end: number): void => {
    if (found === runs.length) [runs, ends] = [runs, ends].map(doubled);
    runs[found] = run;
    ends[found++] = end;
  };

  const step = (state: number, bytes: Uint16Array, from: number, to: number): number => {
    for (let at = from; at < to; at++) {
      const child = trie[2 * state] + bytes[at];
      if (trie[2 * child + 1] !== state) return NOWHERE;
      state = child;
    }
    return state;
  };

  const findKnown = (start: number, { count, bytes, byteAt, units }: Characters): void => {
    const unit = units[start];
    let state = firstStates[unit];
    if (state === NOT_ASKED) {
      state = step(0, bytes, byteAt[start], byteAt[start + 1]);
      if (byteAt[start + 1] - byteAt[start] < 4) firstStates[unit] = state; // a surrogate is not a whole character
    }
    for (let end = start + 1; state !== NOWHERE; end++) {
      const leaf = trie[2 * state];
      if (trie[2 * leaf + 1] === state && trie[2 * leaf] < 0) add(-1 - trie[2 * leaf], end);
      if (end === count) return;
      state = step(state, bytes, byteAt[end], byteAt[end + 1]);
    }
  };

  /** After the dictionary's, as MeCab asks one dictionary after another. */
  const findUsers = (text: string, start: number, { units, unitAt, count }: Characters): void => {
    for (const { word, run } of dictionary.userWords?.get(units[start]) ?? []) {
      if (!text.startsWith(word, unitAt[start])) continue;
      let end = start + 1;
      while (end < count && unitAt[end] < unitAt[start] + word.length) end++;
      if (unitAt[end] === unitAt[start] + word.length) add(run, end);
    }
  };

  const findUnknown = (start: number, { count, infos }: Characters): void => {
    const info = infos[start];
    const run = dictionary.unknown[categoryOf(info)];
    let group = start + 1;
    if (isGrouped(info)) {
      // Each character need only share a category with the one before it. A run is not followed further than
      // a group may be, else a line of one kind of characters takes time in the square of its length.
      const tooFar = start + MAX_GROUP + 2;
      while (group < count && group < tooFar && isKindOf(infos[group - 1], infos[group])) group++;
      if (group - start - 1 <= MAX_GROUP) add(run, group);
    } else group = NOWHERE;
    let end = start + 1;
    for (let length = 1; length <= lengthOf(info) && end !== group; length++) {
      add(run, end);
      if (end === count || !isKindOf(info, infos[end])) break;
      end++;
    }
    if (found === 0) add(run, end);
  };

  // Of the nodes that end at one place, side by side for speed.
  let [previous, previousCost, previousRight] = [
    new Int32Array(256),
    new Int32Array(256),
    new Int32Array(256),
  ];
  // The best of them for each left context, looked for once a place: `askedAt` says at which, counted over
  // all texts.
  const askedAt = new Float64Array(leftContexts);
  const [best, bestCost] = [new Int32Array(leftContexts), new Int32Array(leftContexts)];
  let place = 0;

  const gather = (head: number): number => {
    let size = 0;
    for (let node = head; node !== NOWHERE; node = nodes.next[node]) {
      if (size === previous.length) {
        [previous, previousCost, previousRight] = [previous, previousCost, previousRight].map(doubled);
      }
      previous[size] = node;
      previousCost[size] = nodes.cost[node];
      previousRight[size++] = nodes.rightContext[node];
    }
    return size;
  };

  const askBest = (left: number, size: number): void => {
    const row = left * rightContexts;
    let [lowest, at] = [MAX_COST, NOWHERE];
    for (let i = 0; i < size; i++) {
      const cost = previousCost[i] + connections[row + previousRight[i]];
      if (cost < lowest) {
        lowest = cost;
        at = i;
      }
    }
    if (at === NOWHERE)
      throw new Error("the text is longer than MeCab's costs can add up: split it into sentences");
    askedAt[left] = place;
    best[left] = previous[at];
    bestCost[left] = lowest;
  };

  /** Finds the best path: its last node, or NOWHERE if there are too few nodes. */
  const search = (text: string, characters: Characters): number => {
    const { count, infos } = characters;
    heads.fill(NOWHERE, 0, count + 1);
    const { from, to, rightContext, cost, before, next } = nodes;
    [heads[0], next[0], cost[0], rightContext[0]] = [0, NOWHERE, 0, 0]; // the start of the text
    let made = 1;
    for (let at = 0; at < count; at++) {
      if (heads[at] === NOWHERE) continue;
      let start = at;
      for (let info = space; start < count && isKindOf(info, infos[start]); start++) info = infos[start];
      if (start === count) continue;
      found = 0;
      findKnown(start, characters);
      if (dictionary.userWords) findUsers(text, start, characters);
      if (found === 0 || isInvoked(infos[start])) findUnknown(start, characters);
      place++;
      const size = gather(heads[at]);
      // MeCab links backwards, so that of equal costs the word that starts last wins, and of these the one
      // found first.
      for (let word = found - 1; word >= 0; word--) {
        const first = runs[word] >> 8;
        const end = ends[word];
        for (let token = first + (runs[word] & 0xff) - 1; token >= first; token--) {
          const left = tokens[3 * token];
          if (askedAt[left] !== place) askBest(left, size);
          if (made === nodes.count) return NOWHERE;
          from[made] = start;
          to[made] = end;
          rightContext[made] = tokens[3 * token + 1];
          cost[made] = bestCost[left] + tokens[3 * token + 2];
          before[made] = best[left];
          next[made] = heads[end];
          heads[end] = made++;
        }
      }
    }
    let last = count; // white space at the end is in no word
    while (heads[last] === NOWHERE) last--;
    place++;
    askBest(0, gather(heads[last]));
    return best[0];
  };

  return (text) => {
    const characters = encodeCharacters(text, dictionary);
    if (characters.count >= heads.length) heads = new Int32Array(2 * characters.count);
    let node = search(text, characters);
    for (; node === NOWHERE; node = search(text, characters)) nodes = nodesFor(2 * nodes.count);
    const { unitAt } = characters;
    const words: string[] = [];
    for (; node !== 0; node = nodes.before[node]) {
      words.push(text.slice(unitAt[nodes.from[node]], unitAt[nodes.to[node]]));
    }
    return words.reverse();
  };
}
