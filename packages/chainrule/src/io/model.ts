/** Models as safetensors files: parameters and states by their dotted names, the architecture in the metadata. */
import { type AnyModule, type Architecture, build, describe, initialize, Module, params, states } from "../nn/index.ts";
import type { TableModel } from "../table/index.ts";
import { checkOptions, describeValue, type JsonObject } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { FormatError } from "./errors.ts";
import { nameOf, readBytes, type Source, writeBytes } from "./files.ts";
import { decode, encode } from "./safetensors.ts";

const FORMAT = "chainrule";
const VERSION = 1;

export interface SaveOptions {
  /** What belongs to the model, as JSON: the preprocessing, the class names, how it was trained. */
  readonly record?: JsonObject;
  /**
   * Whether `loadModel` must be able to make the model again; default true. With false a model that it cannot make, for
   * example of a class that is not registered, is saved all the same, for `loadWeights`.
   */
  readonly loadable?: boolean;
}

/** What a model file holds. */
export interface ModelFile {
  readonly architecture: Architecture;
  /** What was given as `record` when it was saved, else {}. */
  readonly record: JsonObject;
  /** Parameters and states by their names. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * A model as the bytes of a file, which are also written if a path is given; the file is then replaced as a whole or
 * stays as it was.
 *
 * @param path where to write; undefined, as in a browser, for nowhere
 * @returns the bytes
 * @throws TypeError if the record or a layer's config is not plain JSON, or if the model could not be loaded again; Error
 *   if the file cannot be written
 * @example
 * ```ts
 * import { dense } from "chainrule/nn";
 * import { loadModel, saveModel } from "chainrule/io";
 * const bytes = await saveModel(dense(2, 1));
 * const model = await loadModel(bytes);
 * ```
 */
export async function saveModel(
  model: AnyModule,
  path?: string | URL,
  options: SaveOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (!((model as unknown) instanceof Module))
    throw new TypeError(`saveModel: takes a model, not ${describeValue(model)}.`);
  checkOptions("saveModel", options, ["record", "loadable"]);
  const record = recordText(options.record ?? {});
  const architecture = describe(model);
  if (options.loadable !== false) requireLoadable(model, architecture);
  initialize(model, { missingOnly: true });
  const tensors = Object.fromEntries(
    Object.entries(variables(model)).map(([name, variable]) => [name, variable.value]),
  );
  const bytes = encode(tensors, {
    format: FORMAT,
    format_version: `${VERSION}`,
    architecture: JSON.stringify(architecture),
    record,
  });
  if (path !== undefined) await writeBytes(path, bytes);
  return bytes;
}

/** Better told now than when the model is needed. @throws TypeError */
function requireLoadable(model: AnyModule, architecture: Architecture): void {
  const fail = (why: string): never => {
    throw new TypeError(
      `saveModel: loadModel could not make this model again: ${why} ` +
        "To save it for loadWeights all the same, use the option loadable: false.",
    );
  };
  const again = (): AnyModule => {
    try {
      return build(architecture);
    } catch (error) {
      return fail((error as Error).message);
    }
  };
  const [own, made] = [model, again()].map((m) => Object.keys(variables(m)).sort().join(", "));
  if (own !== made) fail(`it holds ${own}, and made from its description it would hold ${made}.`);
}

const variables = (model: AnyModule) => ({ ...params(model), ...states(model) });

/** @throws TypeError where JSON would fail, or silently lose something */
function recordText(record: JsonObject): string {
  const check = (value: unknown, path: string): void => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return;
    if (typeof value === "number" && Number.isFinite(value)) return;
    if (
      typeof value === "object" &&
      (Array.isArray(value) || typeof (value as { toJSON?: unknown }).toJSON !== "function")
    ) {
      const plain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
      if (plain) {
        for (const [key, item] of Object.entries(value)) check(item, `${path}.${key}`);
        return;
      }
    } else if (typeof value === "object") {
      check((value as { toJSON(): unknown }).toJSON(), path);
      return;
    }
    throw new TypeError(
      `saveModel: ${path} is ${describeValue(value)}, which JSON cannot hold. Use numbers, texts, lists and objects.`,
    );
  };
  check(record, "record");
  return JSON.stringify(record);
}

/**
 * Reads a model file without making the model.
 *
 * @throws FormatError for a file that is damaged, of another kind, or of a newer version
 */
