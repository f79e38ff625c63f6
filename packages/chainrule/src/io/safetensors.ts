/**
 * The safetensors format, as its README specifies it (https://github.com/huggingface/safetensors, "Format"): 8 bytes of
 * header length (little-endian), a JSON header, then the numbers of all tensors without gaps. Python's safetensors
 * opens these files, and the other way round.
 */
import { bytesOf, DTYPES, type DType, type TypedArray } from "../tensor/dtype.ts";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import { fromData, isConcrete, type Tensor } from "../tensor/tensor.ts";
import { FormatError } from "./errors.ts";

const NAMES: Readonly<Record<DType, string>> = { float64: "F64", float32: "F32", int32: "I32", bool: "BOOL" };

const METADATA = "__metadata__";

/** The limit of the reference implementation, which keeps a damaged length from claiming all memory. */
const LARGEST_HEADER = 100_000_000;

/** Python's library pads the header likewise, so that the numbers are aligned. */
const ALIGNMENT = 8;

interface Entry {
  readonly dtype: string;
  readonly shape: Shape;
  readonly data_offsets: readonly [number, number];
}

/** The contents of a safetensors file. */
export interface Decoded {
  readonly tensors: Record<string, Tensor>;
  readonly metadata: Record<string, string>;
}

/**
 * Tensors as the bytes of a safetensors file.
 *
 * @throws TypeError for a reserved name, metadata that is not text, or a traced tensor
 * @example
 * ```ts
 * import { tensor } from "chainrule";
 * import { decode, encode } from "chainrule/io";
 * const bytes = encode({ w: tensor([1, 2]) }, { made: "by hand" });
 * decode(bytes).metadata; // → { made: 'by hand' }
 * ```
 */
export function encode(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header: [string, unknown][] = Object.keys(metadata).length === 0 ? [] : [[METADATA, checkMetadata(metadata)]];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, t] of inFileOrder(tensors)) {
    if (name === METADATA)
      throw new TypeError(`encode: no tensor can be named ${METADATA}, which is the format's own.`);
    const bytes = bytesOfTensor(name, t);
    header.push([name, { dtype: NAMES[t.dtype], shape: t.shape, data_offsets: [offset, offset + bytes.length] }]);
    parts.push(bytes);
    offset += bytes.length;
  }
  const text = new TextEncoder().encode(toJSON(header));
  const start = Math.ceil((8 + text.length) / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(start + offset).fill(0x20, 8 + text.length, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(text, 8);
  let at = start;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** An object literal may reorder or lose keys such as "1" and "__proto__"; text does not. */
const toJSON = (entries: readonly [string, unknown][]): string =>
  `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;

/** Widest elements first, as the reference implementation does: then each tensor is aligned. */
const inFileOrder = (tensors: Readonly<Record<string, Tensor>>): [string, Tensor][] =>
  Object.entries(tensors).sort(([a, s], [b, t]) => bytesOf(t.dtype) - bytesOf(s.dtype) || (a < b ? -1 : 1));

function checkMetadata(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string") {
      throw new TypeError(
        `encode: metadata must be texts, and "${key}" is of type ${typeof value}. Use JSON.stringify.`,
      );
    }
  }
  return metadata;
}

/** The numbers in memory order, which is little-endian wherever JavaScript runs today. */
function bytesOfTensor(name: string, t: Tensor): Uint8Array {
  if (!isConcrete(t)) throw new TypeError(`encode: the tensor "${name}" is traced and has no numbers yet.`);
  return new Uint8Array(t.payload.buffer, t.payload.byteOffset, t.payload.byteLength);
}

/**
 * Reads the bytes of a safetensors file.
 *
 * @param name what error messages call the file
 * @throws FormatError that says what is wrong with it
 */
export function decode(bytes: Uint8Array, name = "the file"): Decoded {
  const fail = (what: string): never => {
    throw new FormatError(`${name} is not a valid safetensors file: ${what}.`);
  };
  const { header, start } = readHeader(bytes, fail);
  const { [METADATA]: metadata = {}, ...entries } = header;
  if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    return fail(`${METADATA} must hold texts only`);
  }
  const all = Object.entries(entries).map(([key, entry]) => [key, checkEntry(key, entry, fail)] as const);
  checkOffsets(all, bytes.length - start, fail);
  const tensors = Object.fromEntries(
    all.map(
      ([
        key,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const own = DTYPES.find((d) => NAMES[d] === dtype) as DType;
        return [
          key,
          fromData(numbersFrom(new Uint8Array(bytes.subarray(start + from, start + to)), own), [...shape], own),
        ];
      },
    ),
  );
  return { tensors, metadata: metadata as Record<string, string> };
}

type Fail = (what: string) => never;

function readHeader(bytes: Uint8Array, fail: Fail): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) return fail(`it has ${bytes.length} bytes, too few for the length of a header`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true));
  if (length > LARGEST_HEADER)
    return fail(`its first 8 bytes claim a header of ${length} bytes; is it of another kind?`);
  const start = 8 + length;
  if (start > bytes.length)
    return fail(`it is truncated: its header should end at byte ${start}, and it has ${bytes.length}`);
  if (bytes[8] !== 0x7b) return fail("its header does not begin with {");
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
  } catch (error) {
    return fail(`its header is not JSON (${(error as Error).message})`);
  }
  return { header: header as Record<string, unknown>, start };
}

function checkEntry(key: string, entry: unknown, fail: Fail): Entry {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (isObject(entry) ? entry : {}) as Partial<Record<keyof Entry, unknown>>;
  const known = DTYPES.map((d) => NAMES[d]);
  if (typeof dtype !== "string") return fail(`the entry of tensor "${key}" has no dtype`);
  if (!known.includes(dtype)) {
    return fail(
      `tensor "${key}" has the dtype ${dtype}; this library reads ${known.join(", ")}. Convert it where it was made`,
    );
  }
  if (!isNaturals(shape)) return fail(`tensor "${key}" has no shape of whole numbers`);
  if (!isNaturals(offsets) || offsets.length !== 2) return fail(`tensor "${key}" has no pair of data_offsets`);
  const [from, to] = offsets as unknown as [number, number];
  const own = DTYPES.find((d) => NAMES[d] === dtype) as DType;
  const needed = sizeOf(shape) * bytesOf(own);
  if (to - from !== needed) {
    return fail(
      `tensor "${key}", ${dtype}${formatShape(shape)}, needs ${needed} bytes, and its data_offsets span ${to - from}`,
    );
  }
  return { dtype, shape, data_offsets: [from, to] };
}

/** The format wants the tensors to fill the data exactly: no overlap, no hole, nothing behind. */
function checkOffsets(all: readonly (readonly [string, Entry])[], available: number, fail: Fail): void {
  const sorted = [...all].sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  let end = 0;
  let before = "";
  for (const [
    key,
    {
      data_offsets: [from, to],
    },
  ] of sorted) {
    if (from < end) fail(`tensors "${before}" and "${key}" overlap`);
    if (from > end) fail(`there are ${from - end} unused bytes before tensor "${key}"`);
    [end, before] = [to, key];
  }
  if (end > available) fail(`it is truncated: its tensors need ${end} bytes, and ${available} are there`);
  if (end < available) fail(`there are ${available - end} bytes behind the last tensor`);
}

function numbersFrom(bytes: Uint8Array<ArrayBuffer>, dtype: DType): TypedArray {
  switch (dtype) {
    case "float64":
      return new Float64Array(bytes.buffer);
    case "float32":
      return new Float32Array(bytes.buffer);
    case "int32":
      return new Int32Array(bytes.buffer);
    case "bool":
      return bytes;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isNaturals = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
