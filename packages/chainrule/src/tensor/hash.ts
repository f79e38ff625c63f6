/** FNV-1a, 32 bits (G. Fowler, L. C. Noll, K.-P. Vo; RFC 9923): tells mistakes, not adversaries. */

const OFFSET = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** Mixes integers of up to 32 bits into a hash: bytes, or words in one go. */
export function mix(words: ArrayLike<number>, hash: number = OFFSET): number {
  let state = hash;
  for (let i = 0; i < words.length; i++) state = Math.imul(state ^ (words[i] as number), PRIME);
  return state;
}

/** The hash of a text's UTF-8 bytes, an int32. */
export const hashText = (text: string): number => mix(new TextEncoder().encode(text));
