/** The Lanczos process: a large symmetric matrix, known by its products with vectors, as a small tridiagonal one. */
import { tridiagonalEigen } from "./tridiagonal.ts";

type Vector = Float64Array;

/** An approximate eigenvalue, and how far off it can be: some eigenvalue lies within `error` of it. */
export interface RitzValue {
  readonly value: number;
  readonly error: number;
  /** The square of the start vector's component along its vector: its weight in Gauss quadrature. Weights sum to 1. */
  readonly weight: number;
}

const dot = (a: Vector, b: Vector): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
};

function subtract(a: Vector, factor: number, b: Vector): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) - factor * (b[i] as number);
}

/**
 * C. Lanczos, "An iteration method for the solution of the eigenvalue problem of linear differential and integral
 * operators", 1950, with full reorthogonalization: each new vector is made orthogonal to all before it, twice, as once is
 * not enough in floating point and twice is (B. N. Parlett, "The symmetric eigenvalue problem", 1980). So no eigenvalue
 * comes twice. The error bound is |β·s|, with s the last element of the eigenvector of the tridiagonal matrix.
 *
 * @param multiply the matrix times a vector
 * @param start any vector but 0; its eigencomponents are what is found
 * @param steps the most products to take; fewer, if the vectors so far already span an invariant subspace
 * @returns in ascending order
 */
export function lanczos(multiply: (v: Vector) => Vector, start: Vector, steps: number): RitzValue[] {
  const length = Math.sqrt(dot(start, start));
  const basis: Vector[] = [];
  const [diagonal, off]: [number[], number[]] = [[], []];
  let next = start.map((x) => x / length);
  let size = 0;
  let beta = 0;
  for (let k = 0; k < Math.min(steps, start.length); k++) {
    const v = next;
    basis.push(v);
    const w = multiply(v).slice();
    const alpha = dot(v, w);
    diagonal.push(alpha);
    size = Math.max(size, Math.abs(alpha), beta);
    for (let pass = 0; pass < 2; pass++) for (const b of basis) subtract(w, dot(b, w), b);
    beta = Math.sqrt(dot(w, w));
    // What is left is rounding: the vectors span an invariant subspace, and the eigenvalues are exact.
    if (!(beta > 8 * basis.length * Number.EPSILON * size)) {
      beta = 0;
      break;
    }
    off.push(beta);
    next = w.map((x) => x / beta);
  }
  const { values, first, last } = tridiagonalEigen(diagonal, off.slice(0, diagonal.length - 1));
  // A whole space has no remainder, whatever rounding says.
  const rest = diagonal.length === start.length ? 0 : beta;
  return Array.from(values, (value, i) => ({
    value,
    error: Math.abs(rest * (last[i] as number)),
    weight: (first[i] as number) ** 2,
  }));
}
