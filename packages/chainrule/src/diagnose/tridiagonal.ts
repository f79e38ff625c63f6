/** Eigenvalues of symmetric tridiagonal matrices, with the ends of their eigenvectors. */

export interface TridiagonalEigen {
  /** In ascending order. */
  readonly values: Float64Array;
  /** The first and the last element of the unit eigenvector of each. */
  readonly first: Float64Array;
  readonly last: Float64Array;
}

/** An eigenvalue is found in two or three rounds; this many mean that the numbers are not finite. */
const MOST_ROUNDS = 60;

/**
 * Implicit QL with Wilkinson's shift (H. Bowdler, R. S. Martin, C. Reinsch and J. H. Wilkinson, "The QR and QL algorithms for
 * symmetric matrices", 1968), carrying along only the first and the last row of the eigenvectors, as the quadrature of
 * G. H. Golub and J. H. Welsch, "Calculation of Gauss quadrature rules", 1969, needs no more.
 *
 * @param diagonal n numbers
 * @param off n − 1 numbers beside the diagonal
 */
export function tridiagonalEigen(diagonal: ArrayLike<number>, off: ArrayLike<number>): TridiagonalEigen {
  const n = diagonal.length;
  const d = Float64Array.from(diagonal);
  const e = new Float64Array(n);
  for (let i = 0; i < n - 1; i++) e[i] = off[i] as number;
  const first = new Float64Array(n);
  const last = new Float64Array(n);
  [first[0], last[n - 1]] = [1, 1];
  for (let l = 0; l < n; l++) {
    for (let round = 0; ; round++) {
      const m = splitAfter(d, e, l);
      if (m === l) break;
      if (round === MOST_ROUNDS)
        throw new RangeError("tridiagonalEigen: the matrix holds numbers that are not finite.");
      sweep(d, e, [first, last], l, m);
    }
  }
  const order = Array.from(d.keys()).sort((a, b) => (d[a] as number) - (d[b] as number));
  const sorted = (of: Float64Array): Float64Array => Float64Array.from(order, (i) => of[i] as number);
  return { values: sorted(d), first: sorted(first), last: sorted(last) };
}

/** The first m ≥ l at which the matrix falls apart: the element beside the diagonal is lost in rounding there. */
function splitAfter(d: Float64Array, e: Float64Array, l: number): number {
  let m = l;
  while (m < d.length - 1) {
    const size = Math.abs(d[m] as number) + Math.abs(d[m + 1] as number);
    if (Math.abs(e[m] as number) <= Number.EPSILON * size) break;
    m++;
  }
  return m;
}

/** One QL step on rows l … m, by rotations of neighbouring rows from the bottom upwards. */
function sweep(d: Float64Array, e: Float64Array, rows: readonly Float64Array[], l: number, m: number): void {
  const at = (a: Float64Array, i: number): number => a[i] as number;
  let g = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
  let r = Math.hypot(g, 1);
  g = at(d, m) - at(d, l) + at(e, l) / (g + (g >= 0 ? r : -r));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * at(e, i);
    const b = c * at(e, i);
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = at(d, i + 1) - p;
      e[m] = 0;
      return;
    }
    [s, c] = [f / r, g / r];
    g = at(d, i + 1) - p;
    r = (at(d, i) - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
    for (const row of rows) {
      const next = at(row, i + 1);
      row[i + 1] = s * at(row, i) + c * next;
      row[i] = c * at(row, i) - s * next;
    }
  }
  d[l] = at(d, l) - p;
  e[l] = g;
  e[m] = 0;
}
