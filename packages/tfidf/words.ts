/** A text's words for counting, by kuromoji, which knows their parts of speech. */
import { dirname, join } from "node:path";

interface Morpheme {
  readonly surface_form: string;
  /** 名詞, 動詞, 助詞 … */
  readonly pos: string;
}
interface Kuromoji {
  builder(options: { readonly dicPath: string }): {
    build(done: (error: Error | null, tokenizer: { tokenize(text: string): Morpheme[] }) => void): void;
  };
}

/** Without them a headline's n-grams join the words that say something. */
export const PARTICLES = ["助詞", "助動詞", "記号"] as const;

let opened: Promise<(text: string) => Morpheme[]> | undefined;

/** IPADIC's words of a text, those of some parts of speech left out. The first call reads the dictionary. */
export async function openWords(without: readonly string[] = PARTICLES): Promise<(text: string) => string[]> {
  opened ??= import("kuromoji" as string).then(
    ({ default: kuromoji }: { readonly default: Kuromoji }) =>
      new Promise((resolve, reject) => {
        const dicPath = join(dirname(require.resolve("kuromoji/package.json")), "dict");
        kuromoji
          .builder({ dicPath })
          .build((error, tokenizer) => (error ? reject(error) : resolve((text) => tokenizer.tokenize(text))));
      }),
  );
  const cut = await opened;
  return (text) => cut(text).flatMap(({ surface_form: word, pos }) => (without.includes(pos) ? [] : [word]));
}
