/** Dense linear algebra for small systems. Matrices are row-major. */
import { dot, type Vector } from "./vectors.ts";

export interface Factored {
  /** [n, n], upper triangular. */
  readonly r: Vector;
  /** The first n entries of Qᵀb. */
  readonly qtb: Vector;
}

/**
 * R and Qᵀb of A = QR for A of [m, n], by Householder reflections: G. H. Golub and C. F. Van Loan, "Matrix computations",
 * 4th ed., algorithm 5.2.1. Where there are fewer rows than columns, R has rows of zeros.
 */
export function qr(a: Vector, b: Vector, n: number): Factored {
  const m = b.length;
  const [work, right] = [a.slice(), b.slice()];
  const at = (i: number, j: number): number => work[i * n + j] as number;
  for (let k = 0; k < Math.min(m - 1, n); k++) {
    let largest = 0;
    for (let i = k; i < m; i++) largest = Math.max(largest, Math.abs(at(i, k)));
    if (largest === 0) continue;
    let sum = 0;
    for (let i = k; i < m; i++) sum += (at(i, k) / largest) ** 2;
    // The sign that adds: nothing cancels.
    const length = largest * Math.sqrt(sum) * (at(k, k) > 0 ? -1 : 1);
    const v = Float64Array.from({ length: m - k }, (_, i) => at(k + i, k) / length);
    v[0] = (v[0] as number) - 1;
    // With this scaling vᵀv = −2·v₀, so that the reflection is x + v·(vᵀx)/v₀; row by row, as the numbers lie.
    const pivot = v[0] as number;
    const products = new Float64Array(n);
    let ofRight = 0;
    for (let i = k; i < m; i++) {
      const share = (v[i - k] as number) / pivot;
      for (let j = k + 1; j < n; j++) products[j] = (products[j] as number) + share * at(i, j);
      ofRight += share * (right[i] as number);
    }
    for (let i = k; i < m; i++) {
      const share = v[i - k] as number;
      for (let j = k + 1; j < n; j++) work[i * n + j] = at(i, j) + share * (products[j] as number);
      right[i] = (right[i] as number) + share * ofRight;
    }
    work[k * n + k] = length;
    for (let i = k + 1; i < m; i++) work[i * n + k] = 0;
  }
  const [r, qtb] = [new Float64Array(n * n), new Float64Array(n)];
  r.set(work.subarray(0, Math.min(m, n) * n));
  qtb.set(right.subarray(0, Math.min(m, n)));
  return { r, qtb };
}

/** The solution of Rx = b for an upper triangular R; not finite where R is singular. */
export function solveUpper(r: Vector, b: Vector): Vector {
  const n = b.length;
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] = (x[i] as number) - (r[i * n + j] as number) * (x[j] as number);
    x[i] = (x[i] as number) / (r[i * n + i] as number);
  }
  return x;
}

/** The solution of Rᵀx = b for an upper triangular R. */
export function solveUpperTransposed(r: Vector, b: Vector): Vector {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    x[i] = (x[i] as number) / (r[i * n + i] as number);
    for (let j = i + 1; j < n; j++) x[j] = (x[j] as number) - (r[i * n + j] as number) * (x[i] as number);
  }
  return x;
}

/** A·x for A of [m, n]. */
export function multiply(a: Vector, x: Vector): Vector {
  const n = x.length;
  return Float64Array.from({ length: a.length / n }, (_, i) => dot(a.subarray(i * n, (i + 1) * n), x));
}

/** Aᵀ·y for A of [m, n]. */
export function multiplyTransposed(a: Vector, y: Vector, n: number): Vector {
  const product = new Float64Array(n);
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < n; j++) product[j] = (product[j] as number) + (a[i * n + j] as number) * (y[i] as number);
  }
  return product;
}

/** The Euclidean norms of the columns of A of [m, n]. */
export function columnNorms(a: Vector, n: number): Vector {
  const norms = new Float64Array(n);
  for (let k = 0; k < a.length; k++) norms[k % n] = Math.hypot(norms[k % n] as number, a[k] as number);
  return norms;
}

/**
 * R of A + shift·I = RᵀR for a symmetric A, or undefined if that is not positive definite: Golub and Van Loan, section
 * 4.2.5. A pivot of less than n·ε times the entry of A that it comes from counts as 0, which rounding can make of it.
 */
export function cholesky(a: Vector, n: number, shift: number, epsilon: number): Vector | undefined {
  const r = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) r[i * n + j] = a[i * n + j] as number;
    const entry = (a[i * n + i] as number) + shift;
    r[i * n + i] = entry;
    for (let k = 0; k < i; k++) {
      const share = r[k * n + i] as number;
      for (let j = i; j < n; j++) r[i * n + j] = (r[i * n + j] as number) - share * (r[k * n + j] as number);
    }
    const pivot = r[i * n + i] as number;
    if (!(pivot > n * epsilon * Math.abs(entry))) return undefined;
    const root = Math.sqrt(pivot);
    for (let j = i; j < n; j++) r[i * n + j] = (r[i * n + j] as number) / root;
  }
  return r;
}

/** The least eigenvalue of a symmetric matrix and its eigenvector, and the largest absolute eigenvalue. */
export function leastEigenvalue(a: Vector, n: number): { value: number; vector: Vector; largest: number } {
  const { values, vectors } = eigen(a, n);
  let least = 0;
  for (let i = 1; i < n; i++) if ((values[i] as number) < (values[least] as number)) least = i;
  return {
    value: values[least] as number,
    vector: Float64Array.from({ length: n }, (_, i) => vectors[i * n + least] as number),
    largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  };
}

/** More than enough: ten sweeps are much for n in the hundreds. */
const SWEEPS = 50;

/** All eigenvalues and, as columns, eigenvectors, by cyclic Jacobi rotations: Golub and Van Loan, algorithm 8.5.3. */
function eigen(a: Vector, n: number): { values: Vector; vectors: Vector } {
  const work = a.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const get = (i: number, j: number): number => work[i * n + j] as number;
  const rotate = (target: Vector, p: number, q: number, c: number, s: number): void => {
    const x = target[p] as number;
    const y = target[q] as number;
    target[p] = c * x - s * y;
    target[q] = s * x + c * y;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = get(p, q);
        if (Math.abs(off) <= Number.EPSILON * Math.sqrt(Math.abs(get(p, p) * get(q, q)))) continue;
        rotated = true;
        const tau = (get(q, q) - get(p, p)) / (2 * off);
        const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
        const c = 1 / Math.sqrt(1 + t * t);
        const s = t * c;
        for (let k = 0; k < n; k++) rotate(work, k * n + p, k * n + q, c, s);
        for (let k = 0; k < n; k++) rotate(work, p * n + k, q * n + k, c, s);
        work[p * n + q] = 0;
        work[q * n + p] = 0;
        for (let k = 0; k < n; k++) rotate(vectors, k * n + p, k * n + q, c, s);
      }
    }
    if (!rotated) break;
  }
  return { values: Float64Array.from({ length: n }, (_, i) => get(i, i)), vectors };
}
