/** A model file as the studio holds it. */
import { compile, grad, type Tensor, tensor } from "chainrule";
import { FormatError, loadModel, type ModelFile, readModelFile } from "chainrule/io";
import { evaluation, type Module, params, type Summary, states, summary } from "chainrule/nn";
import type { TableModel } from "chainrule/table";
import { figure, fromLink, isRegression, MOST_MODEL, Refusal } from "../../state/index.ts";
import { columnFacts, meaningOf, pictureOfColumns, pictureOfInputs } from "./columns.ts";
import { choiceFacts, trainingFacts } from "./record.ts";
import { count, label, size } from "./text.ts";
import type { ModelFacts, Reading } from "./types.ts";

export interface Opened {
  readonly facts: ModelFacts;
  readonly table: TableModel | undefined;
  readonly tables: Tables;
  /** By the names that the file has. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** The name of a parameter within the network. */
  readonly within: (name: string) => string;
  /** From [rows, inputs] to outputs, in evaluation mode. */
  readonly network: Module;
  /** Whether the network itself ends with probabilities. */
  readonly ends: "probabilities" | "logits";
  /** Outputs, and the derivative of one of them, picked by ones and zeros, by the inputs. */
  readonly outputs: (x: Tensor) => Tensor;
  readonly slopes: (x: Tensor, pick: Tensor) => Tensor;
  readonly input: (values: Float32Array) => Tensor;
}

type Tables = typeof import("chainrule/table");
type Variable = ReturnType<typeof params>[string] | ReturnType<typeof states>[string];

/** A description can be deeper or longer than a program that walks it has room and time for. */
const DEEPEST = 20;
const MOST_LAYERS = 500;
const MOST_COLUMNS = 120;
/** What a page can show, and a visitor oversee. */
const MOST_INPUTS = 100_000;
const MOST_OUTPUTS = 1000;

/** @throws Refusal that says why the bytes hold no model */
export async function openModel(bytes: Uint8Array, name: string, id: number): Promise<Opened> {
  if (bytes.length > MOST_MODEL)
    throw new Refusal(`It has ${size(bytes.length)}, and the studio opens files of up to ${size(MOST_MODEL)}.`);
  if (bytes.length === 0) throw new Refusal("It is empty, so it holds no model.");
  try {
    const file = await readModelFile(bytes);
    requireReasonable(file.architecture);
    const model = await loadModel(bytes);
    return describe(model, await import("chainrule/table"), file, bytes.length, name, id);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(reasonOf(error));
  }
}

