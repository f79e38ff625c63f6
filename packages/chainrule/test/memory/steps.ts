/**
 * Run by `memory.test.ts` in a process of its own: prints the bytes in use after each of some numbers of repetitions, and
 * the most that the process ever had, WebAssembly's memories included.
 */
import { compile, type Tensor, tensor } from "../../src/index.ts";
import { batch, network } from "../support/network.ts";

const collect = (globalThis as { gc?: () => void }).gc;
if (collect === undefined) throw new Error("run with --expose-gc");

/** Heap and array buffers in use, in bytes, after collecting garbage. */
function used(): number {
  // Twice: what the first finds unreachable may hold array buffers that only the second frees.
  collect?.();
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const [x, labels] = batch(4, 3, 2);
const { step } = network(3, 4, 2);
const compiled = compile(step);
let functions = 0;
const all: unknown[] = [];

const WORK: Record<string, () => void> = {
  compiled: () => void compiled(x, labels),
  eager: () => void step(x, labels),
  /** A function that is compiled, used once and dropped, each time for another shape, with an arena of 1 MB or more. */
  dropped: () => void compile((t: Tensor) => t.mul(2).sum())(tensor(new Float32Array(2 ** 18 + (functions++ % 100)))),
  /** The same, for small shapes, and all are kept. */
  kept: () => {
    const f = compile((t: Tensor) => t.mul(2).sum());
    f(tensor(new Float32Array(1 + (functions++ % 100))));
    all.push(f);
  },
  /** Single operations on ever other shapes, which the cache of their programs must not keep all. */
  shapes: () => void tensor(new Float32Array(1 + functions++)).add(1),
};

const [name = "", ...counts] = process.argv.slice(2);
const work = WORK[name] as () => void;
let done = 0;
const bytes = counts.map((count) => {
  for (; done < Number(count); done++) work();
  return used();
});
console.log(JSON.stringify({ bytes, peak: process.resourceUsage().maxRSS * 1024 }));
