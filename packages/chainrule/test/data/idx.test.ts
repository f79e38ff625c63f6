import { describe, expect, it } from "vitest";
import { parseIDX } from "../../src/data/index.ts";

/** The layout is that of "The MNIST database": magic (0, 0, type, dimensions), sizes and numbers big-endian. */
const file = (...bytes: number[]) => Uint8Array.from(bytes);

describe("parseIDX", () => {
  it("reads images of bytes", () => {
    const images = parseIDX(file(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 255));
    expect(images).toEqual({ shape: [2, 1, 2], dtype: "uint8", data: Uint8Array.of(1, 2, 3, 255) });
  });

  it("reads every element type, big-endian, wherever the bytes lie", () => {
    const one = [0, 0, 0, 1];
    expect(parseIDX(file(0, 0, 9, 1, ...one, 0xff)).data).toEqual(Int8Array.of(-1));
    expect(parseIDX(file(0, 0, 11, 1, ...one, 0xff, 0xfe)).data).toEqual(Int16Array.of(-2));
    expect(parseIDX(file(0, 0, 12, 1, ...one, 0, 0, 1, 0)).data).toEqual(Int32Array.of(256));
    // 1.5 = 0x3FC00000 and −2 = 0xC000000000000000 (IEEE 754).
    expect(parseIDX(file(0, 0, 13, 1, ...one, 0x3f, 0xc0, 0, 0)).data).toEqual(Float32Array.of(1.5));
    expect(parseIDX(file(0, 0, 14, 1, ...one, 0xc0, 0, 0, 0, 0, 0, 0, 0)).data).toEqual(Float64Array.of(-2));
    const inside = new Uint8Array([9, 9, 9, 0, 0, 8, 1, ...one, 5, 9]).subarray(3, 12);
    expect(parseIDX(inside).data).toEqual(Uint8Array.of(5));
    expect(parseIDX(file(0, 0, 8, 1, 0, 0, 0, 0).buffer).shape).toEqual([0]);
  });

  it("says what is wrong with a damaged file", () => {
    expect(() => parseIDX("images" as never)).toThrow('parseIDX: takes the bytes of a file, not "images".');
    expect(() => parseIDX(file(0, 0))).toThrow("parseIDX: the file has 2 bytes, too few for an IDX header.");
    expect(() => parseIDX(file(0x1f, 0x8b, 8, 0))).toThrow("parseIDX: the file is packed by gzip; unpack it first.");
    expect(() => parseIDX(file(1, 2, 8, 1))).toThrow("an IDX file begins with two bytes 0, and this one with 1 and 2.");
    expect(() => parseIDX(file(0, 0, 10, 1))).toThrow("parseIDX: unknown element type 0x0a in the third byte.");
    expect(() => parseIDX(file(0, 0, 8, 2, 0, 0, 0, 1))).toThrow(
      "truncated: 2 dimensions need a header of 12 bytes; there are 8.",
    );
    expect(() => parseIDX(file(0, 0, 8, 1, 0, 0, 0, 3, 1, 2))).toThrow(
      "uint8[3] needs a file of 11 bytes, and this one has 10: it is truncated.",
    );
    expect(() => parseIDX(file(0, 0, 8, 1, 0, 0, 0, 1, 1, 2))).toThrow(
      "uint8[1] needs a file of 9 bytes, and this one has 10: it is too long.",
    );
    // A damaged size must not claim memory.
    expect(() => parseIDX(file(0, 0, 14, 2, 255, 255, 255, 255, 255, 255, 255, 255))).toThrow("it is truncated.");
  });
});
