/**
 * L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5) for smooth convex functions, with a backtracking
 * line search.
 */

/** The function at x; writes its gradient. */
type Objective = (x: Float64Array, gradient: Float64Array) => number;

interface MinimiseOptions {
  readonly maxIterations: number;
  /** Stops when no component of the gradient is larger. */
  readonly tolerance: number;
}

const MEMORY = 10;
const SUFFICIENT = 1e-4; // Armijo's condition

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** x + step · direction. */
function moved(x: Float64Array, step: number, direction: Float64Array): Float64Array {
  const result = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) result[i] = x[i] + step * direction[i];
  return result;
}

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

/** The quasi-Newton direction -H g from the last steps s and changes of the gradient y. */
function directionOf(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = moved(new Float64Array(gradient.length), -1, gradient);
  const alphas = pairs.map(() => 0);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k];
    alphas[k] = rho * dot(s, q);
    for (let i = 0; i < q.length; i++) q[i] -= alphas[k] * y[i];
  }
  const newest = pairs.at(-1);
  const scale = newest
    ? 1 / (newest.rho * dot(newest.y, newest.y))
    : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
  for (let i = 0; i < q.length; i++) q[i] *= scale;
  pairs.forEach(({ s, y, rho }, k) => {
    const beta = rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i] += s[i] * (alphas[k] - beta);
  });
  return q;
}

/** The place of the minimum, from `start`; where maxIterations end the search, the best place until then. */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { maxIterations, tolerance }: MinimiseOptions,
): Float64Array {
  let x = start;
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  let pairs: Pair[] = [];
  for (
    let iteration = 0;
    iteration < maxIterations && gradient.some((g) => Math.abs(g) > tolerance);
    iteration++
  ) {
    const direction = directionOf(gradient, pairs);
    const slope = dot(direction, gradient);
    let step = 1;
    let next = moved(x, step, direction);
    const nextGradient = new Float64Array(x.length);
    let nextValue = objective(next, nextGradient);
    while (nextValue > value + SUFFICIENT * step * slope && step > 1e-12) {
      step /= 2;
      next = moved(x, step, direction);
      nextValue = objective(next, nextGradient);
    }
    if (step <= 1e-12) break; // rounding errors are larger than what is left to gain
    const s = moved(next, -1, x);
    const y = moved(nextGradient, -1, gradient);
    const curvature = dot(s, y);
    if (curvature > 1e-10 * dot(y, y)) pairs = [...pairs, { s, y, rho: 1 / curvature }].slice(-MEMORY);
    [x, gradient, value] = [next, nextGradient, nextValue];
  }
  return x;
}
