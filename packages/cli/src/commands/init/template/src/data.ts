/** Reads CSV files: UTF-8, commas, and the names of the columns in the first line. */
import { readFile } from "node:fs/promises";
import { parseCSV } from "chainrule/data";
import { Table } from "chainrule/table";

export async function readTable(file: string | URL): Promise<Table> {
  const [names = [], ...rows] = parseCSV(await readFile(file, "utf8"));
  const ragged = rows.findIndex((row) => row.length !== names.length);
  if (ragged >= 0) {
    throw new Error(
      `${file}: row ${ragged + 1} has ${rows[ragged]?.length} cells, and there are ${names.length} columns.`,
    );
  }
  // The cells stay texts: what they mean is found out, and kept with the model, by chainrule/table.
  return new Table(
    names,
    names.map((_, column) => rows.map((row) => row[column] ?? null)),
  );
}
