/** The parts of the bench that compute and print; what it measures is no test. */
import { describe, expect, it } from "vitest";
import { type Line, linesOf } from "../benchmarks/lines.ts";
import { parseOptions, UsageError } from "../benchmarks/options.ts";
import { trainingFlops, uniforms } from "../benchmarks/problem.ts";
import {
  digits,
  formatContenders,
  formatFigure,
  formatMachine,
  formatRow,
  formatSummary,
  type RowResult,
} from "../benchmarks/report.ts";
import { agree, median, outliers, pairedRatio, quantile, summarize } from "../benchmarks/statistics.ts";
import { judge, variant } from "../benchmarks/target.ts";

describe("statistics", () => {
  it("finds medians and quartiles", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
    // R: quantile(c(1, 2, 3, 4), 0.25) is 1.75 (type 7).
    expect(quantile([4, 3, 2, 1], 0.25)).toBe(1.75);
    expect(quantile([7], 0.9)).toBe(7);
    // Quartiles 2 and 4 around 3.
    expect(summarize([1, 2, 3, 4, 5])).toEqual({ median: 3, min: 1, spread: 2 / 3 });
    expect(summarize([2]).spread).toBeNaN();
  });

  it("takes ratios within rounds, so that a slow round cancels", () => {
    // The machine is ten times slower in the second round; the medians alone would give 2 / 3.
    expect(pairedRatio([2, 20, 2], [1, 10, 1])).toBe(2);
    expect(pairedRatio([2, 20], [1, 10, 3])).toBe(2);
  });

  it("compares numbers after the last common step", () => {
    expect(agree([[1], [0.5]], [[1], [0.5009], [7]])).toBe(true);
    expect(agree([[1], [0.5]], [[1], [0.502]])).toBe(false);
    // Relative from 1 on.
    expect(agree([[1000]], [[1000.9]])).toBe(true);
    expect(agree([[1]], [[Number.NaN]])).toBe(false);
    expect(agree([[1]], [[1, 2]])).toBe(false);
    expect(agree([], [[1]])).toBe(false);
  });

  it("voids what differs from most others, one vote a library", () => {
    const of = (name: string, ...losses: number[]) => ({
      name,
      library: name.split(" ")[0] as string,
      trace: losses.map((loss) => [loss]),
    });
    expect(outliers([of("a", 1), of("b", 1), of("c", 2)])).toEqual(new Set(["c"]));
    // Four variants of one library are no majority.
    expect(outliers([of("a", 2), of("a 2", 2), of("a 3", 2), of("b", 1), of("c", 1)])).toEqual(
      new Set(["a", "a 2", "a 3"]),
    );
    // Of two, nobody knows which.
    expect(outliers([of("a", 1), of("b", 2)])).toEqual(new Set(["a", "b"]));
    expect(outliers([of("a", 1)])).toEqual(new Set());
    // Agreement over the first step does not outvote who did both.
    expect(outliers([of("a", 1, 5), of("b", 1, 3), of("c", 1), of("d", 1)])).toEqual(new Set(["a", "b"]));
  });
});

describe("problems", () => {
  it("count the products of a training step", () => {
    // 784-128: 2 products, 128-64 and 64-10: 3 each, all of them 2·64·in·out.
    expect(trainingFlops({ layers: [784, 128, 64, 10], batch: 64 })).toBe(
      2 * 64 * (2 * 784 * 128 + 3 * 128 * 64 + 3 * 64 * 10),
    );
  });

  it("draw the same numbers everywhere", () => {
    // mulberry32 of T. Ettinger with seed 1, from the original C code: 2693262067, 11749833 over 2³².
    const draw = uniforms(1);
    expect([draw() * 2 ** 32, draw() * 2 ** 32]).toEqual([2693262067, 11749833]);
  });
});

const lines: Line[] = linesOf([
  { line: "chainrule", rounds: [2000, 2200, 1800], checked: { steps: 300, of: 300, values: [0.125] } },
  { line: "chainrule wide", rounds: [1000, 1100, 900] },
  { line: "numpy", rounds: [1000, 1100, 900], checked: { steps: 40, of: 300, values: [0.25] } },
  { line: "jax-js", rounds: [1], void: "void: its numbers differ from those of the others" },
  { line: "chainrule x2", rounds: [], void: "one thread only" },
]);

