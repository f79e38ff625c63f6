/** Class numbers as rows with a one at the class, for the libraries whose cross-entropy wants them so. */
export function oneHot(classes: Int32Array, count: number): Float32Array {
  const rows = new Float32Array(classes.length * count);
  classes.forEach((c, i) => {
    rows[i * count + c] = 1;
  });
  return rows;
}
