/** Every primitive on WebAssembly against the interpreter: on its samples, and elementwise ones on extreme values. */
import { describe, expect, it } from "vitest";
import type { Attrs } from "../../src/graph/node.ts";
import type { Primitive } from "../../src/graph/primitive.ts";
import { js } from "../../src/target/js/index.ts";
import { wasm } from "../../src/target/wasm/index.ts";
import { allocate, DTYPES, type DType, isFloat, type TypedArray } from "../../src/tensor/dtype.ts";
import { type Shape, sizeOf } from "../../src/tensor/shape.ts";
import { fromData, type Tensor } from "../../src/tensor/tensor.ts";
import { expectClose, expectWithin } from "./compare.ts";
import { type Case, cases, runOn, widen } from "./harness.ts";

/** float32 numbers by which the vectorized functions may differ from the interpreter's, rounded from double. */
const ULPS: Readonly<Record<string, number>> = {
  exp: 3,
  expm1: 3,
  log: 3,
  log1p: 3,
  sin: 3,
  cos: 3,
  tanh: 3,
  sigmoid: 3,
  softplus: 3,
  erf: 3,
};

const ulpsOf = (op: Primitive, dtype: DType): number => (dtype === "float32" ? (ULPS[op.name] ?? 0) : 0);

/** Sums may be taken in another order, and control flow is made of functions that differ by ulps. */
const isExact = ({ op }: Case): boolean => op.lowering.kind === "pull" || op.lowering.kind === "loops";

describe("samples", () => {
  it.each([...cases, ...cases.map(widen)].map((one) => [one.name, one] as const))("%s", (_, one) => {
    const [expected, actual] = [runOn(js, one), runOn(wasm, one)];
    expected.forEach((numbers, i) => {
      const found = actual[i] as typeof numbers;
      expect(found.constructor).toBe(numbers.constructor);
      const dtype = numbers instanceof Float32Array ? "float32" : "float64";
      if (isExact(one)) expectWithin(ulpsOf(one.op, dtype), found, numbers, (at) => `element ${at}`);
      else expectClose(found, numbers, dtype === "float32" ? 1e-6 : 1e-14);
    });
  });
});

/** Zeros, infinities, NaN, the ends of the ranges, denormal numbers, and the thresholds of the functions. */
const FLOATS = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  Number.NaN,
  0.5,
  -0.5,
  2,
  -2,
  2.5,
  -2.5,
  3,
  1 / 3,
  7,
  -7,
  0.1,
  1e-4,
  -1e-4,
  1e-8,
  -1e-8,
  Math.PI,
  -Math.PI / 2,
  10,
  -10,
  16.7,
  -17.4,
  30,
  88.7,
  88.8,
  -87.4,
  -103.9,
  -104,
  100,
  -100,
  128,
  -149,
  1000,
  -1000,
  65537,
  8388609.5,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  1e10,
  -1e10,
  1e30,
  -1e30,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  1.1754943508222875e-38,
  -1e-38,
  1e-40,
  -1e-40,
  2 ** -149,
  -(2 ** -149),
];
const DOUBLES = [
  709.7,
  709.8,
  -745.1,
  -745.2,
  1e300,
  -1e300,
  Number.MAX_VALUE,
  2 ** -1022,
  5e-324,
  -5e-324,
  1e-310,
  2 ** 53,
];
const EXTREMES: Readonly<Record<DType, readonly number[]>> = {
  float32: FLOATS.map(Math.fround),
  float64: [...FLOATS, ...DOUBLES],
  int32: [0, 1, -1, 2, -2, 7, -13, 31, 255, 65536, -65537, 2 ** 30, 2 ** 31 - 1, -(2 ** 31)],
  bool: [0, 1],
};

/** Every combination of extreme values, one list for each input. */
function combinations(dtypes: readonly DType[]): number[][] {
  const rows = dtypes.reduce<number[][]>(
    (found, dtype) => found.flatMap((row) => EXTREMES[dtype].map((value) => [...row, value])),
    [[]],
  );
  return dtypes.map((_, i) => rows.map((row) => row[i] as number));
}

interface Elementwise {
  readonly op: Primitive;
  readonly attrs: Attrs;
  readonly dtypes: readonly DType[];
}

/** The elementwise operations, for every combination of dtypes like that of a sample that they take. */
const elementwise = cases
  .filter(({ op, inputs }) => op.lowering.kind === "pull" && op.lowering.pointwise && inputs.length > 0)
  .flatMap(({ op, attrs, inputs }) =>
    DTYPES.map((dtype): Elementwise => {
      const varied = inputs.some((t) => isFloat(t.dtype))
        ? inputs.map((t) => (isFloat(t.dtype) ? dtype : t.dtype))
        : inputs.map((t) => t.dtype);
      return { op, attrs, dtypes: varied };
    }),
  )
  .filter(({ op, attrs, dtypes }) => accepts(op, attrs, dtypes));
const distinct = new Map(
  elementwise.map((one) => [`${one.op.name}${JSON.stringify(one.attrs)}(${one.dtypes.join(", ")})`, one]),
);

function accepts(op: Primitive, attrs: Attrs, dtypes: readonly DType[]): boolean {
  try {
    op.infer(
      dtypes.map((dtype) => ({ shape: [], dtype })),
      attrs,
    );
    return true;
  } catch {
    return false;
  }
}

/** Elements `from`, `from` + `step`, … of each list, going round, as tensors of a shape. */
function inputsOf(lists: number[][], dtypes: readonly DType[], shape: Shape, from = 0, step = 1): Tensor[] {
  return lists.map((list, i) => {
    const numbers = allocate(dtypes[i] as DType, sizeOf(shape));
    numbers.forEach((_, at) => {
      numbers[at] = list[(from + at * step) % list.length] as number;
    });
    return fromData(numbers, shape, dtypes[i] as DType);
  });
}

/** All remainders of a division by the number of lanes, below, at and above a few vectors. */
const LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 63, 64, 65];

describe("extreme values", () => {
  it("covers every elementwise primitive", () => {
    const covered = new Set([...distinct.values()].map(({ op }) => op.name));
    expect([...covered]).toEqual(
      expect.arrayContaining(["add", "div", "pow", "exp", "not", "select", "cast", "shiftRight", "mulz"]),
    );
    expect(covered.size).toBeGreaterThan(30);
  });

  it.each([...distinct])("%s", (_, { op, attrs, dtypes }) => {
    const lists = combinations(dtypes);
    const all = inputsOf(lists, dtypes, [(lists[0] as number[]).length]);
    const some = [[], [1, 1], ...LENGTHS.map((n) => [n])].map((shape, i) => inputsOf(lists, dtypes, shape, 11 * i, 7));
    for (const inputs of [all, ...some]) {
      const [expected, actual] = [js, wasm].map((target) => runOn(target, { op, attrs, inputs })[0]) as [
        TypedArray,
        TypedArray,
      ];
      const at = (i: number): string => `${op.name}(${inputs.map((t) => String(t.dataSync()[i])).join(", ")})`;
      expectWithin(ulpsOf(op, dtypes[0] as DType), actual, expected, at);
    }
  });
});
