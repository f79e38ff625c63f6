/** 256-bit products: the same bits as ordinary ones, whether the engine joins vectors or not, and on request only. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, it } from "vitest";
import { wasmTarget } from "../../src/target/wasm/index.ts";
import { mostRows, mostVectors, splitColumns, splitRows } from "../../src/target/wasm/tiling.ts";
import { type Case, productProgram, roundedValues } from "./product-program.ts";
import { runOn } from "./wasm-compare.ts";

const CHILD = fileURLToPath(new URL("wasm-wide-child.ts", import.meta.url));

const child = (scenario: string): unknown =>
  JSON.parse(execFileSync(process.execPath, [CHILD, scenario], { encoding: "utf8" }));

/** Why this engine has no wide products, or "" where it must have them. */
function reason(): string {
  const built: unknown = Reflect.get(process.config.variables, "v8_enable_wasm_simd256_revec");
  if (built !== 1) return "this engine is built without the revectorizer";
  if (Number.parseInt(process.versions.node, 10) < 24) return "the flag has no effect before Node 24";
  if (process.platform !== "linux") return "only Linux says whether the processor has AVX2";
  return readFileSync("/proc/cpuinfo", "utf8").includes(" avx2") ? "" : "this processor has no AVX2";
}

it("enableWideSimd turns wide code on and off; it gives the same bits as ordinary code", (ctx) => {
  ctx.skip(reason() !== "", reason());
  expect(child("enable")).toEqual({
    before: ["tile_6x8x4"],
    enabled: true,
    within: ["tile_6x16x4"],
    different: [],
    differentFunctions: [],
    disabled: false,
    after: ["tile_6x8x4"],
    again: true,
  });
});

it("enableWideSimd refuses where the flag has no effect, and where there is no Node", () => {
  expect(child("without effect")).toEqual({ enabled: false, within: ["tile_6x8x4"] });
  expect(child("without a process")).toEqual({ enabled: false, within: ["tile_6x8x4"] });
});

it("wide tiles sum in the same order as ordinary ones", () => {
  const extent = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(63, 64, 65, 127, 129));
  const transposed = fc.record({ a: fc.boolean(), b: fc.boolean(), out: fc.boolean() });
  fc.assert(
    fc.property(fc.record({ m: extent, n: extent, k: extent, transposed }), fc.boolean(), (one: Case, relaxed) => {
      const program = productProgram(one);
      const [narrow, wide] = [false, true].map((isWide) => {
        const executable = runOn(wasmTarget({ relaxed, wide: isWide }), program, roundedValues(one));
        return [0, 1, 2].map((id) => Array.from(executable.view(id)));
      });
      expect(wide).toEqual(narrow);
    }),
    { numRuns: 150 },
  );
});

it("splits rows into tiles of nearly equal height", () => {
  expect(splitRows(128, 6)).toEqual([
    { rows: 6, count: 18 },
    { rows: 5, count: 4 },
  ]);
  expect(splitRows(12, 6)).toEqual([{ rows: 6, count: 2 }]);
  expect(splitRows(7, 6)).toEqual([
    { rows: 4, count: 1 },
    { rows: 3, count: 1 },
  ]);
  expect(splitRows(1, 6)).toEqual([{ rows: 1, count: 1 }]);
});

it("splits columns into tiles of the greatest width and one of the rest", () => {
  expect(splitColumns(40, 4)).toEqual([
    { columns: 16, count: 2 },
    { columns: 8, count: 1 },
  ]);
  expect(splitColumns(10, 4)).toEqual([{ columns: 10, count: 1 }]);
  expect(splitColumns(32, 4)).toEqual([{ columns: 16, count: 2 }]);
});

it("keeps the sums of a tile, its row of b and a factor of a in 15 registers", () => {
  for (const engine of [
    { relaxed: true, wide: false },
    { relaxed: false, wide: false },
    { relaxed: true, wide: true },
  ]) {
    for (let rows = 1; rows <= mostRows(100, engine); rows++) {
      const vectors = mostVectors(rows, engine) / (engine.wide ? 2 : 1);
      const product = engine.relaxed ? 0 : 1;
      expect(rows * vectors + Math.min(rows, vectors) + 1 + product).toBeLessThanOrEqual(15);
    }
  }
});
