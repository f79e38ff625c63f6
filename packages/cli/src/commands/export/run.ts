/** What `chainrule export` does. */
import { exportTypeScript, loadModel, type ModelFile, readModelFile } from "chainrule/io";
import type { Module } from "chainrule/nn";
import { TableModel } from "chainrule/table";
import { Failure } from "../../failure.ts";
import { openOutput } from "../../files/index.ts";
import { createOutput } from "../../output.ts";
import { jsonOf } from "./json.ts";
import { networkModule, tableModule } from "./typescript.ts";

export interface ExportFlags {
  readonly to: "json" | "typescript";
  readonly out: string;
  readonly force?: boolean;
  readonly quiet?: boolean;
  readonly input?: readonly number[];
}

export async function run(path: string, flags: ExportFlags): Promise<void> {
  const { to, out, force = false, quiet = false } = flags;
  const [file, model] = [await readModelFile(path), await loadModel(path)];
  if (flags.input !== undefined && (model instanceof TableModel || to === "json")) {
    const why = model instanceof TableModel ? "the model knows its columns" : "a JSON document needs no shape";
    throw new Failure(`--input: ${why}. Leave it out.`);
  }
  const text = to === "json" ? jsonOf(path, file, model) : typescriptOf(path, file, model, flags.input);
  const output = await openOutput(out, { force });
  await output.write(text);
  await output.commit();
  if (out !== "-") createOutput({ quiet }).note(describe(out, to, model));
}

function typescriptOf(path: string, file: ModelFile, model: Module, input: ExportFlags["input"]): string {
  if (model instanceof TableModel) {
    return tableModule(path, model, exportTypeScript(model.network, [1, model.input.features.length]));
  }
  const shape = [1, ...(input ?? [inputsOf(path, file)])];
  return networkModule(path, file, shape, exportTypeScript(model, shape));
}

type Described = ModelFile["architecture"];

/** How many numbers the first layer takes that says so. @throws Failure if none does */
function inputsOf(path: string, { architecture }: ModelFile): number {
  const find = ({ config, layers = {} }: Described): number | undefined => {
    const own = [config.in, config.features, config.units].find((size) => typeof size === "number");
    return (
      own ??
      Object.values(layers)
        .map(find)
        .find((size) => size !== undefined)
    );
  };
  const found = find(architecture);
  if (found !== undefined) return found;
  throw new Failure(
    `${path}: no layer of the network says how many numbers it takes. Give the shape of one input, as in --input 28,28.`,
  );
}

function describe(out: string, to: ExportFlags["to"], model: Module): string {
  if (to === "json") return `${out}: the model as JSON. What its fields mean is in docs/command-line.md.`;
  if (!(model instanceof TableModel)) return `${out}: a module with forward(input), which imports nothing.`;
  return `${out}: a module with predict(row), which imports nothing.`;
}
