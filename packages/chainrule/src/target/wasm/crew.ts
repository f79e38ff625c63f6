/** The worker threads, shared by all programs of this thread of JavaScript. They keep no process alive. */
import { nodeModule } from "../../tensor/host.ts";
import { CELLS } from "./barrier.ts";
import { ORDER_CELLS, ORDERS, workerSource } from "./worker-source.ts";

/** What is used of a worker, in Node and in browsers. */
interface Worker {
  postMessage(message: unknown): void;
  terminate(): unknown;
  unref?(): void;
  on?(event: "error" | "exit", listener: () => void): void;
  addEventListener?(event: "error", listener: () => void): void;
}

interface Host {
  readonly Worker?: new (url: string) => Worker;
  readonly crossOriginIsolated?: boolean;
}

const host = globalThis as Host;

/** Whether memory can be shared: always in Node, in browsers on pages that are cross-origin isolated. */
export const hasSharedMemory = (): boolean =>
  typeof SharedArrayBuffer === "function" && host.crossOriginIsolated !== false;

function startWorker(): Worker {
  const source = workerSource(CELLS);
  const node = nodeModule<{ Worker: new (url: URL, options: object) => Worker }>("worker_threads");
  if (node) {
    return new node.Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { execArgv: [] });
  }
  if (!host.Worker) throw new Error("there are no workers here");
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return new host.Worker(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** One worker and the cells by which it is told what to do. */
export class Member {
  readonly #worker: Worker;
  readonly #orders = new Int32Array(new SharedArrayBuffer(4 * ORDER_CELLS));
  /** It failed, was ended, or stopped answering. */
  lost = false;

  constructor() {
    this.#worker = startWorker();
    const lose = (): void => {
      this.lost = true;
    };
    this.#worker.on?.("error", lose);
    this.#worker.on?.("exit", lose);
    this.#worker.addEventListener?.("error", lose);
    this.#worker.unref?.();
    this.post({ orders: this.#orders });
  }

  /** Sends a message; gives its number. */
  post(message: object): number {
    // Counted before it is sent: a worker that has all it was posted goes back to serving runs.
    const number = Atomics.add(this.#orders, ORDERS.posted, 1) + 1;
    this.#worker.postMessage(message);
    this.#ring();
    return number;
  }

  hasReceived(message: number): boolean {
    return Atomics.load(this.#orders, ORDERS.received) >= message;
  }

  order(program: number, thread: number, threads: number): void {
    this.#orders[ORDERS.program] = program;
    this.#orders[ORDERS.thread] = thread;
    this.#orders[ORDERS.threads] = threads;
    Atomics.add(this.#orders, ORDERS.ticket, 1);
    this.#ring();
  }

  end(): void {
    this.lost = true;
    this.#worker.terminate();
  }

  #ring(): void {
    Atomics.add(this.#orders, ORDERS.bell, 1);
    Atomics.notify(this.#orders, ORDERS.bell);
  }
}

let members: Member[] = [];
/** Workers cannot be started here, or one was lost: none is started unasked. */
let isClosed = false;

/** The workers there are, after starting some if there are fewer than `count` and none was ever lost. */
export function recruit(count: number): readonly Member[] {
  isClosed ||= members.some(({ lost }) => lost);
  members = members.filter(({ lost }) => !lost);
  try {
    while (!isClosed && members.length < count) members.push(new Member());
  } catch {
    isClosed = true;
  }
  return members.slice(0, count);
}

/** Lets workers be started again after one was lost. */
export function reopenCrew(): void {
  members = members.filter(({ lost }) => !lost);
  isClosed = false;
}
