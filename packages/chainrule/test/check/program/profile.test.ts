/** What `profile` finds: the rows by hand, times only as far as they must hold on any machine. */
import { describe, expect, it } from "vitest";
import { type KernelRow, type Profile, profile } from "../../../src/check/index.ts";
import { Meter } from "../../../src/check/program/meter.ts";
import { count, profileTable } from "../../../src/check/program/profile-table.ts";
import { Box, compile, cond, scan, type Tensor, tensor, whileLoop } from "../../../src/index.ts";
import { softmaxCrossEntropy } from "../../../src/loss/index.ts";
import { dense, params, sequential, tanh } from "../../../src/nn/index.ts";
import { adam } from "../../../src/optim/index.ts";
import { trainStep } from "../../../src/train/index.ts";

const kernels = ({ rows }: Profile): KernelRow[] => rows.filter((row) => row.kind === "kernel");
const w = tensor([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
  [10, 11, 12],
]);
const layer = (target: "js" | "wasm") =>
  compile((x: Tensor) => x.matmul(w).tanh().sum(), { target }).program(
    tensor([
      [0.1, 0.2, 0.3, 0.4],
      [0.5, 0.6, 0.7, 0.8],
    ]),
  );

describe.each(["js", "wasm"] as const)("profile on %s", (target) => {
  const found = profile(layer(target));

  it("counts operations and bytes", () => {
    // 2·2·4·3 for the product, of 8, 12 and 6 elements; then for each of 6 a tanh (8) and an addition, and the sum.
    expect(found.rows.map(({ kind, name, depth, runs }) => ({ kind, name, depth, runs }))).toEqual([
      { kind: "kernel", name: "matmul 2×4×3", depth: 0, runs: 1 },
      { kind: "kernel", name: "sum", depth: 0, runs: 1 },
    ]);
    expect(kernels(found).map(({ flops, bytes }) => [flops, bytes])).toEqual([
      [48, 4 * (8 + 12 + 6)],
      [54, 4 * (6 + 1)],
    ]);
  });

  it("gives times that are positive, and fractions that are finite", () => {
    expect(found.ns).toBeGreaterThan(0);
    expect(found.peaks.flops).toBeGreaterThan(0);
    for (const { ns, warmNs, share, ofPeak, limit } of kernels(found)) {
      for (const value of [ns, warmNs, share, ofPeak]) {
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThan(Number.POSITIVE_INFINITY);
      }
      expect(["flops", "bytes"]).toContain(limit);
    }
    expect(found.kernelNs).toBeCloseTo(
      kernels(found).reduce((sum, { ns }) => sum + ns, 0),
      6,
    );
  });

  it("compares each kernel with the limit that binds it", () => {
    const [product] = kernels(found) as [KernelRow];
    const stream = found.peaks.bytes.get(2 ** 14) as number;
    const least = Math.max(48 / found.peaks.flops, 104 / stream);
    expect(product.ofPeak).toBeCloseTo(least / product.ns, 12);
  });

  it("says how the program ran", () => {
    expect(found.settings).toMatch(
      target === "js" ? /^interpreter$/ : /^WebAssembly, (128|256)-bit vectors.*, 1 thread$/,
    );
    expect(found.threads).toBe(1);
  });

  it("measures the peaks once", () => {
    expect(profile(layer(target)).peaks).toEqual(found.peaks);
  });
});

describe("control flow", () => {
  const summary = ({ rows }: Profile) => rows.map(({ name, depth, runs }) => `${"  ".repeat(depth)}${name} ${runs}`);

  it("counts the rounds of a while loop", () => {
    const double = compile((x: Tensor) =>
      whileLoop(
        (a: Tensor) => a.sum().less(100),
        (a: Tensor) => a.mul(2),
        x,
      ),
    );
    // The sum is 3, 6, 12, 24, 48, 96, 192: seven tests, six rounds.
    const found = profile(double.program(tensor([1, 2])));
    expect(summary(found)).toEqual(["copy 2 1", "while 1", "  sum 7", "  less 7", "do 6", "  mul 6"]);
    const [, loop] = found.rows;
    expect(loop).toMatchObject({ kind: "while" });
    expect(loop?.ns).toBeGreaterThan(0);
  });

  it("knows which branch is taken, and gives the other no time", () => {
    const branch = compile((x: Tensor) =>
      cond(
        x.sum().less(0),
        (a: Tensor) => a.exp(),
        (a: Tensor) => a.sqrt(),
        x,
      ),
    );
    const found = profile(branch.program(tensor([1, 4])));
    const [exp, sqrt] = ["exp", "sqrt"].map((name) => kernels(found).find((row) => row.name.startsWith(name)));
    expect(exp).toMatchObject({ runs: 0, ns: 0, warmNs: 0, share: 0, ofPeak: 0, flops: 16 });
    expect(sqrt).toMatchObject({ runs: 1, flops: 8 });
    expect(sqrt?.ns).toBeGreaterThan(0);
    expect(profileTable(found)).toMatch(/ exp +0 +16 +\d+ +– +– +– +– +– +–$/m);
  });

  it("multiplies by the rounds of loops in loops", () => {
    const nested = compile((rows: Tensor) =>
      scan(
        (total: Tensor, row: Tensor): [Tensor, Tensor] => {
          const [inner] = scan((a: Tensor, b: Tensor): [Tensor, Tensor] => [a.mul(b), a], total, row);
          return [inner.add(1), inner];
        },
        tensor(1),
        rows,
      ),
    );
    const found = profile(
      nested.program(
        tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ),
    );
    expect(
      found.rows.filter(({ kind }) => kind === "repeat").map(({ name, depth, runs }) => [name, depth, runs]),
    ).toEqual([
      ["repeat 3 times", 0, 1],
      ["repeat 2 times", 1, 3],
    ]);
    expect(kernels(found).find(({ name }) => name === "mul")?.runs).toBe(6);
  });
});

