/** A contender as a process of its own, asked over its standard input and output; see peers/serve.ts. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Hello, Request } from "./peers/serve.ts";

/** Why a contender has no figure; the bench prints it in its place. */
export class NoFigure extends Error {}

interface Reply {
  readonly id?: number;
  readonly unavailable?: string;
  readonly unsupported?: string;
  readonly error?: string;
  readonly [key: string]: unknown;
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** The longest a contender may take over one request, such as the import of a large framework. */
const PATIENCE_MS = 600_000;

export class Peer {
  readonly hello: Promise<Hello>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #errors = "";

  constructor(command: readonly string[], env: NodeJS.ProcessEnv) {
    const [program = "", ...args] = command;
    this.#child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    this.hello = this.#reply(0).then((reply) => {
      if (reply.unavailable !== undefined) throw new NoFigure(reply.unavailable);
      return reply as unknown as Hello;
    });
    // Who never asks need not care.
    this.hello.catch(() => {});
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on("line", (line) => this.#hear(line));
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-4000);
    });
    this.#child.stdin?.on("error", () => {});
    this.#child.on("error", (error) => this.#fail(error.message));
    this.#child.on("close", (code, signal) =>
      this.#fail(`it ended (${signal ?? `exit ${code}`}): ${lastLine(this.#errors)}`),
    );
  }

  /** @throws NoFigure if the contender cannot do it or fails */
  async ask<R>(request: Omit<Request, "id">): Promise<R> {
    await this.hello;
    const id = this.#next++;
    const answer = this.#reply(id);
    this.#child.stdin?.write(`${JSON.stringify({ id, ...request })}\n`);
    const reply = await answer;
    if (reply.unsupported !== undefined) throw new NoFigure(reply.unsupported);
    if (reply.error !== undefined) throw new NoFigure(`failed: ${reply.error}`);
    return reply as R;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 2000);
    await closed;
    clearTimeout(timer);
  }

  #reply(id: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(`no answer in ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
      timer.unref();
      const settle = (f: () => void): void => {
        clearTimeout(timer);
        f();
      };
      this.#waiting.set(id, {
        resolve: (reply) => settle(() => resolve(reply)),
        reject: (error) => settle(() => reject(error)),
      });
    });
  }

  #hear(line: string): void {
    let reply: Reply;
    try {
      reply = JSON.parse(line) as Reply;
    } catch {
      return; // A library talks.
    }
    const id = reply.id ?? 0;
    this.#waiting.get(id)?.resolve(reply);
    this.#waiting.delete(id);
  }

  #fail(message: string): void {
    for (const { reject } of this.#waiting.values()) reject(new NoFigure(message));
    this.#waiting.clear();
    this.#child.kill("SIGKILL");
  }
}

/** Errors end with what matters, in Python, or begin with it, in Node. */
function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const telling = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.findLast((line) => line !== "");
  return telling ?? "no message";
}
