/**
 * Unicode NFKC, as transformers' MecabTokenizer applies it before MeCab sees a text: ｶﾀｶﾅ → カタカナ, ！？ → !?, ㌔
 * → キロ, ① → 1.
 */
export function normalise(text: string): string {
  return text.normalize("NFKC");
}
