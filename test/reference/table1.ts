/**
 * Table 1 of the report that komalab reproduces: per touch (gag, shojo, shonen, seinen, moe) the published
 * accuracy, recall and F1 and the counts TP, FP, FN, TN behind them, and the published five-touch mean. The
 * counts are the only integers that give every cell of a touch at once (search over all test sizes below 140;
 * see lib/evaluate).
 */
interface Row {
  readonly system: string;
  readonly published: readonly (readonly number[])[];
  readonly counts: readonly (readonly [number, number, number, number])[];
  readonly mean: readonly number[];
}

export const table1: readonly Row[] = [
  {
    system: "d2v (manga109) + 3MLP",
    published: [
      [0.652, 0.3, 0.207],
      [0.537, 0.632, 0.608],
      [0.625, 0.667, 0.4],
      [0.662, 0.357, 0.312],
      [0.563, 0.364, 0.364],
    ],
    counts: [
      [3, 16, 7, 40],
      [24, 17, 14, 12],
      [8, 20, 4, 32],
      [5, 13, 9, 38],
      [8, 14, 14, 28],
    ],
    mean: [0.608, 0.464, 0.378],
  },
  {
    system: "d2v (wiki) + 3MLP",
    published: [
      [0.652, 0.2, 0.148],
      [0.433, 0.447, 0.472],
      [0.781, 0.5, 0.462],
      [0.815, 0.643, 0.6],
      [0.531, 0.409, 0.375],
    ],
    counts: [
      [2, 15, 8, 41],
      [17, 17, 21, 12],
      [6, 8, 6, 44],
      [9, 7, 5, 44],
      [9, 17, 13, 25],
    ],
    mean: [0.642, 0.44, 0.411],
  },
  {
    system: "d2v (manga109 + wiki) + 3MLP",
    published: [
      [0.621, 0.2, 0.138],
      [0.612, 0.579, 0.629],
      [0.75, 0.25, 0.273],
      [0.708, 0.429, 0.387],
      [0.531, 0.455, 0.4],
    ],
    counts: [
      [2, 17, 8, 39],
      [22, 10, 16, 19],
      [3, 7, 9, 45],
      [6, 11, 8, 40],
      [10, 18, 12, 24],
    ],
    mean: [0.644, 0.382, 0.365],
  },
  {
    system: "BERT (All Layers) + Linear",
    published: [
      [0.803, 0, 0],
      [0.433, 0, 0],
      [0.188, 1, 0.316],
      [0.215, 1, 0.354],
      [0.344, 1, 0.512],
    ],
    counts: [
      [0, 3, 10, 53],
      [0, 0, 38, 29],
      [12, 52, 0, 0],
      [14, 51, 0, 0],
      [22, 42, 0, 0],
    ],
    mean: [0.397, 0.6, 0.236],
  },
  {
    system: "BERT (Last Layer) + 3MLP",
    published: [
      [0.833, 0.4, 0.421],
      [0.567, 0.579, 0.603],
      [0.797, 0.083, 0.133],
      [0.8, 0.357, 0.435],
      [0.656, 0.455, 0.476],
    ],
    counts: [
      [4, 5, 6, 51],
      [22, 13, 16, 16],
      [1, 2, 11, 50],
      [5, 4, 9, 47],
      [10, 10, 12, 32],
    ],
    mean: [0.731, 0.375, 0.414],
  },
  {
    system: "BERT (Fixed) + 3MLP",
    published: [
      [0.818, 0.5, 0.455],
      [0.463, 0.421, 0.471],
      [0.766, 0, 0],
      [0.769, 0.429, 0.444],
      [0.625, 0.409, 0.429],
    ],
    counts: [
      [5, 7, 5, 49],
      [16, 14, 22, 15],
      [0, 3, 12, 49],
      [6, 7, 8, 44],
      [9, 11, 13, 31],
    ],
    mean: [0.688, 0.352, 0.36],
  },
];
