/** What a part of the soak found. */
export interface Figures {
  readonly figures: Readonly<Record<string, number | string>>;
  readonly ok: boolean;
}
