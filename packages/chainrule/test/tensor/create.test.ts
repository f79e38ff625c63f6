/** `tensor(…)`: what it takes, and what it says of what it does not take. */
import { describe, expect, it } from "vitest";
import { asTensor, compile, type DType, grad, type NestedArray, type Tensor, tensor } from "../../src/index.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe("tensor()", () => {
  it.each<[string, NestedArray, number[], DType]>([
    ["a number", 3, [], "float32"],
    ["a boolean", true, [], "bool"],
    ["a list", [1, 2, 3], [3], "float32"],
    ["booleans", [[true], [false]], [2, 1], "bool"],
    ["booleans and numbers", [true, 2], [2], "float32"],
    ["three levels", [[[1, 2]], [[3, 4]]], [2, 1, 2], "float32"],
    ["nothing", [], [0], "float32"],
    ["rows of nothing", [[], []], [2, 0], "float32"],
  ])("takes %s", (_, values, shape, dtype) => {
    const t = tensor(values);
    expect({ shape: t.shape, dtype: t.dtype }).toEqual({ shape, dtype });
    expect(t.dataSync()).toHaveLength(t.size);
  });

  it("takes typed arrays in their own dtype, any others as float32", () => {
    expect(tensor(Float32Array.of(1.5)).dtype).toBe("float32");
    expect(tensor(Float64Array.of(0.1)).itemSync()).toBe(0.1);
    expect(tensor(Int32Array.of(7, 8)).dtype).toBe("int32");
    expect(tensor(Uint8Array.of(200)).toString()).toBe("Tensor(float32[1]) [200]");
    expect(tensor(Int16Array.of(-3), { dtype: "int32" }).toString()).toBe("Tensor(int32[1]) [-3]");
    expect(tensor(Uint8Array.of(0, 2), { dtype: "bool" }).arraySync()).toEqual([false, true]);
    expect(tensor(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] }).arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("copies what it is given", () => {
    const numbers = Float32Array.of(1, 2);
    const t = tensor(numbers);
    numbers[0] = 9;
    expect(t.arraySync()).toEqual([1, 2]);
    const shape = [2];
    const shaped = tensor([1, 2], { shape });
    shape[0] = 5;
    expect(shaped.shape).toEqual([2]);
  });

  it("converts to the dtype asked for", () => {
    expect(tensor([0.1], { dtype: "float64" }).itemSync()).toBe(0.1);
    expect(tensor([0.1]).itemSync()).toBe(Math.fround(0.1));
    expect(tensor([0, 0.5, nan], { dtype: "bool" }).arraySync()).toEqual([false, true, true]);
    expect(tensor([2 ** 31 - 1, -(2 ** 31)], { dtype: "int32" }).arraySync()).toEqual([2 ** 31 - 1, -(2 ** 31)]);
    expect(tensor(tensor([1, 2]), { dtype: "int32" }).toString()).toBe("Tensor(int32[2]) [1,2]");
    expect(tensor([[1, 2, 3, 4]], { shape: [2, 2] }).arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor([1, inf, nan]).arraySync()).toEqual([1, inf, nan]);
  });

  it("gives a traced tensor back, cast and reshaped as asked", () => {
    const x = tensor([1.5, 2]);
    expect(grad((t: Tensor) => tensor(t).mul(asTensor(t)).sum())(x).arraySync()).toEqual([3, 4]);
    const converted = compile((t: Tensor) => tensor(t, { dtype: "float64", shape: [2, 1] }))(x);
    expect([converted.dtype, converted.arraySync()]).toEqual(["float64", [[1.5], [2]]]);
    expect(compile((t: Tensor) => asTensor(t, "float64"))(x).dtype).toBe("float64");
    expect(() => grad((t: Tensor) => tensor(t, { shape: [3] }).sum())(x)).toThrow(
      "reshape: [2] has 2 elements and [3] has 3.",
    );
  });

  it("asTensor converts a tensor to the dtype asked for", () => {
    expect(asTensor(tensor([1, 2]), "int32").dtype).toBe("int32");
  });

  it("asTensor leaves a tensor as it is", () => {
    const t = tensor([1]);
    expect(asTensor(t)).toBe(t);
    expect(asTensor([1, 2], "int32").dtype).toBe("int32");
  });
});

