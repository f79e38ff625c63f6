/** What `chainrule init` does. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure, messageOf } from "../../failure.ts";
import type { ReadFlags } from "../../files/index.ts";
import { createOutput } from "../../output.ts";
import { type Loaded, loadOptionsOf, loadTable } from "../../prepare/index.ts";
import { projectFiles, TEMPLATE } from "./files.ts";

export interface InitFlags extends ReadFlags {
  readonly data?: string;
  readonly target?: string;
  readonly quiet?: boolean;
}

export async function run(folder: string, flags: InitFlags): Promise<void> {
  const target = resolve(folder);
  const isThere = await requireFree(folder, target);
  const loaded = await load(flags);
  if (loaded.table.length < 5) {
    throw new Failure(
      `${loaded.name} has ${loaded.table.length} rows with a target, too few to hold some back for a test. Give more rows.`,
    );
  }
  await writeProject(folder, target, isThere, projectFiles(basename(target), loaded));
  createOutput({ quiet: flags.quiet ?? false }).result(
    `${folder}: a project that learns to predict ${JSON.stringify(loaded.target)}. Next:\n\n` +
      `  cd ${folder}\n  npm install\n  npm run train\n  npm run predict\n`,
  );
}

/** Whether the folder is there, and empty. @throws Failure for one in which something is */
async function requireFree(folder: string, target: string): Promise<boolean> {
  const there = await stat(target).catch(() => undefined);
  if (there === undefined) return false;
  if (!there.isDirectory()) throw new Failure(`${folder} is a file. Name a folder that is not there yet.`);
  const files = await readdir(target);
  if (files.length === 0) return true;
  throw new Failure(`${folder} is not empty: it has ${files.sort()[0]}. Name a folder that is not there yet.`);
}

/** The user's data, or else the example. */
async function load({ data, target, ...flags }: InitFlags): Promise<Loaded> {
  if (data === undefined && target !== undefined)
    throw new Failure("--target names a column of your data: give its file too, by --data.");
  if (data !== undefined && target === undefined)
    throw new Failure(
      `--data needs the name of the column to predict, as in --target price. \`chainrule inspect ${data}\` lists the columns.`,
    );
  const path = data ?? fileURLToPath(new URL("data/iris.csv", TEMPLATE));
  return await loadTable(path, target ?? "species", loadOptionsOf(flags));
}

/** All files or none: they are written beside, and put into their place at the end. */
async function writeProject(
  folder: string,
  target: string,
  isThere: boolean,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const stage = join(dirname(target), `.chainrule-${randomUUID()}.tmp`);
  try {
    await mkdir(stage);
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(stage, name)), { recursive: true });
      await writeFile(join(stage, name), text);
    }
    if (!isThere) return await rename(stage, target);
    // Who stands in the empty folder shall stand in the project.
    for (const name of await readdir(stage)) await rename(join(stage, name), join(target, name));
    await rmdir(stage);
  } catch (error) {
    await rm(stage, { recursive: true, force: true }).catch(() => {});
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(folder);
    if (code === "ENOENT") throw new Failure(`cannot make ${folder}: there is no folder ${parent}. Make it first.`);
    if (code === "ENOTDIR") throw new Failure(`cannot make ${folder}: ${parent} is a file. Name another place.`);
    if (code === "EACCES" || code === "EPERM" || code === "EROFS")
      throw new Failure(`cannot make ${folder}: nothing can be written in ${parent}. Name another place.`);
    throw new Failure(`cannot make ${folder}: ${messageOf(error)}.`);
  }
}
