/**
 * Files: the safetensors codec (`safetensors.ts`), reading and atomic writing (`files.ts`), models as files (`model.ts`),
 * and as code (`typescript.ts`).
 */
import "../compile/index.ts";

export { FormatError } from "./errors.ts";
export { readBytes, type Source, writeBytes } from "./files.ts";
export {
  loadModel,
  loadTableModel,
  loadWeights,
  type ModelFile,
  readModelFile,
  type SaveOptions,
  saveModel,
} from "./model.ts";
export { type Decoded, decode, encode } from "./safetensors.ts";
export { exportTypeScript } from "./typescript.ts";
