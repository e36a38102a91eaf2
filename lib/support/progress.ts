/** How far a long piece of work has come; whoever works calls back, whoever shows it decides how. */
export interface Progress {
  /** What is being done, for instance "last + 3MLP, ギャグ, seed 2". */
  readonly task: string;
  readonly done: number;
  readonly total: number;
  /**
   * The newest numbers, in the order in which they are shown, for instance { epoch: 3, loss: 0.41,
   * validation: 0.78 }.
   */
  readonly values?: Readonly<Record<string, number>>;
  /** What is to be told once, for instance that a damaged checkpoint was passed over. */
  readonly note?: string;
}

export type OnProgress = (progress: Progress) => void;
