/** A small data set in the format of MNIST's files: simple to learn, but not perfectly. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const SIZE = 28;

export const FILES = {
  trainImages: "train-images-idx3-ubyte",
  trainLabels: "train-labels-idx1-ubyte",
  testImages: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
} as const;

export interface Digits {
  /** Grey values 0 … 255, [count, 28, 28]. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** An IDX file of bytes: 0, 0, type 8 (uint8), rank, then the sizes as big-endian 32-bit numbers, then the data. */
export function idx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(file.buffer);
  file.set([0, 0, 8, shape.length]);
  shape.forEach((size, axis) => {
    view.setUint32(4 + 4 * axis, size);
  });
  file.set(data, 4 + 4 * shape.length);
  return file;
}

/** Digit d is a bright bar at row 2·d + 4 in much noise; every tenth image is labelled wrongly. */
export function makeDigits(count: number, seed: number): Digits {
  const random = generator(seed);
  const images = new Uint8Array(count * SIZE * SIZE);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const digit = i % 10;
    for (let p = 0; p < SIZE * SIZE; p++) {
      const row = Math.floor(p / SIZE);
      const bar = row === 2 * digit + 4 || row === 2 * digit + 5;
      images[i * SIZE * SIZE + p] = Math.floor(random() * 120) + (bar ? 130 : 0);
    }
    labels[i] = random() < 0.1 ? (digit + 1) % 10 : digit;
  }
  return { images, labels };
}

export function writeDigits(folder: string, { train, test }: { train: Digits; test: Digits }): void {
  const write = (name: string, shape: readonly number[], data: Uint8Array): void => {
    writeFileSync(join(folder, name), idx(shape, data));
  };
  write(FILES.trainImages, [train.labels.length, SIZE, SIZE], train.images);
  write(FILES.trainLabels, [train.labels.length], train.labels);
  write(FILES.testImages, [test.labels.length, SIZE, SIZE], test.images);
  write(FILES.testLabels, [test.labels.length], test.labels);
}

/** Numbers in [0, 1): the linear congruential generator of W. H. Press et al., "Numerical recipes", 3rd ed., 7.1.4. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
