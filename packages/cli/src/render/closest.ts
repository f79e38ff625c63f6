/** What someone may have meant. */

/** The name that differs least, by insertions, deletions and exchanges (V. Levenshtein, 1966); undefined if all differ much. */
export function closest(word: string, names: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  let [best, least] = [undefined as string | undefined, most + 1];
  for (const name of names) {
    if (Math.abs(name.length - word.length) >= least) continue;
    const distance = distanceOf(word.toLowerCase(), name.toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

function distanceOf(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (before[j - 1] as number) + Number(a[i - 1] !== b[j - 1]);
      row.push(Math.min(exchanged, (before[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    before = row;
  }
  return before[b.length] as number;
}
