import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentOf, failureOf, fixture, inFolder, temporaryFolder } from "../../support/tables.ts";

const { read, fail } = inFolder(temporaryFolder());

/** An .npy file of version 1.0 by NEP 1, for what no fixture has. */
function npy(dtype: string, shape: readonly number[], elements: Uint8Array, fortranOrder = false): Uint8Array {
  const literal = `{'descr': '${dtype}', 'fortran_order': ${fortranOrder ? "True" : "False"}, 'shape': (${shape.join(", ")},), }`;
  const header = Buffer.from(literal.padEnd(117).concat("\n"), "latin1");
  const preamble = Buffer.from("\x93NUMPY\x01\x00..", "latin1");
  preamble.writeUInt16LE(header.length, 8);
  return Buffer.concat([preamble, header, elements]);
}

const floats = (values: readonly number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);

describe(".npy", () => {
  test.each(
    ["int8", "int16-big", "int32", "int64", "uint8", "uint16", "uint32-big", "uint64"].concat([
      "float16",
      "float32",
      "float32-big",
      "float64",
      "float64-big",
    ]),
  )("%s", async (name) => {
    expect(await contentOf(fixture(`${name}.npy`))).toMatchObject({
      columns: ["x_0", "x_1", "x_2"],
      rows: [
        [0, 1, 2],
        [3, 100, 1],
      ],
      places: ["row 1", "row 2"],
      notes: [],
    });
  });

  test("booleans and texts", async () => {
    expect((await contentOf(fixture("bool.npy"))).rows).toEqual([
      [false, true, true],
      [true, true, true],
    ]);
    expect((await contentOf(fixture("texts.npy"))).rows).toEqual([
      ["Zürich", "Bern"],
      [null, "🌱"],
    ]);
    expect((await contentOf(fixture("bytes.npy"))).rows).toEqual([["ab"], ["c"]]);
  });

  test("NaN is no value, infinity is one, and large integers are texts", async () => {
    expect(await contentOf(fixture("vector.npy"))).toMatchObject({
      columns: ["x"],
      rows: [[1.5], [null], [Number.NEGATIVE_INFINITY]],
    });
    expect((await contentOf(fixture("large.npy"))).rows).toEqual([["9007199254740993"], [5]]);
  });

  test("half precision: NumPy's nearest to 1/3 and 6e-8", async () => {
    // 1/3 is 0x3555 = 2^-2 (1 + 341/1024), and 6e-8 the least subnormal 2^-24.
    const { rows } = await contentOf(fixture("halves.npy"));
    expect(rows).toEqual([[0.333251953125], [2 ** -24], [Number.POSITIVE_INFINITY], [null], [-1.5]]);
  });

  test("C and Fortran order give the same rows, with the last axis fastest", async () => {
    const c = await contentOf(fixture("c-order.npy"));
    expect(c.columns).toHaveLength(12);
    expect(c.rows).toEqual([0, 12].map((first) => Array.from({ length: 12 }, (_, j) => first + j)));
    expect((await contentOf(fixture("fortran.npy"))).rows).toEqual(c.rows);
  });

  test("version 2.0", async () => {
    expect((await contentOf(fixture("version2.npy"))).rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("more rows than a batch and a chunk hold, of any width", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 40 }), async (rows, width) => {
        const values = Array.from({ length: rows * width }, (_, i) => i);
        const content = await read(npy("<f8", [rows, width], floats(values)), {}, "a.npy");
        expect(content.rows.flat()).toEqual(values);
        expect(content.rows).toHaveLength(rows);
        expect(content.places.at(-1)).toBe(`row ${rows}`);
      }),
      { numRuns: 15 },
    );
  });

  test("names by option", async () => {
    const columns = ["a", "b", "c"];
    expect((await contentOf(fixture("int8.npy"), { columns })).columns).toEqual(columns);
    const path = fixture("int8.npy");
    expect(await failureOf(contentOf(path, { columns: ["a"] }))).toBe(
      `${path} has 3 columns, and --columns gives 1 names. Name all of them.`,
    );
  });

  test.each([
    ["scalar", "holds a single number, no table."],
    ["empty", "holds no elements: its shape is (0, 3)."],
    [
      "complex",
      'holds elements of type "<c16". Save them as numbers, such as float32, or as texts (dates: a.astype(str)).',
    ],
    [
      "object",
      'holds elements of type "|O". They are stored as Python pickles, which may run any program when they are read: save them as numbers or texts.',
    ],
    [
      "structured",
      'is a structured array. Save its fields as arrays of their own: np.savez("data.npz", **{n: a[n] for n in a.dtype.names}).',
    ],
  ])("no table: %s", async (name, message) => {
    const path = fixture(`${name}.npy`);
    expect(await failureOf(contentOf(path))).toBe(`${path} ${message}`);
  });

  test("codes that are no characters, texts without room, and more columns than a table can have", async () => {
    // Unicode ends at 0x10ffff.
    const codes = new Uint8Array(Uint32Array.of(0x110000, 0x42).buffer);
    expect((await read(npy("<U2", [1], codes), {}, "a.npy")).rows).toEqual([["\ufffdB"]]);
    expect(await fail(npy("<U0", [1], new Uint8Array(0)), {}, "a.npy")).toMatch(/^a\.npy holds elements of type "<U0"/);
    expect(await fail(npy("<f8", [1, 1e12], new Uint8Array(8)), {}, "a.npy")).toBe(
      "a.npy has 1000000000000 columns: its shape is (1, 1000000000000). A table can have a million.",
    );
  });

  test("cut off, too long, damaged, of another version", async () => {
    const whole = readFileSync(fixture("int8.npy"));
    expect(await fail(whole.subarray(0, -1), {}, "a.npy")).toBe(
      "a.npy needs 6 bytes for its shape (2, 3), and there are 5: it is cut off. Get the file again.",
    );
    expect(await fail(Buffer.concat([whole, whole]), {}, "a.npy")).toBe(
      "a.npy needs 6 bytes for its shape (2, 3), and there are 140: it is too long. Get the file again.",
    );
    expect(await fail(npy("<f8", [2, 3], floats([1, 2]), true), {}, "a.npy")).toBe(
      "a.npy needs 48 bytes for its shape (2, 3), and there are 16: it is cut off. Get the file again.",
    );
    expect(await fail(whole.subarray(0, 8), {}, "a.npy")).toBe("a.npy has 8 bytes: it was cut off. Get it again.");
    expect(await fail(whole.subarray(0, 40), {}, "a.npy")).toBe("a.npy was cut off in its header. Get it again.");
    const newer = Buffer.from(whole);
    newer[6] = 9;
    expect(await fail(newer, {}, "a.npy")).toBe("a.npy is of version 9 of the .npy format; versions 1 to 3 are known.");
    const damaged = Buffer.from(whole.toString("latin1").replace("'shape'", "'shade'"), "latin1");
    expect(await fail(damaged, {}, "a.npy")).toMatch(/^a\.npy has a damaged header: "\{'descr'.*Get the file again\.$/);
  });
});

