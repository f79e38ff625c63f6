/** From logits to probabilities, in double precision. It imports nothing, since exported models hold parts of its text. */

/** 1 / (1 + e⁻ᶻ). */
export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** eᶻ / Σ eᶻ, without overflow. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const most = Math.max(...Array.from(logits));
  const powers = Float64Array.from(logits, (z) => Math.exp(z - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