describe("errors", () => {
  const given = (values: unknown): NestedArray => values as NestedArray;
  const notNumbers = "tensor(): takes typed arrays of numbers, not a DataView or one of BigInts; convert it first.";

  it.each<[string, () => unknown, Error]>([
    [
      "a short row",
      () => tensor([[1, 2], [3]]),
      new RangeError(
        "tensor(): ragged nesting: values[1] has 1 entries where 2 were expected. All rows must be equally long.",
      ),
    ],
    [
      "a long row",
      () => tensor([[[1]], [[2, 3]]]),
      new RangeError(
        "tensor(): ragged nesting: values[1][0] has 2 entries where 1 were expected. All rows must be equally long.",
      ),
    ],
    [
      "an array for a number",
      () => tensor([1, [2]]),
      new RangeError(
        "tensor(): ragged nesting: values[1] has 1 entries where a number was expected. All rows must be equally long.",
      ),
    ],
    [
      "a number for an array",
      () => tensor([[1], 2]),
      new TypeError("tensor(): values[1] is 2, not an array. Convert or encode it first."),
    ],
    [
      "a string",
      () => tensor(given([[1, "red"]])),
      new TypeError('tensor(): values[0][1] is the string "red", not a number. Convert or encode it first.'),
    ],
    [
      "a number as a string",
      () => tensor(given(["1"])),
      new TypeError('tensor(): values[0] is the string "1", not a number. Convert or encode it first.'),
    ],
    [
      "null",
      () => tensor(given([1, null])),
      new TypeError("tensor(): values[1] is null, not a number. Convert or encode it first."),
    ],
    [
      "undefined",
      () => tensor(given(undefined)),
      new TypeError("tensor(): values is undefined, not a number. Convert or encode it first."),
    ],
    [
      "an object",
      () => tensor(given([{}])),
      new TypeError("tensor(): values[0] is an object, not a number. Convert or encode it first."),
    ],
    [
      "typed arrays in an array",
      () => tensor(given([Float32Array.of(1, 2)])),
      new TypeError("tensor(): values[0] is a Float32Array, not a number. Convert or encode it first."),
    ],
    [
      "tensors in an array",
      () => tensor(given([tensor(1)])),
      new TypeError("tensor(): values[0] is a Tensor, not a number. Join tensors with stack."),
    ],
    [
      "a hole",
      () => tensor(given(Array.of(1).concat(new Array<number>(1), 3))),
      new TypeError("tensor(): values[1] is undefined, not a number. Convert or encode it first."),
    ],
    ["BigInts", () => tensor(BigInt64Array.of(1n)), new TypeError(notNumbers)],
    ["no BigInts", () => tensor(new BigUint64Array(0)), new TypeError(notNumbers)],
    ["a DataView", () => tensor(new DataView(new ArrayBuffer(4))), new TypeError(notNumbers)],
    [
      "an unknown dtype",
      () => tensor([1], { dtype: "float16" as DType }),
      new TypeError('tensor(): unknown dtype "float16"; there are float32, float64, int32, bool.'),
    ],
    [
      "a shape that is too small",
      () => tensor([1, 2, 3], { shape: [2] }),
      new RangeError("tensor(): 3 numbers do not fill the shape [2], which holds 2."),
    ],
    [
      "a shape with negative extents",
      () => tensor([1, 2], { shape: [-1, -2] }),
      new RangeError("tensor(): [-1, -2] is not a shape: every extent must be an integer of at least 0."),
    ],
    [
      "a fraction for int32",
      () => tensor([1, 1.5], { dtype: "int32" }),
      new RangeError(
        'tensor(): element 1 is 1.5, which is no int32. Make a float tensor and round it with .cast("int32").',
      ),
    ],
    [
      "NaN for int32",
      () => tensor(Float32Array.of(nan), { dtype: "int32" }),
      new RangeError(
        'tensor(): element 0 is NaN, which is no int32. Make a float tensor and round it with .cast("int32").',
      ),
    ],
    [
      "a number too large for int32",
      () => tensor(Uint32Array.of(2 ** 32 - 1), { dtype: "int32" }),
      new RangeError(
        'tensor(): element 0 is 4294967295, which is no int32. Make a float tensor and round it with .cast("int32").',
      ),
    ],
  ])("%s", (_, f, error) => {
    expect(f).toThrow(error);
    expect(f).toThrow(error.constructor as new () => Error);
  });
});
