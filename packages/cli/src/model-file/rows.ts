/** Rows to try a model on: of a file that the user names, or else of the one that it was trained on. */
import { access } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Failure } from "../failure.ts";
import { type ReadFlags, readOptionsOf, readTable, type TableData } from "../files/index.ts";
import { openSource } from "../files/source.ts";
import type { OpenedModel } from "./index.ts";

/** A table, or why there is none. */
export type FoundRows = { readonly data: TableData } | { readonly absent: string };

/**
 * Reads the file that is named. If none is, it reads the one that the record names, from the working folder or the model's own:
 * with the reading options of the training, and only if it is the same to the last bit.
 *
 * @param path "-" for standard input
 * @throws Failure for a named file that cannot be read
 */
export async function findRows(opened: OpenedModel, path: string | undefined, flags: ReadFlags): Promise<FoundRows> {
  if (path !== undefined) {
    if (path === "-" && opened.path === undefined)
      throw new Failure("The model and the data cannot both come from standard input. Give one of them as a file.");
    return { data: await readTable(path, readOptionsOf(flags)) };
  }
  const recorded = opened.record.data;
  if (recorded?.sha256 === undefined) return { absent: "the model file does not tell which data it was trained on" };
  const beside = join(dirname(opened.path ?? "."), basename(recorded.file));
  let changed: string | undefined;
  for (const candidate of new Set([recorded.file, beside])) {
    if (!(await isThere(candidate))) continue;
    if ((await fingerprintOf(candidate)) !== recorded.sha256) changed ??= candidate;
    else return { data: await readTable(candidate, readOptionsOf({ ...recordedFlags(opened), ...flags })) };
  }
  return {
    absent:
      changed === undefined
        ? `the data it was trained on, ${recorded.file}, is not there`
        : `${changed} is not the data that it was trained on: its SHA-256 is another one`,
  };
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function fingerprintOf(path: string): Promise<string | undefined> {
  try {
    const source = await openSource(path);
    try {
      return await source.fingerprint();
    } finally {
      await source.close();
    }
  } catch (error) {
    // A folder of the name, or a file that may not be read, is not the data either.
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** How the file was read in training, as far as it was not left to be found out. */
function recordedFlags({ record }: OpenedModel): ReadFlags {
  const { options } = record;
  const texts = ["format", "delimiter", "quote", "encoding", "part"].filter(
    (name) => typeof options[name] === "string",
  );
  const flags = ["header", "decimalComma"].filter((name) => typeof options[name] === "boolean");
  const isNames = Array.isArray(options.columns) && options.columns.every((name) => typeof name === "string");
  const names = [...texts, ...flags, ...(isNames ? ["columns"] : [])];
  return Object.fromEntries(names.map((name) => [name, options[name]])) as ReadFlags;
}
