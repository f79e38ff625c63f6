import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readTable } from "../../src/files/index.ts";
import { failureOf, fixture, inFolder, temporaryFolder } from "../support/tables.ts";

const folder = temporaryFolder();
const { write } = inFolder(folder);
const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

test("a whole file, where its rows are, and its fingerprint", async () => {
  const text = `a,b\n\n${Array.from({ length: 2500 }, (_, i) => `${i},${i % 2 === 0 ? "x" : ""}\n`).join("")}`;
  const { table, file, place, fingerprint } = await readTable(write("data.csv", text));
  expect(table.names).toEqual(["a", "b"]);
  expect(table.length).toBe(2500);
  expect(table.row(1001)).toEqual({ a: "1001", b: null });
  expect([place(0), place(999), place(1000), place(2499)]).toEqual(["line 3", "line 1002", "line 1003", "line 2502"]);
  expect(fingerprint).toBe(sha256(text));
  expect(file).toEqual({ name: `${folder}/data.csv`, format: "csv", notes: [] });
});

test("the fingerprint is of the file as it is on the disk, in every format", async () => {
  const packed = gzipSync("a\nx\n");
  expect((await readTable(write("a.csv.gz", packed))).fingerprint).toBe(sha256(packed));
  for (const name of ["plants-snappy.parquet", "fortran.npy", "int8.npy", "parts.npz"])
    expect((await readTable(fixture(name))).fingerprint).toBe(sha256(readFileSync(fixture(name))));
});

test("equal texts are held once", async () => {
  // 100,000 rows of 8 bytes a cell, and the texts "yes" and "no".
  const path = write("yes.csv", `a\n${"yes\nno\n".repeat(50_000)}`);
  const { table } = await readTable(path, {}, { maxBytes: 1_900_000 });
  expect(table.length).toBe(100_000);
});

const ADVICE =
  "; or leave out columns that are not needed; or, if the machine has more memory, give Node more of it: " +
  "NODE_OPTIONS=--max-old-space-size=<MB>.";

test("a file that does not fit is refused before it is read", async () => {
  const path = write("big.csv", `a,b\n${"1.5,2.5\n".repeat(100_000)}"not closed`);
  expect(await failureOf(readTable(path, {}, { maxBytes: 2e6 }), folder)).toBe(
    "big.csv does not fit into memory: as a table it takes 3.2 MB or more, and there are 2.0 MB for it. Take a sample of its rows: " +
      `(head -n 1 big.csv; tail -n +2 big.csv | shuf -n 100000) > sample.csv${ADVICE}`,
  );
  const array = fixture("float32.npy");
  expect(await failureOf(readTable(array, {}, { maxBytes: 40 }))).toBe(
    `${array} does not fit into memory: as a table it takes 0.0 MB or more, and there are 0.0 MB for it. Take a sample of its rows${ADVICE}`,
  );
});

test("a packed file that does not fit is refused when that shows", async () => {
  const path = write("big.csv.gz", gzipSync(`a\n${Array.from({ length: 200_000 }, (_, i) => `text ${i}\n`).join("")}`));
  expect(await failureOf(readTable(path, {}, { maxBytes: 1e6 }), folder)).toMatch(
    /^big\.csv\.gz does not fit into memory: as a table it takes 1\.0 MB or more, and there are 1\.0 MB for it\. Take a sample of its rows; or/,
  );
});
