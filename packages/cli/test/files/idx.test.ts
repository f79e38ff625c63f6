import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { inFolder, temporaryFolder } from "../support/tables.ts";

/** An IDX file of bytes: two zeros, the type 8, the rank, the sizes as 32 bits, big-endian, and the elements. */
const idx = (sizes: readonly number[], elements: readonly number[]): Buffer =>
  Buffer.from([0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size]), ...elements]);

const IMAGES = idx([2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 255]);
const LABELS = idx([2], [7, 9]);

test("images with the labels beside", async () => {
  const { write, read } = inFolder(temporaryFolder());
  const path = write("train-labels-idx1-ubyte", LABELS);
  const content = await read(IMAGES, {}, "train-images-idx3-ubyte");
  expect(content).toMatchObject({
    columns: ["pixel_0", "pixel_1", "pixel_2", "pixel_3", "label"],
    rows: [
      [0, 1, 2, 3, 7],
      [4, 5, 6, 255, 9],
    ],
    places: ["row 1", "row 2"],
    notes: [`labels from ${path}`],
  });
});

test("packed, and with the point in the names that some copies have", async () => {
  const { write, read } = inFolder(temporaryFolder());
  write("t10k-labels.idx1-ubyte.gz", gzipSync(LABELS));
  const { columns, notes } = await read(gzipSync(IMAGES), {}, "t10k-images.idx3-ubyte.gz");
  expect(columns.at(-1)).toBe("label");
  expect(notes[0]).toBe("unpacked (gzip)");
});

test("images alone, labels alone, and other arrays", async () => {
  const { read } = inFolder(temporaryFolder());
  expect((await read(IMAGES, {}, "train-images-idx3-ubyte")).columns).toHaveLength(4);
  expect(await read(LABELS, {}, "labels.idx")).toMatchObject({ columns: ["label"], rows: [[7], [9]] });
  expect((await read(idx([1, 2], [3, 4]), {}, "a.idx")).columns).toEqual(["x_0", "x_1"]);
  // A float NaN, 7fc00000, is no value.
  const float = Buffer.from([0, 0, 13, 1, 0, 0, 0, 2, 0x7f, 0xc0, 0, 0, 0x3f, 0xc0, 0, 0]);
  expect(await read(float, {}, "a.idx")).toMatchObject({ columns: ["x"], rows: [[null], [1.5]] });
});

test("labels that do not belong to the images", async () => {
  const folder = temporaryFolder();
  const { write, fail } = inFolder(folder);
  write("train-labels-idx1-ubyte", idx([3], [1, 2, 3]));
  expect(await fail(IMAGES, {}, "train-images-idx3-ubyte")).toBe(
    "train-labels-idx1-ubyte must hold one label for each of the 2 images in train-images-idx3-ubyte; its shape is 3. Move it away " +
      "if it does not belong to them.",
  );
});

test("damaged and empty files", async () => {
  const { fail } = inFolder(temporaryFolder());
  expect(await fail(IMAGES.subarray(0, -1), {}, "a.idx")).toBe(
    "a.idx: uint8[2, 2, 2] needs a file of 24 bytes, and this one has 23: it is truncated. Get the file again.",
  );
  expect(await fail(idx([0, 2], []), {}, "a.idx")).toBe("a.idx holds no numbers: its shape is 0×2.");
});
