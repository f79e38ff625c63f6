/** Which columns a model needs: how much worse it is when one of them is shuffled. */
import { random, type Tensor } from "chainrule";
import { type Cell, Table } from "chainrule/table";

export interface PermutationOptions {
  /** How often each column is shuffled; default 5. */
  readonly repeats?: number;
  readonly seed: number;
}

/** How much worse the score gets without a column's information. */
export interface ColumnImportance {
  readonly name: string;
  /** The mean over the repeats of the score before less the score after; below 0 where chance made it better. */
  readonly mean: number;
  /** Its standard deviation over the repeats, dividing by their number. */
  readonly deviation: number;
}

/**
 * Permutation importance (L. Breiman, "Random forests", 2001, in the form of A. Fisher et al., 2019): the score on a table less
 * the score on it with the cells of one column in random order. Two columns that say the same share it, so that each seems
 * not to matter.
 *
 * @param columns which to shuffle
 * @param score of the model on a table, of which more is better
 * @returns the most important first
 */
export async function permutationImportance(
  table: Table,
  columns: readonly string[],
  score: (table: Table) => number | Promise<number>,
  { repeats = 5, seed }: PermutationOptions,
): Promise<ColumnImportance[]> {
  const before = await score(table);
  const found: ColumnImportance[] = [];
  for (const [j, name] of columns.entries()) {
    const drops: number[] = [];
    for (let turn = 0; turn < repeats; turn++) {
      const key = random.foldIn(random.key(seed), j * repeats + turn);
      drops.push(before - (await score(shuffled(table, name, key))));
    }
    const mean = drops.reduce((sum, x) => sum + x, 0) / repeats;
    const deviation = Math.sqrt(drops.reduce((sum, x) => sum + (x - mean) ** 2, 0) / repeats);
    found.push({ name, mean, deviation });
  }
  return found.sort((a, b) => b.mean - a.mean);
}

/** The table with one column's cells in random order. */
function shuffled(table: Table, name: string, key: Tensor): Table {
  const order = random.permutation(key, table.length).dataSync();
  return new Table(
    table.names,
    table.columns.map((cells, j) => (table.names[j] === name ? Array.from(order, (row) => cells[row] as Cell) : cells)),
  );
}
