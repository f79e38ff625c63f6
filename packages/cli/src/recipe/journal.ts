/** What survives an interruption: a folder with a file for each finished run and one for the run that was going on. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { decode, encode, readBytes, writeBytes } from "chainrule/io";
import { Failure, messageOf, systemReason } from "../failure.ts";
import type { Run, RunLog, RunState } from "./run.ts";
import type { Snapshot } from "./trainer.ts";
import type { Problem, Settings } from "./types.ts";

const ABOUT = "about.json";
const PRESENT = "present.safetensors";
const finishedName = (number: number): string => `run-${number}.safetensors`;

/** Changes when the recipe does, since a run can then not go on as it began. */
const VERSION = 2;

/** Saving takes at most this share of the time, and happens at most so often. */
const SHARE = 0.05;
const LEAST_MS = 100;

type About = Readonly<Record<string, unknown>>;

/** Files are written beside and renamed, so that at any moment each is whole or not there. */
export class Journal {
  readonly #folder: string;
  #next = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws Failure for a folder that cannot be used, or that holds a training on other data or with other settings */
  static async open(folder: string, resume: boolean, problem: Problem, settings: Settings): Promise<Journal> {
    const about = describe(problem, settings);
    try {
      await makeFolder(resolve(folder));
      const names = await readdir(folder);
      if (names.includes(ABOUT)) await compare(folder, resume, about);
      // Without the record nothing else was written by us, but for a killed attempt to write the record.
      else await writeBytes(join(folder, ABOUT), new TextEncoder().encode(`${JSON.stringify(about, null, 2)}\n`));
      for (const name of names) if (name.endsWith(".tmp")) await rm(join(folder, name), { force: true });
    } catch (error) {
      if (error instanceof Failure) throw error;
      if ((error as NodeJS.ErrnoException).code === "EEXIST" || (error as NodeJS.ErrnoException).code === "ENOTDIR")
        throw new Failure(`--checkpoint: ${folder} is no folder. Name one; it is created if it is not there.`);
      throw new Failure(
        `--checkpoint: the folder ${folder} cannot be used: ${systemReason(error)}. Name one that you may write to.`,
      );
    }
    return new Journal(folder);
  }

  /** A finished run, by its place in the order of runs. */
  async finished(number: number): Promise<Run | undefined> {
    const file = await this.#read(finishedName(number));
    return file && { ...(file.log as RunLog), weights: file.part("weights") };
  }

  async finish(number: number, { weights, ...log }: Run): Promise<void> {
    await this.#write(finishedName(number), { number, log }, { weights });
  }

  /** The state of the run that was going on, if it is this one. */
  async present(number: number): Promise<RunState | undefined> {
    const file = await this.#read(PRESENT);
    if (file === undefined || file.number !== number) return undefined;
    const [weights, present, optimizer] = [file.part("weights"), file.part("present"), file.part("optimizer")];
    return { ...(file.log as RunLog), weights, present, optimizer };
  }

  /** Keeps the state of a run, unless that was done only just now: how often changes nothing but what is done again. */
  async keep(number: number, state: () => RunState): Promise<void> {
    const begun = performance.now();
    if (begun < this.#next) return;
    const { weights, present, optimizer, ...log } = state();
    await this.#write(PRESENT, { number, log }, { weights, present, optimizer });
    const took = performance.now() - begun;
    this.#next = performance.now() + Math.max(LEAST_MS, took / SHARE);
  }

  async #write(name: string, record: object, parts: Readonly<Record<string, Snapshot>>): Promise<void> {
    const tensors = Object.entries(parts).flatMap(([part, values]) =>
      Object.entries(values).map(([key, value]) => [`${part}/${key}`, value] as const),
    );
    try {
      await writeBytes(
        join(this.#folder, name),
        encode(Object.fromEntries(tensors), { record: JSON.stringify(record) }),
      );
    } catch (error) {
      throw new Failure(`The checkpoint cannot be written: ${messageOf(error)}`);
    }
  }

  async #read(name: string) {
    const path = join(this.#folder, name);
    if (!existsSync(path)) return undefined;
    try {
      const { tensors, metadata } = decode(await readBytes(path), path);
      const record = JSON.parse(metadata.record ?? "") as { readonly number: number; readonly log: RunLog };
      return {
        ...record,
        part: (part: string): Snapshot =>
          Object.fromEntries(
            Object.entries(tensors).flatMap(([key, value]) =>
              key.startsWith(`${part}/`) ? [[key.slice(part.length + 1), value] as const] : [],
            ),
          ),
      };
    } catch (error) {
      throw new Failure(describeDamage(path, this.#folder, error));
    }
  }
}

const describeDamage = (path: string, folder: string, error: unknown): string =>
  `The checkpoint ${path} is damaged: ${messageOf(error).replace(/[.]?$/, ".")} Delete the folder ${folder} and train from the start.`;

/** With what is missing above it. Node's own recursion never ends where the system denies a place that is there, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || (await stat(dirname(folder)).catch(() => undefined)) !== undefined) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}

/** Everything that decides the course of training. */
function describe(problem: Problem, settings: Settings): About {
  const hash = createHash("sha256");
  for (const t of [problem.x, problem.y]) {
    const { buffer, byteOffset, byteLength } = t.dataSync();
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  hash.update(JSON.stringify(Array.from(problem.groups ?? [])));
  const [rows, features] = problem.x.shape;
  const { task, classes } = problem;
  return { checkpoint: VERSION, task, rows, features, classes, ...settings, data: hash.digest("hex").slice(0, 16) };
}

async function compare(folder: string, resume: boolean, about: About): Promise<void> {
  if (!resume) {
    throw new Failure(
      `The folder ${folder} holds the checkpoint of a training already. Go on with it by --resume, or name another folder.`,
    );
  }
  let saved: About;
  try {
    saved = JSON.parse(await readFile(join(folder, ABOUT), "utf8")) as About;
  } catch (error) {
    throw new Failure(describeDamage(join(folder, ABOUT), folder, error));
  }
  const now = JSON.parse(JSON.stringify(about)) as About;
  for (const key of new Set([...Object.keys(saved), ...Object.keys(now)])) {
    const [before, after] = [JSON.stringify(saved[key]), JSON.stringify(now[key])];
    if (before === after) continue;
    throw new Failure(
      key === "data"
        ? `The checkpoint in ${folder} is of a training on other data: the numbers differ. Resume with the same file, or name another folder.`
        : `The checkpoint in ${folder} was made with ${named(key)} ${before ?? "not set"}, and now it is ${after ?? "not set"}. ` +
            "Resume with the same options, or name another folder.",
    );
  }
}

/** What is about the numbers keeps its name; all else is an option. */
const named = (key: string): string =>
  ["checkpoint", "task", "rows", "features", "classes"].includes(key)
    ? key
    : `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
