/** Columns that know the target, also where a few labels were altered, and honest ones that are nearly as good. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cells, checkData, type DatasetLike } from "../../src/data/index.ts";
import { random } from "../../src/index.ts";

const noise = (seed: number, n: number): number[] =>
  Array.from(random.normal(random.key(seed), [n], { dtype: "float64" }).dataSync());
const uniform = (seed: number, n: number): number[] =>
  Array.from(random.uniform(random.key(seed), [n], { dtype: "float64" }).dataSync());
const leaks = (data: DatasetLike | Cells): string[] =>
  checkData(data).findings.flatMap(({ kind, columns }) => (kind === "leak" ? columns : []));
const transposed = (columns: readonly (readonly number[])[]): number[][] =>
  (columns[0] ?? []).map((_, i) => columns.map((column) => column[i] as number));

describe("classes", () => {
  /** 100 rows, two classes in turn; rows 10 and 31 of the copy have the other one. */
  const y = Array.from({ length: 100 }, (_, i) => i % 2);
  const copy = y.map((label, i) => (i === 10 || i === 31 ? 1 - label : label));

  it("a copy of which 2 % are altered: 49 of 50 of each class are told", () => {
    const report = checkData({ x: transposed([noise(1, 100), copy]), y: Int32Array.from(y) });
    expect(report.findings.map(({ message }) => message)).toEqual([
      '"column 1" looks like a leak of the target "y": from it alone the class is told in 98.0 % of the rows (the mean over classes).',
    ]);
    expect(report.findings[0]?.advice).toBe(
      "Ask whether it is known at the time of prediction. If it is made from the target, drop it; a measurement may be so good.",
    );
  });

  it("a copy of which 2 % are altered, of any code, with noise, in words, of a rare class, of three", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.constantFrom(2, 3), fc.constantFrom(0.1, 0.5), (seed, classes, share) => {
        const n = 500;
        const u = uniform(seed, n);
        const labels = u.map((v) => (v < share ? 0 : 1 + Math.floor(((v - share) / (1 - share)) * (classes - 1))));
        const seen = [0, 0, 0];
        // Two of a hundred of each class.
        const altered = labels.map((label) => {
          seen[label] = (seen[label] as number) + 1;
          return (seen[label] as number) % 50 === 17 ? (label + 1) % classes : label;
        });
        const e = uniform(seed + 5000, n);
        const columns = [
          noise(seed + 9000, n),
          altered.map((label) => [4, 7, 2][label] as number),
          altered.map((label, i) => 10 * label + (e[i] as number)),
        ];
        expect(leaks({ x: transposed(columns), y: Int32Array.from(labels) })).toEqual(["column 1", "column 2"]);
        const cells = altered.map((label, i) => [`w${label}`, `${e[i]}`, `class ${labels[i]}`]);
        expect(leaks({ cells: [["words", "noise", "y"], ...cells], target: "y" })).toEqual(["words"]);
      }),
      // Chance hides one noisy copy in some 1,600 (seed 138, of three classes): the seeds are always the same.
      { numRuns: 20, seed: 1 },
    );
  });

  it("a copy of which 2 % are altered among 20 000 rows", () => {
    const n = 20_000;
    const labels = Array.from({ length: n }, (_, i) => i % 2);
    const altered = labels.map((label, i) => (i % 100 === 17 || i % 100 === 30 ? 1 - label : label));
    const report = checkData({ x: transposed([altered, noise(1, n)]), y: Int32Array.from(labels) });
    expect(report.findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/the class is told in 9[78]\.\d % of/),
    ]);
  });

  it("a column whose gaps tell the class", () => {
    const refund = y.map((label, i) => (label === 1 ? 1 + (noise(3, 100)[i] as number) : Number.NaN));
    expect(leaks({ x: transposed([refund, noise(4, 100)]), y: Int32Array.from(y) })).toEqual(["column 0"]);
  });

  it("does not accuse petal width, which tells the irises of R. A. Fisher (1936) in 95.7 % of the cases", () => {
    // How often each width, in millimetres, is there in each species of the 150; UCI Machine Learning Repository.
    const species = [
      { 1: 5, 2: 29, 3: 7, 4: 7, 5: 1, 6: 1 },
      { 10: 7, 11: 3, 12: 5, 13: 13, 14: 7, 15: 10, 16: 3, 17: 1, 18: 1 },
      { 14: 1, 15: 2, 16: 1, 17: 1, 18: 11, 19: 5, 20: 6, 21: 6, 22: 3, 23: 8, 24: 3, 25: 3 },
    ];
    const rows = species.flatMap((widths, label) =>
      Object.entries(widths).flatMap(([width, count]) => Array.from({ length: count }, () => [Number(width), label])),
    );
    expect(rows).toHaveLength(150);
    const x = rows.map(([width = 0], i) => [width / 10, noise(1, 150)[i] as number]);
    expect(leaks({ x, y: Int32Array.from(rows, ([, label = 0]) => label) })).toEqual([]);
  });

  it("does not accuse strong features: classes whose means are up to 2.5 deviations apart", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.constantFrom(1, 2, 2.5), (seed, distance) => {
        const n = 400;
        const labels = uniform(seed, n).map((u) => Number(u < 0.5));
        const feature = noise(seed + 1, n).map((e, i) => e + distance * (labels[i] as number));
        expect(leaks({ x: transposed([feature, noise(seed + 2, n)]), y: Int32Array.from(labels) })).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("real values", () => {
  const n = 200;
  const y = noise(7, n);
  const target = y.map((v) => [v]);
  const altered = y.map((v, i) => (i % 50 === 17 ? (noise(8, n)[i] as number) : v));

  it("a copy of which 2 % are altered, and a monotone function of it", () => {
    const report = checkData({ x: transposed([noise(1, n), altered, altered.map(Math.exp)]), y: target });
    expect(report.findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^"column 1" looks like a leak of the target "y": their rank correlation is 1\.0000 in 9\d\.\d % of the rows\.$/,
      ),
      expect.stringContaining('"column 2" looks like a leak'),
    ]);
  });

  it("a copy with noise of 5 % of its deviation: a correlation of 1/√(1 + 0.0025) = 0.9988", () => {
    const noisy = y.map((v, i) => 3 - 2 * (v + 0.05 * (noise(9, n)[i] as number)));
    const { findings } = checkData({ x: transposed([noisy, noise(1, n)]), y: target });
    expect(findings[0]?.message).toMatch(
      /^"column 0" looks like a leak of the target "y": their correlation is 0\.99[89]\d\.$/,
    );
  });

  it("does not accuse a feature with a correlation of 0.995", () => {
    // Noise of a tenth of the deviation: 1/√(1 + 0.01) = 0.995.
    expect(leaks({ x: transposed([y.map((v, i) => v + 0.1 * (noise(9, n)[i] as number))]), y: target })).toEqual([]);
  });
});
