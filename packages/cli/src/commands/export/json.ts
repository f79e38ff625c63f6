/** Models as one JSON document. */
import { basename } from "node:path";
import type { ModelFile } from "chainrule/io";
import { Failure } from "../../failure.ts";
import type { OpenedModel } from "../../model-file/index.ts";
import { commandVersion } from "../../version.ts";

/** Of the document, for whoever reads it: a higher one may mean something else by a field that is there now. */
const VERSION = 1;

/**
 * The document: a field on a line, or several, but each array of weights on a line of its own.
 *
 * @throws Failure for weights that JSON cannot hold
 */
export function jsonOf({ name, table: rows, file: { architecture, tensors, record } }: OpenedModel): string {
  const fields: readonly (readonly [string, string])[] = [
    ["format", JSON.stringify("chainrule-json")],
    ["version", JSON.stringify(VERSION)],
    ["made_by", JSON.stringify(`chainrule export ${commandVersion()}`)],
    ["made_of", JSON.stringify(basename(name))],
    ...(rows === undefined
      ? []
      : [
          ["columns", block(rows.input.columns)] as const,
          ["features", block(rows.input.features.map(({ name }) => name))] as const,
          ["target", block(rows.target)] as const,
        ]),
    ["network", block(rows === undefined ? architecture : architecture.layers?.network)],
    ["weights", weightsOf(name, tensors, rows === undefined ? "" : "network.")],
    ["record", block(record)],
  ];
  return `{\n${fields.map(([field, text]) => `  ${JSON.stringify(field)}: ${text}`).join(",\n")}\n}\n`;
}

const block = (value: unknown): string => JSON.stringify(value, null, 2).replaceAll("\n", "\n  ");

/** @param prefix of names in the model's file, which names in the document are without */
function weightsOf(file: string, tensors: ModelFile["tensors"], prefix: string): string {
  const lines = Object.entries(tensors).map(([name, tensor]) => {
    const values = Array.from(tensor.dataSync(), (value) => numberText(value, tensor.dtype === "float32"));
    if (values.includes("")) {
      throw new Failure(`${file}: ${JSON.stringify(name)} holds NaN or infinity, which JSON cannot hold. Train again.`);
    }
    const [shape, dtype] = [JSON.stringify(tensor.shape), JSON.stringify(tensor.dtype)];
    const key = JSON.stringify(name.startsWith(prefix) ? name.slice(prefix.length) : name);
    return `    ${key}: { "shape": ${shape}, "dtype": ${dtype}, "values": [${values.join(", ")}] }`;
  });
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n  }`;
}

/** The fewest digits that are read as the same number, rounded to float32 if it is one; "" for what JSON lacks. */
function numberText(value: number, isFloat32: boolean): string {
  if (!Number.isFinite(value)) return "";
  if (Object.is(value, -0)) return "-0";
  // Nine digits tell any two float32 numbers apart, and most need seven or eight.
  for (let digits = 6; isFloat32 && digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