describe(".npz", () => {
  test("X and y side by side, without single numbers", async () => {
    expect(await contentOf(fixture("xy.npz"))).toMatchObject({
      columns: ["x_0", "x_1", "y"],
      rows: [
        [1, 2, "a"],
        [3, 4, "b"],
        [5, 6, "a"],
      ],
      notes: ["arrays X, y; left out: seed"],
    });
  });

  test("parts that have the same columns", async () => {
    const train = await contentOf(fixture("parts.npz"));
    expect(train.columns).toEqual(["x_0", "x_1", "y"]);
    expect(train.rows).toHaveLength(3);
    expect(train.notes).toEqual(["arrays x_train, y_train; left out: x_test, y_test"]);
    const test = await contentOf(fixture("parts.npz"), { part: "test" });
    expect(test.columns).toEqual(train.columns);
    expect(test.rows).toEqual([[11, 12, "b"]]);
  });

  test("arrays that do not fit together", async () => {
    const path = fixture("uneven.npz");
    expect(await failureOf(contentOf(path))).toBe(
      `${path}: the arrays must have as many rows as one another to stand side by side; they are X (3, 2), y (2,). Save those that ` +
        "belong together in a file of their own, or name them with a common ending (x_train, y_train) and choose it by --part.",
    );
    const parts = fixture("parts.npz");
    expect(await failureOf(contentOf(parts, { part: "dev" }))).toBe(
      `${parts} has no arrays whose names end in "_dev"; its arrays are x_train, y_train, x_test, y_test.`,
    );
  });

  test("single numbers only, and names that meet", async () => {
    const { zipSync } = await import("fflate");
    const zip = (files: Record<string, Uint8Array>): Uint8Array => zipSync(files, { level: 0 });
    const scalar = new Uint8Array(readFileSync(fixture("scalar.npy")));
    expect(await fail(zip({ "a.npy": scalar }), {}, "a.npz")).toBe("a.npz holds single numbers only, no table.");
    const one = npy("<f8", [1, 1], floats([1]));
    const other = npy("<f8", [1], floats([1]));
    expect(await fail(zip({ "a.npy": one, "a_0.npy": other }), {}, "a.npz")).toBe(
      'a.npz: two columns would be named "a_0". Rename one of the arrays a, a_0.',
    );
  });

  test("cut off", async () => {
    const bytes = readFileSync(fixture("xy.npz"));
    expect(await fail(bytes.subarray(0, bytes.length - 40), {}, "a.npz")).toMatch(
      /^a\.npz cannot be unpacked: .+\. It is damaged or was cut off; get it again\.$/,
    );
  });
});
