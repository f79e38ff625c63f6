/** The element types of tensors, and the typed array that holds each on the host. */

export type DType = "float32" | "float64" | "int32" | "bool";

export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

interface DTypeInfo {
  readonly bytes: number;
  readonly create: (length: number) => TypedArray;
}

/** Booleans take one byte, 0 or 1. */
const INFO: Record<DType, DTypeInfo> = {
  float32: { bytes: 4, create: (n) => new Float32Array(n) },
  float64: { bytes: 8, create: (n) => new Float64Array(n) },
  int32: { bytes: 4, create: (n) => new Int32Array(n) },
  bool: { bytes: 1, create: (n) => new Uint8Array(n) },
};

export const DTYPES = Object.keys(INFO) as readonly DType[];

export const bytesOf = (dtype: DType): number => INFO[dtype].bytes;

export const allocate = (dtype: DType, length: number): TypedArray => INFO[dtype].create(length);

export const isFloat = (dtype: DType): boolean => dtype === "float32" || dtype === "float64";

/** The dtype that a typed array holds, or undefined for one that no tensor has. */
export function dtypeOfArray(array: ArrayBufferView): DType | undefined {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Float64Array) return "float64";
  if (array instanceof Int32Array) return "int32";
  return undefined;
}
