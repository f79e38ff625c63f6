/** A few numbers in the place of many. */

/**
 * The norm of all values together and their sum over the norm: what derivatives are compared by. The sum tells vectors
 * of one length apart.
 */
export function fingerprint(arrays: readonly ArrayLike<number>[]): number[] {
  let [squares, sum] = [0, 0];
  for (const values of arrays) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      squares += value * value;
      sum += value;
    }
  }
  const norm = Math.sqrt(squares);
  return [norm, sum / norm];
}