describe("targets", () => {
  const limit = { kind: "times", factor: 1.1, line: "numpy" } as const;

  it("judge both variants by paired ratios", () => {
    const { plain, wide } = judge({ text: "t", of: "chainrule", limit }, lines);
    expect(plain).toMatchObject({ outcome: "missed", share: expect.closeTo(2 / 1.1, 10) });
    expect(wide).toMatchObject({ outcome: "reached", share: expect.closeTo(1 / 1.1, 10) });
  });

  it("allow twice the limit without wide SIMD where products decide, and say so", () => {
    const verdict = judge({ text: "t", of: "chainrule", limit, productBound: true }, lines);
    expect(verdict.plain).toMatchObject({ outcome: "reached", allowance: 2, share: expect.closeTo(1 / 1.1, 10) });
    expect(verdict.wide).toMatchObject({ outcome: "reached", allowance: 1 });
  });

  it("tell what is missing: the figure, or what it is compared with", () => {
    expect(judge({ text: "t", of: "chainrule x2", limit }, lines)).toEqual({
      text: "t",
      plain: { outcome: "not available" },
      wide: { outcome: "not available" },
    });
    const void_ = { kind: "times", factor: 1, line: "jax-js" } as const;
    expect(judge({ text: "t", of: "chainrule", limit: void_, once: true }, lines)).toEqual({
      text: "t",
      plain: { outcome: "no reference" },
      wide: undefined,
    });
  });

  it("compare a variant with its own other figures", () => {
    expect(variant("chainrule gradient", true)).toBe("chainrule wide gradient");
    expect(variant("chainrule x2", true)).toBe("chainrule wide x2");
    expect(variant("numpy x2", true)).toBe("numpy x2");
    expect(variant("chainrule", false)).toBe("chainrule");
  });
});

describe("report", () => {
  const row: RowResult = {
    name: "mlp",
    title: "a network",
    per: "a step",
    unit: "time",
    lines,
    verdicts: [
      judge(
        {
          text: "1 thread ≤ 1.1 × NumPy",
          of: "chainrule",
          limit: { kind: "times", factor: 1.1, line: "numpy" },
          productBound: true,
        },
        lines,
      ),
    ],
  };

  it("prints three digits with a unit", () => {
    expect([0.0123, 1.2345, 123.4, 12345, 0].map(digits)).toEqual(["0.0123", "1.23", "123", "12,345", "0.00"]);
    expect(formatFigure(1500, "time")).toBe("1.50 µs");
    expect(formatFigure(2.5e6, "time")).toBe("2.50 ms");
    expect(formatFigure(1.2e10, "time")).toBe("12.0 s");
    expect(formatFigure(45_300, "bytes")).toBe("45.3 kB");
    expect(formatFigure(60e6, "bytes")).toBe("60.0 MB");
    expect(formatFigure(20, "ps/FLOP")).toBe("20.0 ps/FLOP");
  });

  it("prints a row with its notes and verdicts", () => {
    expect(formatRow(row)).toBe(
      [
        "mlp: a network",
        "a step             median     least  spread  chainrule takes  chainrule wide takes        check",
        "────────────────  ───────  ────────  ──────  ───────────────  ────────────────────  ───────────",
        "chainrule         2.00 µs   1.80 µs    10 %                                0.500 ×      0.12500",
        "chainrule wide    1.00 µs  0.900 µs    10 %           2.00 ×",
        "numpy             1.00 µs  0.900 µs    10 %           2.00 ×                1.00 ×  0.25000 @40",
        "jax-js (1)              –",
        "chainrule x2 (2)        –",
        "  (1) void: its numbers differ from those of the others",
        "  (2) one thread only",
        "  must: 1 thread ≤ 1.1 × NumPy → reached: 0.909 × (2 × limit); with wide SIMD reached: 0.909 × limit",
      ].join("\n"),
    );
  });

  it("sums up the targets", () => {
    expect(formatSummary([row])).toBe(
      [
        "row  must reach                                     plain               wide SIMD",
        "───  ──────────────────────  ────────────────────────────  ──────────────────────",
        "mlp  1 thread ≤ 1.1 × NumPy  reached: 0.909 × (2 × limit)  reached: 0.909 × limit",
      ].join("\n"),
    );
  });

  it("survives JSON", () => {
    expect(JSON.parse(JSON.stringify(row))).toMatchObject({
      name: "mlp",
      lines: [{ line: "chainrule" }, {}, {}, {}, {}],
    });
  });

  it("tells a busy machine and who takes part", () => {
    const machine = { cpu: "A CPU", cores: 2, platform: "linux x64", node: "24.12.0" };
    expect(formatMachine({ ...machine, load: 0.1 })).toBe("A CPU, 2 cores, linux x64, Node 24.12.0");
    expect(formatMachine({ ...machine, load: 1.5 })).toContain("BUSY: load 1.5");
    const known = new Map([
      ["numpy", { version: "2.0", note: "products at 100 GFLOP/s" }],
      ["pytorch", { note: "no Python with PyTorch on this machine" }],
    ] as const);
    expect(formatContenders(known)).toBe(
      [
        "Contenders",
        "  numpy             2.0: products at 100 GFLOP/s",
        "  pytorch           not available: no Python with PyTorch on this machine",
      ].join("\n"),
    );
  });
});

describe("command line", () => {
  it("takes rows one by one or as a list", () => {
    expect(parseOptions(["--only", "xor,mlp", "--only", "cold", "--quick"], ["xor", "mlp", "cold"])).toEqual({
      only: ["xor", "mlp", "cold"],
      quick: true,
      json: false,
      help: false,
    });
  });

  it("names the rows there are, and the options", () => {
    expect(() => parseOptions(["--only", "xr"], ["xor", "mlp"])).toThrow(
      new UsageError('There is no row "xr". Rows: xor, mlp.'),
    );
    expect(() => parseOptions(["--fast"], ["xor"])).toThrow(/Unknown option '--fast'[\s\S]*--quick/);
  });
});
