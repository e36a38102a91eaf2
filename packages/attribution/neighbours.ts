/** Which texts a model takes for alike: the nearest vectors by cosine. */

/** A place among the vectors that were searched, and its cosine. */
export interface Neighbour {
  readonly place: number;
  readonly cosine: number;
}

const lengthOf = (vector: Float32Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** The `count` nearest of `known` to a vector, the nearest first, the earlier of equals. */
export function nearestTo(vector: Float32Array, known: readonly Float32Array[], count: number): Neighbour[] {
  const length = lengthOf(vector);
  return known
    .map((other, place) => {
      let product = 0;
      for (let d = 0; d < vector.length; d++) product += vector[d] * other[d];
      return { place, cosine: product / (length * lengthOf(other)) };
    })
    .sort((a, b) => b.cosine - a.cosine || a.place - b.place)
    .slice(0, count);
}
