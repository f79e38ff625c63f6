import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { decode, encode } from "../../src/io/index.ts";
import { type DType, type Tensor, tensor } from "../../src/tensor/index.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Assembled by hand after the format's specification: u64 length, JSON header, numbers. */
function assemble(header: string, numbers: readonly number[] = [], length = utf8(header).length): Uint8Array {
  const lengthBytes = [length & 255, (length >> 8) & 255, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([...lengthBytes, ...utf8(header), ...numbers]);
}

describe("encode", () => {
  it("writes the bytes that the specification asks for", () => {
    // float32 1 = 0x3F800000 and −2 = 0xC0000000 (IEEE 754), little-endian; the header of 71 bytes is padded by spaces
    // so that the numbers begin at a multiple of 8.
    const header = '{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil((8 + header.length) / 8) * 8 - 8);
    const expected = assemble(padded, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
    expect(encode({ w: tensor([1, -2]) }, { k: "v" })).toEqual(expected);
    expect((expected.length - 8) % 8).toBe(0);
  });

  it("puts the widest elements first, then goes by name, so that all are aligned", () => {
    const bytes = encode({
      flag: tensor([true, false, true]),
      b: tensor([1], { dtype: "int32" }),
      a: tensor([1]),
      wide: tensor([1], { dtype: "float64" }),
    });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header).toEqual({
      wide: { dtype: "F64", shape: [1], data_offsets: [0, 8] },
      a: { dtype: "F32", shape: [1], data_offsets: [8, 12] },
      b: { dtype: "I32", shape: [1], data_offsets: [12, 16] },
      flag: { dtype: "BOOL", shape: [3], data_offsets: [16, 19] },
    });
  });

  it("refuses what the format cannot hold", () => {
    expect(() => encode({ __metadata__: tensor([1]) })).toThrow(
      "encode: no tensor can be named __metadata__, which is the format's own.",
    );
    expect(() => encode({}, { epochs: 3 } as never)).toThrow(
      'encode: metadata must be texts, and "epochs" is of type number. Use JSON.stringify.',
    );
    const traced = compile((x: Tensor) => {
      encode({ x });
      return x;
    });
    expect(() => traced(tensor([1]))).toThrow('encode: the tensor "x" is traced and has no numbers yet.');
  });
});

describe("decode", () => {
  it("reads a file assembled by hand, in any order of entries and at any position in memory", () => {
    const header =
      '{"b":{"dtype":"BOOL","shape":[2],"data_offsets":[12,14]},"s":{"dtype":"I32","shape":[],"data_offsets":[8,12]},' +
      '"d":{"data_offsets":[0,8],"dtype":"F64","shape":[1,1]},"none":{"dtype":"F32","shape":[0,3],"data_offsets":[14,14]}}';
    const file = assemble(header, [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0xff, 0xff, 0xff, 0xff, 1, 0]);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    for (const bytes of [file, shifted.subarray(3), Buffer.from(file)]) {
      const { tensors, metadata } = decode(bytes);
      expect(metadata).toEqual({});
      expect(tensors.d?.arraySync()).toEqual([[1.5]]);
      expect(tensors.s?.arraySync()).toBe(-1);
      expect(tensors.b?.arraySync()).toEqual([true, false]);
      expect(tensors.none?.shape).toEqual([0, 3]);
    }
  });

  it("gives back what encode took, bit for bit", () => {
    const values: Record<DType, fc.Arbitrary<number>> = {
      float32: fc.float(),
      float64: fc.double(),
      int32: fc.integer(),
      bool: fc.integer({ min: 0, max: 1 }),
    };
    const one = fc
      .constantFrom<DType>("float32", "float64", "int32", "bool")
      .chain((dtype) => fc.array(values[dtype], { maxLength: 5 }).map((list) => tensor(list, { dtype })));
    const name = fc.string().filter((n) => n !== "__metadata__");
    fc.assert(
      fc.property(fc.dictionary(name, one), fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const back = decode(encode(tensors, metadata));
        expect(new Map(Object.entries(back.metadata))).toEqual(new Map(Object.entries(metadata)));
        expect(Object.keys(back.tensors).sort()).toEqual(Object.keys(tensors).sort());
        for (const [key, t] of Object.entries(tensors)) {
          const found = Object.entries(back.tensors).find(([k]) => k === key)?.[1] as Tensor;
          expect([found.dtype, found.shape]).toEqual([t.dtype, t.shape]);
          expect(new Uint8Array(found.dataSync().buffer)).toEqual(new Uint8Array(t.dataSync().buffer));
        }
      }),
    );
  });

  const entry = (fields: string) => `{"w":{${fields}}}`;
  const two = '"dtype":"F32","shape":[2]';
  const cases: [string, Uint8Array, string][] = [
    ["no bytes at all", Uint8Array.of(1, 2), "it has 2 bytes, too few for the length of a header"],
    ["another kind of file", utf8("PK\u0003\u0004 this is a zip file"), "its first 8 bytes claim a header of"],
    ["a cut header", assemble("{}", [], 300), "it is truncated: its header should end at byte 308, and it has 10"],
    ["a header that is no object", assemble("[1]"), "its header does not begin with {"],
    ["broken JSON", assemble('{"w":'), "its header is not JSON ("],
    ["broken UTF-8", assemble("{", [0xff], 2), "its header is not JSON ("],
    ["metadata with numbers", assemble('{"__metadata__":{"a":1}}'), "__metadata__ must hold texts only"],
    ["metadata that are a list", assemble('{"__metadata__":["a"]}'), "__metadata__ must hold texts only"],
    ["an entry that is null", assemble('{"w":null}'), 'the entry of tensor "w" has no dtype'],
    [
      "an unknown dtype",
      assemble(entry('"dtype":"BF16","shape":[2],"data_offsets":[0,4]'), [0, 0, 0, 0]),
      'tensor "w" has the dtype BF16; this library reads F32, F64, I32, BOOL. Convert it where it was made',
    ],
    [
      "a negative shape",
      assemble(entry('"dtype":"F32","shape":[-1],"data_offsets":[0,4]')),
      'tensor "w" has no shape of whole numbers',
    ],
    ["no offsets", assemble(entry(two)), 'tensor "w" has no pair of data_offsets'],
    [
      "offsets that do not fit the shape",
      assemble(entry(`${two},"data_offsets":[0,4]`)),
      'tensor "w", F32[2], needs 8 bytes, and its data_offsets span 4',
    ],
    [
      "offsets in reverse",
      assemble(entry(`${two},"data_offsets":[8,0]`)),
      'tensor "w", F32[2], needs 8 bytes, and its data_offsets span -8',
    ],
    [
      "cut numbers",
      assemble(entry(`${two},"data_offsets":[0,8]`), [0, 0, 0]),
      "it is truncated: its tensors need 8 bytes, and 3 are there",
    ],
    [
      "bytes at the end",
      assemble(entry(`${two},"data_offsets":[0,8]`), new Array(9).fill(0)),
      "there are 1 bytes behind the last tensor",
    ],
    [
      "a hole",
      assemble(entry(`${two},"data_offsets":[4,12]`), new Array(12).fill(0)),
      'there are 4 unused bytes before tensor "w"',
    ],
    [
      "an overlap",
      assemble(`{"a":{${two},"data_offsets":[0,8]},"b":{${two},"data_offsets":[4,12]}}`, new Array(12).fill(0)),
      'tensors "a" and "b" overlap',
    ],
  ];
  it.each(cases)("names %s", (_, bytes, message) => {
    expect(() => decode(bytes, "net.safetensors")).toThrow(
      `net.safetensors is not a valid safetensors file: ${message}`,
    );
  });

  it("never does anything but succeed or say what is wrong, whatever byte is damaged or missing", () => {
    const good = encode({ w: tensor([1, 2, 3]), b: tensor([true]) }, { note: "x" });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), fc.boolean(), (at, value, cut) => {
        const bad = cut ? good.slice(0, at) : good.slice();
        if (!cut) bad[at] = value;
        try {
          decode(bad);
        } catch (error) {
          expect((error as Error).message).toMatch(/^the file is not a valid safetensors file: .+\.$/s);
        }
        if (cut) expect(() => decode(bad)).toThrow("not a valid safetensors file");
      }),
      { numRuns: 500 },
    );
  });
});
