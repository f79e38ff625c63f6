import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Failure } from "../../src/failure.ts";
import { fixture, inFolder, temporaryFolder } from "../support/tables.ts";

const { read } = inFolder(temporaryFolder());

/** Whether the file was read, or refused with words for the user; anything else is thrown. */
async function isAnswered(content: Uint8Array, name: string): Promise<boolean> {
  try {
    await read(content, {}, name);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  return true;
}

const FILES = ["plants-snappy.parquet", "plants-zstd.parquet", "int8.npy", "texts.npy", "fortran.npy", "parts.npz"];

test.each(FILES)("%s, damaged in any way, is read or refused", async (name) => {
  const whole = readFileSync(fixture(name));
  const position = fc.integer({ min: 0, max: whole.length - 1 });
  const changes = fc.array(fc.tuple(position, fc.integer({ min: 0, max: 255 })), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(changes, fc.option(position, { freq: 2 }), async (bytes, end) => {
      const damaged = Buffer.from(whole);
      for (const [at, byte] of bytes) damaged[at] = byte;
      expect(await isAnswered(damaged.subarray(0, end ?? whole.length), name)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test.each(["a.csv", "a.tsv", "a.jsonl", "a.json", "a.txt"])("any text in %s is read or refused", async (name) => {
  const piece = fc.constantFrom(
    "a",
    "1",
    "-2.5",
    "1,5",
    ",",
    ";",
    "\t",
    '"',
    "\n",
    "\r\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    "ü",
    "\0",
    " ",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.boolean(), async (pieces, latin) => {
      expect(await isAnswered(Buffer.from(pieces.join(""), latin ? "latin1" : "utf8"), name)).toBe(true);
    }),
    { numRuns: 100 },
  );
});
