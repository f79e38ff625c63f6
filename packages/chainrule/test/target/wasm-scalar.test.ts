import { describe, expect, it } from "vitest";
import { ExprPool } from "../../src/loop/build.ts";
import { type Expr, SCALAR_OPS, type ScalarOp } from "../../src/loop/ir.ts";
import { argumentError, resultDType } from "../../src/loop/typing.ts";
import { isLaneFunction } from "../../src/target/wasm/math/index.ts";
import { DTYPES, type DType } from "../../src/tensor/dtype.ts";
import { loop, singleKernel, store } from "./program.ts";
import { bothContents, expectSame } from "./wasm-compare.ts";

const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -2.5,
  3,
  0.1,
  -0.7,
  2,
  7.25,
  -88,
  88,
  1e-3,
  -1e-8,
  100,
  -100,
  1e10,
  -1e10,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  3.4e38,
  -3.4e38,
  1e-38,
  -1e-38,
  1e-45,
  -1e-45,
  Infinity,
  -Infinity,
  Number.NaN,
];
const INTEGERS = [0, 1, -1, 2, -2, 3, 7, -7, 31, 32, 33, 100, -100, 65535, 1e9, -1e9, 2 ** 31 - 1, -(2 ** 31)];
const SAMPLES: Record<DType, readonly number[]> = {
  float32: FLOATS.map(Math.fround),
  float64: [...FLOATS, 1e300, -1e300, 1e-310, 2 ** 53, 0.1 + 0.2],
  int32: INTEGERS,
  bool: [0, 1],
};

interface Case {
  readonly op: ScalarOp;
  readonly args: readonly DType[];
  readonly result: DType;
}

const OPS = Object.keys(SCALAR_OPS) as ScalarOp[];
const argumentLists = (op: ScalarOp): DType[][] =>
  DTYPES.map((dtype) => (op === "select" ? ["bool", dtype, dtype] : new Array<DType>(SCALAR_OPS[op]).fill(dtype)));

const CASES: readonly Case[] = OPS.flatMap((op) =>
  argumentLists(op).flatMap((args): Case[] => {
    if (argumentError(op, args)) return [];
    return op === "cast"
      ? DTYPES.map((result) => ({ op, args, result }))
      : [{ op, args, result: resultDType(op, args) }];
  }),
);

/** Every combination of sample values, one list for each argument. */
function combinations({ op, args }: Case): number[][] {
  const lists = args.map((dtype) => SAMPLES[dtype]);
  // A divisor must be > 0.
  if (op === "idiv" || op === "imod") lists[1] = INTEGERS.filter((n) => n > 0);
  const rows = lists.reduce<number[][]>(
    (found, list) => found.flatMap((row) => list.map((value) => [...row, value])),
    [[]],
  );
  return args.map((_, position) => rows.map((row) => row[position] as number));
}

/** result[i] = op(arguments[i]). */
function elementwise(testCase: Case, length: number, simd: boolean) {
  const pool = new ExprPool();
  const { op, args, result } = testCase;
  const apply = (i: Expr): Expr => {
    const loads = args.map((dtype, buffer) => pool.load(dtype, buffer, i));
    return op === "cast" ? pool.cast(result, loads[0] as Expr) : pool.call(op, ...loads);
  };
  const inputs = args.map((dtype, position) => [`x${position}`, dtype, length] as const);
  const body = loop("i", length, (i) => [store(args.length, i, apply(i))], simd);
  return singleKernel([...inputs, ["y", result, length]], body);
}

const describeCase = ({ op, args, result }: Case): string => `${op}(${args.join(", ")}) → ${result}`;

const isApproximate = ({ op, args }: Case): boolean => isLaneFunction(op) && args[0] === "float32";

describe("every exact operation gives the interpreter's bits on ordinary and extreme values", () => {
  for (const testCase of CASES.filter((one) => !isApproximate(one))) {
    it(describeCase(testCase), () => {
      const values = combinations(testCase);
      const length = (values[0] as number[]).length;
      for (const simd of [true, false]) expectSame(elementwise(testCase, length, simd), { ...values });
    });
  }
});

/** How many float32 numbers apart, counting through zero: bits in the order of the numbers they stand for. */
function distance(a: number, b: number): number {
  const order = (x: number): number => {
    const bits = new Int32Array(Float32Array.of(x).buffer)[0] as number;
    return bits < 0 ? -(2 ** 31) - bits : bits;
  };
  return Math.abs(order(a) - order(b));
}

describe("float32 functions agree with the interpreter to 3 numbers on ordinary and extreme values", () => {
  for (const testCase of CASES.filter(isApproximate)) {
    it(describeCase(testCase), () => {
      const [x = []] = combinations(testCase);
      const [expected, lanes] = bothContents(elementwise(testCase, x.length, true), { 0: x });
      const [, scalars] = bothContents(elementwise(testCase, x.length, false), { 0: x });
      const [y, z] = [expected?.[1] as number[], lanes?.[1] as number[]];
      // Lanes and single values have the same bits.
      expect(scalars?.[1]).toEqual(z);
      z.forEach((value, i) => {
        const want = y[i] as number;
        if (Number.isNaN(want) || Number.isNaN(value)) expect(value, `at ${x[i]}`).toBe(want);
        else expect(distance(value, want), `at ${x[i]}: ${value} for ${want}`).toBeLessThanOrEqual(3);
        if (want === 0) expect(value, `at ${x[i]}`).toBe(want);
      });
    });
  }
});
