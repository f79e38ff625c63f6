/** What comes with the studio, fetched with the code when it is wanted: the page may not make requests. */
import type { ModelName } from "../state/index.ts";

const FILES: Readonly<Record<ModelName, () => Promise<{ readonly default: string }>>> = {
  digits: () => import("../../models/digits.safetensors?url&inline"),
  iris: () => import("../../models/iris.safetensors?url&inline"),
};

/** The bytes of a model file. */
export const sampleModel = async (name: ModelName): Promise<Uint8Array> => bytesOf((await FILES[name]()).default);

const SIDE = 28;
/** The header of an IDX file with three axes. */
const HEADER = 16;

/** An image of each digit from the test images of MNIST, its ink from 0 to 1. */
export async function sampleDigits(): Promise<readonly Float32Array[]> {
  const bytes = bytesOf((await import("../../models/digits.idx?url&inline")).default);
  return Array.from({ length: 10 }, (_, digit) =>
    Float32Array.from(
      bytes.subarray(HEADER + digit * SIDE * SIDE, HEADER + (digit + 1) * SIDE * SIDE),
      (grey) => grey / 255,
    ),
  );
}

/** What a data: URL holds. */
const bytesOf = (url: string): Uint8Array =>
  Uint8Array.from(atob(url.slice(url.indexOf(",") + 1)), (character) => character.charCodeAt(0));
