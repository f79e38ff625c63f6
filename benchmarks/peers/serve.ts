/**
 * The side of the protocol that every contender written in TypeScript shares: requests come as lines of JSON on standard
 * input, answers go as lines of JSON to standard output. `serve.py` is its twin.
 */
import { createInterface } from "node:readline";
import { type Data, load, type StoredProblem, type Task } from "../problem.ts";

/** One task on one problem, ready to be repeated. */
export interface Work<H> {
  /** Does step i; what it gives is read, or dropped. */
  step(i: number): H;
  /** Does steps 0 … count − 1 in one call and gives their losses, where that is the task. */
  many?(count: number): ArrayLike<number>;
  /** The numbers by which the work is compared with that of others; for training, the loss. Waits for the step's end. */
  read(result: H): number[] | Promise<number[]>;
  /** Frees a result that nobody reads, where a library asks for that. */
  drop?(result: H): void;
  /** A step is done when it returns, and reading its many numbers would take longer: a turn ends without that. */
  readonly done?: boolean;
  /** Back to the start weights. */
  restart?(): void;
}

export class Unsupported extends Error {}

export interface Hello {
  readonly version: string;
  readonly note?: string;
}

export interface Request {
  readonly id: number;
  readonly do: "prepare" | "check" | "run" | "first" | "memory" | "forget";
  readonly work?: string;
  readonly problem?: StoredProblem;
  readonly task?: Task;
  readonly steps?: number;
  readonly limitMs?: number;
}

type Build = (data: Data, task: Task) => Work<unknown> | Promise<Work<unknown>>;

/**
 * Answers requests until standard input ends.
 *
 * @param importedBytes the resident memory right after the library was imported
 */
export async function serve(hello: Hello, build: Build, importedBytes: number): Promise<void> {
  const works = new Map<string, Work<unknown>>();
  const answer = (reply: object): boolean => process.stdout.write(`${JSON.stringify(reply)}\n`);
  answer(hello);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    try {
      answer({ id: request.id, ...(await handle(request, works, build, importedBytes)) });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      answer({ id: request.id, [error instanceof Unsupported ? "unsupported" : "error"]: text });
    }
  }
}

/** Says why a contender cannot take part, instead of serving. */
export function unavailable(reason: string): void {
  process.stdout.write(`${JSON.stringify({ unavailable: reason })}\n`);
}

async function handle(request: Request, works: Map<string, Work<unknown>>, build: Build, importedBytes: number) {
  const { work: id = "", problem, task = "train", steps = 1, limitMs = 0 } = request;
  if (request.do === "prepare") {
    works.set(id, await build(load(problem as StoredProblem), task));
    return {};
  }
  if (request.do === "forget") {
    works.clear();
    return {};
  }
  if (request.do === "first") {
    const data = load(problem as StoredProblem);
    const start = performance.now();
    const work = await build(data, task);
    await work.read(work.step(0));
    return { ns: (performance.now() - start) * 1e6 };
  }
  const work = works.get(id);
  if (work === undefined) throw new Error(`there is no work "${id}"`);
  if (request.do === "check") return { values: await check(work, steps, limitMs) };
  if (request.do === "run") return { ns: await run(work, steps) };
  return { importedBytes, ...(await memory(work, steps)) };
}

async function check(work: Work<unknown>, steps: number, limitMs: number): Promise<number[][]> {
  work.restart?.();
  if (work.many !== undefined) return Array.from(work.many(steps), (loss) => [loss]);
  const values: number[][] = [];
  const start = performance.now();
  for (let i = 0; i < steps && (i === 0 || performance.now() - start < limitMs); i++) {
    values.push(await work.read(work.step(i)));
  }
  return values;
}

async function run(work: Work<unknown>, steps: number): Promise<number> {
  work.restart?.();
  const start = process.hrtime.bigint();
  if (work.many !== undefined) work.many(steps);
  else {
    for (let i = 0; i < steps - 1; i++) {
      const result = work.step(i);
      work.drop?.(result);
    }
    const last = work.step(steps - 1);
    if (work.done === true) work.drop?.(last);
    else await work.read(last);
  }
  return Number(process.hrtime.bigint() - start);
}

const SAMPLES = 40;

/** Peak and course of the resident memory over many steps. */
async function memory(work: Work<unknown>, steps: number) {
  const samples: number[] = [];
  const every = Math.max(1, Math.floor(steps / SAMPLES));
  for (let i = 0; i < steps; i++) {
    const result = work.step(i);
    if ((i + 1) % every !== 0) {
      work.drop?.(result);
      continue;
    }
    await work.read(result);
    samples.push(process.memoryUsage.rss());
    // Objects with finalizers are freed between turns of the event loop only.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { samples, peakBytes: process.resourceUsage().maxRSS * 1024 };
}
