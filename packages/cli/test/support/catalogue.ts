/** Bad inputs, and what the user is told of them. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { chainrule, type Finished } from "./command.ts";
import { runHere } from "./in-process.ts";

/** Files by their paths. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface BadInput {
  /** What is wrong. */
  readonly name: string;
  /** The folder in which the command runs; a function if they are made before the tests. */
  readonly files?: Files | (() => Files);
  readonly args: readonly string[];
  /** The whole message without "error: ", or what must be in it. */
  readonly says: string | RegExp;
  /** For a process of its own: what it reads from standard input. */
  readonly input?: string | Uint8Array;
}

/** A test for each bad input: it ends with status 2, tells this and nothing else, and leaves the folder as it was. */
export function catalogue(title: string, inputs: readonly BadInput[]): void {
  describe(title, () => {
    for (const bad of inputs) test(bad.name, () => check(bad));
  });
}

async function check({ files = {}, args, says, input }: BadInput): Promise<void> {
  using folder = folderOf(typeof files === "function" ? files() : files);
  const before = contentsOf(folder.path);
  const finished = await (input === undefined
    ? runHere(args, folder.path)
    : chainrule(args, { cwd: folder.path, input }));
  expectRefusal(finished, says);
  expect(contentsOf(folder.path)).toEqual(before);
}

/** The user's input is at fault, and is told so in one paragraph; a program that reads the output finds nothing but JSON. */
export function expectRefusal({ status, stdout, stderr }: Finished, says: string | RegExp): void {
  if (typeof says === "string") expect(stderr).toBe(`error: ${says}\n`);
  else {
    expect(stderr).toMatch(/^error: /m);
    expect(stderr).toMatch(says);
  }
  expect(stderr).not.toMatch(/^ +at |mistake in chainrule/m);
  expect(status).toBe(2);
  for (const line of stdout.split("\n").slice(0, -1)) expect(() => JSON.parse(line)).not.toThrow();
}

/** A folder with these files, removed when it goes out of scope. */
export function folderOf(files: Files = {}): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "chainrule-catalogue-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, dirname(name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** What is in a folder: each file with a digest of its content. */
export const contentsOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (readdirSync(folder, { recursive: true }) as string[]).sort().map((name) => {
      const path = join(folder, name);
      return [
        name,
        statSync(path).isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "not a file",
      ];
    }),
  );

/** A small table that can be learned: of each of the classes so many rows. */
export function plants(rows = 12, classes: readonly string[] = ["rose", "oak", "fern"]): string {
  const lines = classes.flatMap((kind, c) =>
    Array.from({ length: rows }, (_, i) => `${(c + 1) * 10 + (i % 7)},${(i * 37) % 11},${kind}`),
  );
  return `height,leaves,kind\n${lines.join("\n")}\n`;
}

/** Training that takes no time. */
export const QUICK = ["--hidden", "4", "--epochs", "3", "--l2", "0.01", "--validation", "0", "--quiet"] as const;