describe("the program that is measured", () => {
  const batch = {
    x: tensor([
      [1, 2],
      [3, 4],
      [-1, 0.5],
    ]),
    y: tensor([0, 2, 1], { dtype: "int32" }),
  };
  const training = () => {
    const model = sequential(dense(2, 4), tanh, dense(4, 3));
    const step = trainStep(model, adam(0.05), ({ x, y }) => softmaxCrossEntropy(model(x), y));
    return { step, boxes: [...Object.values(params(model)), ...Object.values(step.state)] };
  };
  const bits = (boxes: readonly Box[]) => boxes.map((box) => [...box.value.dataSync()]);

  it("keeps its parameters, its state and its later results to the bit", () => {
    const [one, other] = [training(), training()];
    const losses = ({ step }: typeof one): number[] => Array.from({ length: 5 }, () => step(batch).loss.itemSync());
    expect(losses(one)).toEqual(losses(other));
    const found = profile(one.step.program(batch));
    expect(kernels(found).some(({ name }) => name.includes("(dense) matmul 3×2×4"))).toBe(true);
    expect(bits(one.boxes)).toEqual(bits(other.boxes));
    expect(losses(one)).toEqual(losses(other));
    expect(bits(one.boxes)).toEqual(bits(other.boxes));
  });

  it("is measured with the values that its boxes have, set from outside or by its runs", () => {
    const rounds = new Box(tensor(3));
    const countDown = compile(() => {
      rounds.value = rounds.value.sub(1);
      return whileLoop(
        (i: Tensor) => i.less(rounds.value),
        (i: Tensor) => i.add(1),
        tensor(0),
      );
    });
    const found = () => profile(countDown.program()).rows.find(({ kind }) => kind === "do")?.runs;
    expect(found()).toBe(2);
    expect(countDown().itemSync()).toBe(2);
    expect(found()).toBe(1);
    rounds.value = tensor(6);
    expect(found()).toBe(5);
    expect(rounds.value.itemSync()).toBe(6);
  });

  it("is measured with the arguments that its program was asked for, or was called with last", () => {
    const rounds = compile((n: Tensor) =>
      whileLoop(
        (i: Tensor) => i.less(n),
        (i: Tensor) => i.add(1),
        tensor(0),
      ),
    );
    const runs = (found: Profile) => found.rows.find(({ kind }) => kind === "do")?.runs;
    const program = rounds.program(tensor(4));
    expect(runs(profile(program))).toBe(4);
    rounds(tensor(2));
    expect(runs(profile(program))).toBe(2);
  });
});

it("refuses what is no program", () => {
  expect(() => profile(layer as never)).toThrow("profile: takes a compiled program, not the function layer:");
});

describe("a meter", () => {
  it("starts each block from the same values, does not go far from them, and leaves what one run leaves", () => {
    const [seen, runs]: [number[], number[]] = [[], []];
    let state = 5;
    const meter = new Meter(
      {
        run(times) {
          seen.push(state);
          runs.push(times);
          for (let i = 0; i < times; i++) state++;
        },
        restore() {
          state = 5;
        },
      },
      0.05,
    );
    for (let i = 0; i < 4; i++) {
      meter.sample();
      expect(state).toBe(6);
    }
    expect(new Set(seen)).toEqual(new Set([5]));
    expect(Math.max(...runs)).toBeLessThanOrEqual(512);
    expect(meter.ns).toBeGreaterThan(0);
  });
});

describe("the table", () => {
  const text = `${profile(layer("wasm"))}`;

  it("has a line for each kernel, the sums, and what they are compared with", () => {
    const lines = text.split("\n");
    expect(lines[0]).toMatch(/^# {2}kernel +FLOPs +bytes +µs +warm +time +GFLOP\/s +GB\/s +of peak$/);
    expect(lines[1]).toMatch(/^0 {2}matmul 2×4×3 +48 +104( +[\d.]+){2} +[\d.]+% +[\d.]+ +[\d.]+ +[\d.]+% [FB]$/);
    expect(lines[2]).toMatch(/^1 {2}sum +54 +28 /);
    expect(lines[3]).toMatch(/^─+$/);
    expect(lines.slice(4, 7).map((line) => /^ +(\D+?) +-?[\d.]+ +-?[\d.]+%$/.exec(line)?.[1])).toEqual([
      "all kernels",
      "the rest",
      "whole run",
    ]);
    expect(lines[8]).toMatch(/^WebAssembly, .*1 thread\.$/);
    expect(lines[11]).toMatch(/^Peak: product [\d.]+ GFLOP\/s, streams [\d.]+ GB\/s of 16 KiB\.$/);
  });

  it("is at most 100 columns wide: long names lose their middle", () => {
    const { rows, ...rest } = profile(layer("wasm"));
    const long = { ...rest, rows: rows.map((row) => ({ ...row, name: `outermost.${"inner.".repeat(20)}innermost` })) };
    const lines = profileTable(long).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBe(100);
    expect(lines[1]).toMatch(/ outermost\.inner.*….*innermost /);
  });

  it("writes numbers whole up to a hundred thousand, then with three digits", () => {
    expect([0, 640, 99_999, 163_840, 1_048_576, 12_845_056, 536_870_912, 2_147_483_648].map(count)).toEqual([
      "0",
      "640",
      "99999",
      "164k",
      "1.05M",
      "12.8M",
      "537M",
      "2.15G",
    ]);
  });
});
