/**
 * NumPy's .npy format: R. Kern, "NEP 1: A simple file format for NumPy arrays", 2007, and the documentation of
 * numpy.lib.format for versions 2.0 and 3.0.
 */
import type { Cell } from "chainrule/table";
import { Failure } from "../../failure.ts";

export interface Header {
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** The bytes of one element. */
  readonly itemSize: number;
  readonly read: (view: DataView, offset: number) => Cell;
  /** Where the elements begin. */
  readonly start: number;
}

/** As many bytes as the header has at least: those that say how long it is. */
const PREAMBLE = 12;

/** The number of bytes up to the first element. @throws Failure unless it is such a file */
export function headerLength(bytes: Uint8Array, name: string): number {
  const major = bytes[6];
  if (bytes.length < PREAMBLE) throw new Failure(`${name} has ${bytes.length} bytes: it was cut off. Get it again.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (major === 1) return 10 + view.getUint16(8, true);
  if (major === 2 || major === 3) return 12 + view.getUint32(8, true);
  throw new Failure(`${name} is of version ${major} of the .npy format; versions 1 to 3 are known.`);
}

/** @param bytes the header and perhaps more */
export function parseHeader(bytes: Uint8Array, name: string): Header {
  const start = headerLength(bytes, name);
  if (bytes.length < start) throw new Failure(`${name} was cut off in its header. Get it again.`);
  const text = new TextDecoder().decode(bytes.subarray(bytes[6] === 1 ? 10 : 12, start));
  // The header is a literal of Python: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
  const dtype = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (/'descr':\s*\[/.test(text)) {
    throw new Failure(
      `${name} is a structured array. Save its fields as arrays of their own: np.savez("data.npz", **{n: a[n] for n in a.dtype.names}).`,
    );
  }
  if (dtype === undefined || order === undefined || shape === undefined)
    throw new Failure(`${name} has a damaged header: ${JSON.stringify(text.trim().slice(0, 80))}. Get the file again.`);
  return {
    ...elementType(dtype, name),
    shape: shape.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)])),
    fortranOrder: order === "True",
    start,
  };
}

type Element = Pick<Header, "itemSize" | "read">;

function elementType(dtype: string, name: string): Element {
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(dtype) ?? [];
  const size = Number(digits);
  const little = order !== ">";
  const number = NUMBERS[`${kind}${digits}`];
  if (number !== undefined) return { itemSize: size, read: (view, at) => finiteCell(number(view, at, little)) };
  if (kind === "S" && size > 0) return { itemSize: size, read: (view, at) => textCell(bytesOf(view, at, size)) };
  if (kind === "U" && size > 0)
    return { itemSize: 4 * size, read: (view, at) => textCell(charactersOf(view, at, size, little)) };
  const advice =
    kind === "O"
      ? "They are stored as Python pickles, which may run any program when they are read: save them as numbers or texts"
      : "Save them as numbers, such as float32, or as texts (dates: a.astype(str))";
  throw new Failure(`${name} holds elements of type ${JSON.stringify(dtype)}. ${advice}.`);
}

const NUMBERS: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number | bigint | boolean>> = {
  b1: (view, at) => view.getUint8(at) !== 0,
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => view.getBigInt64(at, little),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => view.getBigUint64(at, little),
  f2: (view, at, little) => float16(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** NaN is how NumPy says that there is no value. */
const finiteCell = (value: number | bigint | boolean): Cell => {
  if (typeof value !== "bigint") return Number.isNaN(value) ? null : value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
};

/** IEEE 754 binary16, 3.4: a sign, 5 bits of exponent, 10 of fraction. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0) return sign * 2 ** -14 * fraction;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction);
}

const textCell = (text: string): Cell => {
  const trimmed = text.replace(/\0+$/, "").trim();
  return trimmed === "" ? null : trimmed;
};

const bytesOf = (view: DataView, at: number, size: number): string =>
  new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, size));

/** Four bytes a character; a code that no character has is replaced, as in a text that is damaged otherwise. */
function charactersOf(view: DataView, at: number, size: number, little: boolean): string {
  let text = "";
  for (let i = 0; i < size; i++) {
    const code = view.getUint32(at + 4 * i, little);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  }
  return text;
}
