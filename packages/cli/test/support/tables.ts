/** Reads data files as the commands do, from a temporary folder. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cell } from "chainrule/table";
import { afterAll } from "vitest";
import { Failure } from "../../src/failure.ts";
import { openTable, type ReadOptions } from "../../src/files/index.ts";

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-files-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const fixture = (name: string): string => fileURLToPath(new URL(`../files/fixtures/${name}`, import.meta.url));

export interface Content {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly places: readonly string[];
  readonly notes: readonly string[];
  readonly format: string;
}

/** All rows of a file. */
export async function contentOf(path: string, options: ReadOptions = {}): Promise<Content> {
  const file = await openTable(path, options);
  try {
    const [rows, places]: [(readonly Cell[])[], string[]] = [[], []];
    for await (const batch of file.batches()) {
      batch.rows.forEach((row, i) => {
        rows.push(row);
        places.push(batch.place(i));
      });
    }
    return { columns: file.columns, rows, places, notes: file.notes, format: file.format };
  } finally {
    await file.close();
  }
}

/** What the user is told, with paths relative to the folder. Anything thrown but a Failure is a bug, and thrown on. */
export async function failureOf(work: Promise<unknown>, folder = ""): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Failure) return error.message.replaceAll(folder === "" ? folder : `${folder}/`, "");
    throw error;
  }
  throw new Error("nothing failed");
}

/** Writes and reads files of a folder. */
export function inFolder(folder: string) {
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return {
    write,
    read: (content: string | Uint8Array, options: ReadOptions = {}, name = "data.csv"): Promise<Content> =>
      contentOf(write(name, content), options),
    fail: (content: string | Uint8Array, options: ReadOptions = {}, name = "data.csv"): Promise<string> =>
      failureOf(contentOf(write(name, content), options), folder),
  };
}