export async function readModelFile(source: Source): Promise<ModelFile> {
  const name = nameOf(source);
  const { tensors, metadata } = decode(await readBytes(source), name);
  const { format, format_version: version } = metadata;
  if (format !== FORMAT) {
    throw new FormatError(
      `${name} is not a model file of Chainrule: its metadata have ${format === undefined ? "no format" : `the format "${format}"`}. ` +
        "If its tensors fit a model, make the model and use loadWeights.",
    );
  }
  if (Number(version) > VERSION) {
    throw new FormatError(
      `${name} has the format version ${version}, and this library reads up to ${VERSION}. Install a newer chainrule.`,
    );
  }
  if (version !== `${VERSION}`)
    throw new FormatError(`${name} has the unknown format version ${JSON.stringify(version)}.`);
  const architecture = parse(name, metadata, "architecture") as unknown as Architecture;
  return { architecture, record: parse(name, metadata, "record"), tensors, metadata };
}

function parse(name: string, metadata: Readonly<Record<string, string>>, key: string): JsonObject {
  try {
    const value: unknown = JSON.parse(metadata[key] ?? "");
    if (typeof value === "object" && value !== null) return value as JsonObject;
  } catch {
    // told below
  }
  throw new FormatError(`${name} is a damaged model file: the ${key} in its metadata is not a JSON object.`);
}

/**
 * Makes the model that a file holds. Layers of one's own must be registered before (`register` of chainrule/nn).
 *
 * @param source a path, a URL, or the bytes of the file
 * @throws FormatError for a file that is damaged, of another kind, or of a newer version, or has layers that are
 *   not registered
 */
export async function loadModel(source: Source): Promise<Module> {
  const { architecture, tensors, metadata } = await readModelFile(source);
  // What makes a model of rows is fetched only for files that hold one: other pages need not carry it.
  if (metadata.architecture?.includes('"tableModel"')) await tables();
  const model = made(nameOf(source), architecture);
  put(nameOf(source), model, tensors);
  return model as Module;
}

const tables = () => import("../table/index.ts");

/**
 * Makes the model of rows that a file holds, with its preprocessing: see `TableModel` of chainrule/table.
 *
 * @param source a path, a URL, or the bytes of the file
 * @throws FormatError for a plain network, and for whatever `loadModel` refuses
 * @example
 * ```ts
 * import { dense } from "chainrule/nn";
 * import { loadTableModel, saveModel } from "chainrule/io";
 * import { inferColumns, Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
 * const table = Table.fromRows([{ x: 1, y: 0.5 }, { x: 2, y: 1.5 }]);
 * const input = TableEncoder.fit(table, inferColumns(table, { target: "y" }));
 * const target = TargetEncoder.fit("y", table.column("y"));
 * const bytes = await saveModel(new TableModel({ network: dense(1, 1), input, target }));
 * (await loadTableModel(bytes)).target.name; // → y
 * ```
 */
export async function loadTableModel(source: Source): Promise<TableModel> {
  const [model, { TableModel }] = [await loadModel(source), await tables()];
  if (model instanceof TableModel) return model;
  throw new FormatError(
    `${nameOf(source)} holds a plain network, without the preprocessing that rows of a table need. ` +
      "Use loadModel and give it tensors, or train and save a TableModel.",
  );
}

function made(file: string, architecture: Architecture): AnyModule {
  try {
    return build(architecture);
  } catch (error) {
    throw new FormatError(`${file} holds a model that cannot be made: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Puts the tensors of a safetensors file, not necessarily one of Chainrule, into a model: each parameter and state gets
 * the tensor of its name. If the file does not fit, the model stays as it was.
 *
 * @returns the model
 * @throws FormatError that lists the names that are missing, too many, or of another shape or dtype
 */
export async function loadWeights<M extends AnyModule>(model: M, source: Source): Promise<M> {
  if (!((model as unknown) instanceof Module))
    throw new TypeError(`loadWeights: takes a model, not ${describeValue(model)}.`);
  const name = nameOf(source);
  put(name, model, decode(await readBytes(source), name).tensors);
  return model;
}

function put(file: string, model: AnyModule, tensors: Readonly<Record<string, Tensor>>): void {
  const own = variables(model);
  const problems: string[] = [];
  const list = (what: string, names: string[]): void => {
    if (names.length > 0) problems.push(`${what}: ${names.join(", ")}`);
  };
  list(
    "missing in the file",
    Object.keys(own).filter((name) => !Object.hasOwn(tensors, name)),
  );
  list(
    "not of the model",
    Object.keys(tensors).filter((name) => !Object.hasOwn(own, name)),
  );
  for (const [name, { shape, dtype }] of Object.entries(own)) {
    const found = tensors[name];
    if (found === undefined || (sameShape(found.shape, shape) && found.dtype === dtype)) continue;
    problems.push(
      `"${name}" is ${found.dtype}${formatShape(found.shape)} in the file and ${dtype}${formatShape(shape)} in the model`,
    );
  }
  if (problems.length > 0) throw new FormatError(`${file} does not fit the model: ${problems.join("; ")}.`);
  for (const [name, variable] of Object.entries(own)) variable.value = tensors[name] as Tensor;
}