/** What the library says, without what it tells programmers, and no longer than one reads. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = message
    .replace(/ If its tensors fit a model, .*$/s, "")
    .replace(/; there are [^;]* For a layer of your own .*$/s, ".")
    .replace(/\n {2}(in layer|at): .*$/gs, "")
    .replace(/^the file /, "The file ");
  return label(error instanceof FormatError ? text : `The model cannot be used: ${text}`, 400);
}

function requireReasonable(architecture: unknown): void {
  const waiting: (readonly [node: unknown, depth: number])[] = [[architecture, 0]];
  let layers = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, depth] = next;
    const inner = typeof node === "object" && node !== null ? (node as { layers?: unknown }).layers : undefined;
    if (++layers > MOST_LAYERS || depth > DEEPEST)
      throw new Refusal(
        `Its description has more than ${depth > DEEPEST ? `${DEEPEST} layers within each other` : `${MOST_LAYERS} layers`}, which no model of the studio has.`,
      );
    if (typeof inner === "object" && inner !== null)
      for (const part of Object.values(inner)) waiting.push([part, depth + 1]);
  }
}

function describe(model: Module, tables: Tables, file: ModelFile, bytes: number, name: string, id: number): Opened {
  const table = model instanceof tables.TableModel ? model : undefined;
  const network = table?.network ?? model;
  const trained = params(model);
  const variables = new Map<string, Variable>(Object.entries({ ...trained, ...states(model) }));
  const layers = summaryOf(network, table?.input.features.length);
  const inputs = layers.inputShape[1] as number;
  const last = layers.rows.at(-1);
  const shape = last?.outputShape ?? [];
  if (shape.length !== 2 || shape[0] !== 1) {
    throw new Refusal(
      `Its outputs have the shape [${shape.join(", ")}], and the studio shows networks from one row of numbers to another.`,
    );
  }
  const outputs = shape[1] as number;
  for (const [what, n, most] of [
    ["inputs", inputs, MOST_INPUTS],
    ["outputs", outputs, MOST_OUTPUTS],
  ] as const) {
    if (n > most)
      throw new Refusal(`It has ${figure(n, 9)} ${what}, and the studio shows networks of up to ${figure(most)}.`);
  }
  const reading = studioReading(file.record, outputs) ?? readingOf(table, last?.type, outputs);
  const dtype = [...variables.values()][0]?.dtype ?? "float32";
  return {
    facts: {
      id,
      kind: table === undefined ? "network" : "table",
      file: fileFacts(file, bytes, name),
      training: trainingFacts(file.record),
      choices: choiceFacts(file.record),
      layers: layers.rows.map(({ path, type, outputShape, parameters, flops }) => ({
        path: label(path),
        type: label(type),
        shape: outputShape,
        parameters,
        flops,
      })),
      parameters: [...variables].map(([key, t]) => ({
        name: key,
        label: label(key, 60),
        shape: t.shape,
        trained: Object.hasOwn(trained, key),
      })),
      size: layers.parameters,
      flops: layers.flops,
      broken: Object.values(file.tensors).reduce((sum, t) => sum + brokenIn(t), 0),
      inputs,
      inputNames: inputNames(table, file.record),
      columns: (table?.input.columns ?? []).slice(0, MOST_COLUMNS).map(columnFacts),
      moreColumns: Math.max(0, (table?.input.columns.length ?? 0) - MOST_COLUMNS),
      picture: table === undefined ? pictureOfInputs(inputs) : pictureOfColumns(table),
      reading,
      outputs,
      target: table === undefined ? undefined : label(table.target.name),
      classes: classesOf(table, reading, outputs),
      unit: label(table?.target.unit ?? "", 16),
      usualTarget: Number((table?.target.mean ?? 0).toPrecision(4)),
      meaning: table === undefined ? plainMeaning(reading, last?.type) : meaningOf(table.target),
    },
    table,
    tables,
    variables,
    within: (name) => (table === undefined ? name : name.replace(/^network\./, "")),
    network,
    ends: last?.type === "softmax" || last?.type === "sigmoid" ? "probabilities" : "logits",
    outputs: compile((x: Tensor) => evaluation(() => network(x))),
    slopes: compile((x: Tensor, pick: Tensor) =>
      grad((at: Tensor) =>
        evaluation(() => network(at))
          .mul(pick)
          .sum(),
      )(x),
    ),
    input: (values) => tensor(dtype === "float64" ? Float64Array.from(values) : values, { shape: [1, inputs], dtype }),
  };
}

function fileFacts({ tensors, metadata }: ModelFile, bytes: number, name: string): ModelFacts["file"] {
  const all = Object.values(tensors);
  const kinds = [...new Set(all.map(({ dtype }) => dtype))].join(", ");
  return [
    ["file", label(name, 60)],
    ["format", `safetensors, of Chainrule, version ${label(metadata.format_version ?? "", 8)}`],
    ["size", size(bytes)],
    ["holds", `${count(all.length, "tensor")}, ${kinds}`],
  ];
}

/** Of a plain network what its record says, if it lists texts. */
function inputNames(table: TableModel | undefined, { inputs }: ModelFile["record"]): string[] {
  const names = table?.input.features.map(({ name }) => name) ?? (Array.isArray(inputs) ? inputs : []);
  return names.slice(0, MOST_COLUMNS).map((name) => label(typeof name === "string" ? name : ""));
}

const brokenIn = (t: Tensor): number => {
  let broken = 0;
  for (const x of t.dataSync() as Iterable<number>) if (!Number.isFinite(x)) broken++;
  return broken;
};

/**
 * The layers for one row. What a plain network takes is what its first layer takes, or, where a feature map stands before that, the
 * number of inputs of which it makes as many.
 */
function summaryOf(network: Module, features: number | undefined): Summary {
  if (features !== undefined) return summary(network, [1, features]);
  const first = Object.values(params(network))[0]?.shape[0];
  if (first === undefined) throw new Refusal("It has no parameters, so it cannot be told what it takes.");
  let problem: unknown;
  for (const inputs of [first, ...Array.from({ length: Math.min(first, 12) }, (_, i) => i + 1)]) {
    try {
      return summary(network, [1, inputs]);
    } catch (error) {
      problem ??= error;
    }
  }
  throw problem;
}

/** A plain network does not say what its outputs are: several count as classes, as in the command line. */
function readingOf(table: TableModel | undefined, last: string | undefined, outputs: number): Reading {
  if (table !== undefined)
    return table.task === "classification" ? "classes" : table.task === "binary" ? "binary" : "values";
  if (last === "sigmoid" && outputs === 1) return "binary";
  return outputs > 1 && last !== "sigmoid" ? "classes" : "values";
}

/** A file of the playground has its settings. */
function studioReading({ made_by, state }: ModelFile["record"], outputs: number): Reading | undefined {
  if (made_by !== "chainrule studio" || typeof state !== "string") return undefined;
  try {
    if (isRegression(fromLink(state))) return "values";
    return outputs === 1 ? "binary" : "classes";
  } catch {
    // Those of another version say nothing.
    return undefined;
  }
}

const plainMeaning = (reading: Reading, last: string | undefined): string =>
  ({
    classes:
      last === "softmax"
        ? "the outputs are the probabilities of the classes"
        : "probabilities = softmax(outputs), if the outputs are logits of classes; the file does not say what they are",
    binary: `probability of class 1 = ${last === "sigmoid" ? "output" : "σ(output)"}`,
    values: "the outputs are values; the file does not say of what",
  })[reading];

function classesOf(table: TableModel | undefined, reading: Reading, outputs: number): readonly string[] {
  if (table?.target.classes !== undefined) return table.target.classes.map((name) => label(name));
  if (reading === "values") return [];
  return Array.from({ length: reading === "binary" ? 2 : outputs }, (_, k) => `${k}`);
}
