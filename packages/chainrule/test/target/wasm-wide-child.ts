/**
 * Run by wasm-wide.test.ts in a process of its own, since the engine's flag is global. Writes what it found as JSON.
 * The argument chooses what is tried.
 */
import v8 from "node:v8";
import { ExprPool } from "../../src/loop/build.ts";
import { printCode } from "../../src/target/index.ts";
import type { Executable } from "../../src/target/target.ts";
import { enableWideSimd, wasm, wasmTarget } from "../../src/target/wasm/index.ts";
import { LANE_FUNCTIONS, type LaneFunctionOp } from "../../src/target/wasm/math/index.ts";
import { type Case, productProgram, roundedValues } from "./product-program.ts";
import { loop, singleKernel, store } from "./program.ts";

const report = (value: unknown): void => console.log(JSON.stringify(value));

/** Sums that are taken up again by the next block of terms, in whole tiles and partial ones. */
const BLOCKED: readonly Case[] = [5, 7, 12, 13].flatMap((m) =>
  [16, 21, 32].flatMap((n) => [false, true].map((out): Case => ({ m, n, k: 1030, transposed: { out } }))),
);

const EDGES: readonly Case[] = [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 25].flatMap((m) =>
  [1, 4, 5, 8, 9, 12, 13, 15, 16, 17, 24, 31, 32, 33, 63, 65, 130].flatMap((n): Case[] => [
    { m, n, k: 1 + ((m * n) % 9) },
    { m, n, k: 5 + ((m + n) % 4), transposed: { a: n % 2 === 0, b: m % 2 === 0 } },
  ]),
);

/** Where wide products differ from ordinary ones, or write beside their matrix. */
function differences(): Case[] {
  // Code of the optimizing compiler from the first run on: only there vectors are joined.
  v8.setFlagsFromString("--no-liftoff");
  const [narrow, wide] = [wasmTarget({ relaxed: true }), wasmTarget({ relaxed: true, wide: true })];
  return [...EDGES, ...BLOCKED].filter((one) => {
    const program = productProgram(one);
    const [expected, actual] = [narrow, wide].map((target): Executable => {
      const executable = target.instantiate(program);
      for (const [id, data] of Object.entries(roundedValues(one))) executable.view(Number(id)).set(data);
      executable.run();
      return executable;
    }) as [Executable, Executable];
    return [0, 1, 2].some((id) => !Buffer.from(bytes(expected, id)).equals(Buffer.from(bytes(actual, id))));
  });
}

const LENGTH = 4099;

/** Lane functions whose wide code gives other bits than ordinary code, on a sample of all float32 numbers. */
function functionDifferences(): string[] {
  const [narrow, wide] = [wasmTarget({ relaxed: true }), wasmTarget({ relaxed: true, wide: true })];
  return Object.keys(LANE_FUNCTIONS).filter((op) => {
    const pool = new ExprPool();
    const body = loop(
      "i",
      LENGTH,
      (i) => [store(1, i, pool.call(op as LaneFunctionOp, pool.load("float32", 0, i)))],
      true,
    );
    const program = singleKernel(
      ["x", "y"].map((name) => [name, "float32", LENGTH] as const),
      body,
    );
    const [expected, actual] = [narrow, wide].map((target): Executable => {
      const executable = target.instantiate(program);
      const x = executable.view(0);
      new Int32Array(x.buffer, x.byteOffset, LENGTH).forEach((_, i, bits) => {
        bits[i] = i * (2 ** 20 - 3);
      });
      executable.run();
      return executable;
    }) as [Executable, Executable];
    return !Buffer.from(bytes(expected, 1)).equals(Buffer.from(bytes(actual, 1)));
  });
}

const bytes = (executable: Executable, id: number): Uint8Array => {
  const { buffer, byteOffset, byteLength } = executable.view(id);
  return new Uint8Array(buffer, byteOffset, byteLength);
};

const tiles = (): string[] =>
  [...printCode(wasm, productProgram({ m: 6, k: 4, n: 16 })).matchAll(/\(func \$(tile\w+)/g)].map(
    ([, name]) => name ?? "",
  );

const scenarios: Record<string, () => void> = {
  enable: () => {
    const [before, enabled, within] = [tiles(), enableWideSimd(), tiles()];
    const different = enabled ? differences() : [];
    const differentFunctions = enabled ? functionDifferences() : [];
    const [disabled, after, again] = [enableWideSimd({ enabled: false }), tiles(), enableWideSimd()];
    report({ before, enabled, within, different, differentFunctions, disabled, after, again });
  },
  "without effect": () => {
    const setFlagsFromString = (flags: string): void => {
      if (!flags.includes("revectorize")) v8.setFlagsFromString(flags);
    };
    process.getBuiltinModule = (() => ({ setFlagsFromString })) as unknown as typeof process.getBuiltinModule;
    report({ enabled: enableWideSimd(), within: tiles() });
  },
  "without a process": () => {
    const { process } = globalThis;
    Reflect.set(globalThis, "process", undefined);
    const enabled = enableWideSimd();
    Reflect.set(globalThis, "process", process);
    report({ enabled, within: tiles() });
  },
};

scenarios[process.argv[2] ?? ""]?.();
