/** What `chainrule export` does. */
import { exportTypeScript, type ModelFile } from "chainrule/io";
import { Failure } from "../../failure.ts";
import { requireApart, writeFile } from "../../files/index.ts";
import { type OpenedModel, openModel } from "../../model-file/index.ts";
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

export async function run(path: string, { to, out, force = false, quiet = false, input }: ExportFlags): Promise<void> {
  await requireApart([
    ["the model", path],
    ["--out", out],
  ]);
  const opened = await openModel(path);
  if (input !== undefined && (opened.table !== undefined || to === "json")) {
    const why = opened.table === undefined ? "a JSON document needs no shape" : "the model knows its columns";
    throw new Failure(`--input: ${why}. Leave it out.`);
  }
  await writeFile(out, to === "json" ? jsonOf(opened) : typescriptOf(opened, input), { force });
  if (out !== "-") createOutput({ quiet }).note(describe(out, to, opened));
}

function typescriptOf({ name, file, table, network }: OpenedModel, input: ExportFlags["input"]): string {
  if (table !== undefined) return tableModule(name, table, exportTypeScript(network, [1, table.input.features.length]));
  const shape = [1, ...(input ?? [inputsOf(name, file)])];
  return networkModule(name, file, shape, exportTypeScript(network, shape));
}

type Described = ModelFile["architecture"];

/** How many numbers the first layer takes that says so. @throws Failure if none does */
function inputsOf(name: string, { architecture }: ModelFile): number {
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
    `${name}: no layer of the network says how many numbers it takes. Give the shape of one input, as in --input 28,28.`,
  );
}

function describe(out: string, to: ExportFlags["to"], { table }: OpenedModel): string {
  if (to === "json") return `${out}: the model as JSON.`;
  return `${out}: a module with ${table === undefined ? "forward(input)" : "predict(row)"}, which imports nothing.`;
}
