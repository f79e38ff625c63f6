/** The IDX format of the MNIST files: Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database", file formats. */
import { describeValue } from "../tensor/options.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { DataError } from "./errors.ts";

type IDXData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array as the file has it; a byte image needs a conversion before it is a float tensor. */
export interface IDXArray {
  readonly shape: readonly number[];
  readonly dtype: "uint8" | "int8" | "int16" | "int32" | "float32" | "float64";
  readonly data: IDXData;
}

interface Kind {
  readonly dtype: IDXArray["dtype"];
  readonly bytes: number;
  readonly create: (length: number) => IDXData;
  readonly read: (view: DataView, offset: number) => number;
}

/** By the third byte of the file. Numbers are big-endian. */
const KINDS: Readonly<Record<number, Kind>> = {
  8: { dtype: "uint8", bytes: 1, create: (n) => new Uint8Array(n), read: (v, at) => v.getUint8(at) },
  9: { dtype: "int8", bytes: 1, create: (n) => new Int8Array(n), read: (v, at) => v.getInt8(at) },
  11: { dtype: "int16", bytes: 2, create: (n) => new Int16Array(n), read: (v, at) => v.getInt16(at) },
  12: { dtype: "int32", bytes: 4, create: (n) => new Int32Array(n), read: (v, at) => v.getInt32(at) },
  13: { dtype: "float32", bytes: 4, create: (n) => new Float32Array(n), read: (v, at) => v.getFloat32(at) },
  14: { dtype: "float64", bytes: 8, create: (n) => new Float64Array(n), read: (v, at) => v.getFloat64(at) },
};

/**
 * Reads an IDX file, such as MNIST's train-images-idx3-ubyte.
 *
 * @param bytes the file, unpacked
 * @throws DataError that says what is wrong with the file
 * @example
 * ```ts
 * import { parseIDX } from "chainrule/data";
 * parseIDX(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 9])); // → { shape: [ 2 ], dtype: 'uint8', data: Uint8Array(2) [ 7, 9 ] }
 * ```
 */
export function parseIDX(bytes: Uint8Array | ArrayBuffer): IDXArray {
  const file = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (!(file instanceof Uint8Array))
    throw new TypeError(`parseIDX: takes the bytes of a file, not ${describeValue(bytes)}.`);
  if (file[0] === 0x1f && file[1] === 0x8b)
    throw new DataError("parseIDX: the file is packed by gzip; unpack it first.");
  if (file.length < 4) throw new DataError(`parseIDX: the file has ${file.length} bytes, too few for an IDX header.`);
  const [first, second, code, rank] = file as unknown as [number, number, number, number];
  if (first !== 0 || second !== 0) {
    throw new DataError(`parseIDX: an IDX file begins with two bytes 0, and this one with ${first} and ${second}.`);
  }
  const kind = KINDS[code];
  if (kind === undefined) {
    throw new DataError(`parseIDX: unknown element type 0x${code.toString(16).padStart(2, "0")} in the third byte.`);
  }
  const header = 4 + 4 * rank;
  if (file.length < header) {
    throw new DataError(
      `parseIDX: truncated: ${rank} dimensions need a header of ${header} bytes; there are ${file.length}.`,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const count = sizeOf(shape);
  const expected = header + count * kind.bytes;
  if (file.length !== expected) {
    throw new DataError(
      `parseIDX: ${kind.dtype}${formatShape(shape)} needs a file of ${expected} bytes, and this one has ${file.length}: ` +
        `it is ${file.length < expected ? "truncated" : "too long"}.`,
    );
  }
  const data = kind.create(count);
  for (let i = 0; i < count; i++) data[i] = kind.read(view, header + i * kind.bytes);
  return { shape, dtype: kind.dtype, data };
}
