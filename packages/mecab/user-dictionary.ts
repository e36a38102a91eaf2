/**
 * A user's own words beside a dictionary's: MeCab's CSV (surface, left context, right context, cost,
 * features), which mecab-dict-index compiles and `mecab -u` reads. Features are not read.
 */
import { brief } from "../../lib/support/printable";
import { remembered } from "../../lib/support/remembered";
import { readText } from "../table-file";
import { type Dictionary, type Run, runOf } from "./dictionary";

const ROW = /^(?:"((?:[^"]|"")*)"|([^",]*)),([^,]*),([^,]*),([^,]*)(?:,|$)/;
const NUMBER = /^-?\d*$/;
const [LEAST, MOST] = [-32768, 32767]; // 16 bits
const RUN = 255;

/**
 * The dictionary with the words of a user's CSV (UTF-8, or Shift_JIS as Excel in Japan saves).
 * @param name the contexts of a person's name (名詞,固有名詞,人名,一般), for rows that leave theirs empty
 * @throws with the file, the line, what stands there and the remedy
 */
export function withUserWords(dictionary: Dictionary, path: string, name: number): Dictionary {
  const { leftContexts, rightContexts, tokens } = dictionary;
  const rows = new Map<string, number[]>();
  readText(path)
    .split(/\r?\n/)
    .forEach((line, i) => {
      if (line.trim() === "") return;
      const refuse = (what: string): never => {
        throw new Error(
          `${path}, line ${i + 1}: ${what} in "${brief(line)}". A line of MeCab's user dictionary is word,left,right,cost,features: ` +
            "ベホマズン,,,5000,名詞,固有名詞,人名,一般 is a person's name; a lower cost is taken more often",
        );
      };
      const [, quoted, plain, ...cells] = ROW.exec(line) ?? [],
        numbers = cells.map((cell) => cell.trim());
      if (numbers.length < 3 || !numbers.every((cell) => NUMBER.test(cell)))
        refuse("there are no word and three numbers");
      const word = quoted?.replaceAll('""', '"') ?? plain ?? "";
      if (word === "" || /^[\s\0]|\0/.test(word)) refuse("the word is empty or begins with a space");
      const normal = word.normalize("NFKC");
      if (normal !== word) refuse(`the word is read as ${brief(normal)} in every text (NFKC): write it so;`);
      const within = (what: string, text: string, least: number, most: number, usual?: number): number => {
        const value = text === "" ? usual : Number(text);
        if (value !== undefined && value >= least && value <= most) return value;
        return refuse(`the ${what} is "${brief(text)}", not a whole number from ${least} to ${most}`);
      };
      const found = remembered(rows, word, () => []);
      found.push(
        within("left context", numbers[0], 0, leftContexts - 1, name),
        within("right context", numbers[1], 0, rightContexts - 1, name),
        within("cost", numbers[2], LEAST, MOST),
      );
      if (found.length > 3 * RUN) refuse(`the word has more than ${RUN} lines`);
    });
  const first = tokens.length / 3;
  const added = [...rows.values()];
  const all = new Int16Array(tokens.length + added.reduce((sum, { length }) => sum + length, 0));
  all.set(tokens);
  const words = new Map<number, { readonly word: string; readonly run: Run }[]>();
  let count = first;
  for (const [word, numbers] of rows) {
    all.set(numbers, 3 * count);
    const run = runOf(count, numbers.length / 3);
    remembered(words, word.charCodeAt(0), () => []).push({ word, run });
    count += numbers.length / 3;
  }
  for (const same of words.values()) same.sort((a, b) => a.word.length - b.word.length);
  return { ...dictionary, tokens: all, userWords: words };
}
