/** A model of rows: a network with all that happens to a row before it and to its outputs after it. */
import { type Compiled, compile } from "../compile/index.ts";
import { inRowBlocks } from "../data/row-blocks.ts";
import { evaluation, initialize, type Layer, Module } from "../nn/index.ts";
import { checkNumber, checkOptions, describeValue, type JsonObject } from "../tensor/options.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";
import { type EncodingNote, TableEncoder } from "./encoder.ts";
import { Fields } from "./json.ts";
import { type Row, Table } from "./table.ts";
import { type Decoded, TargetEncoder } from "./target.ts";
import type { TargetTask } from "./target-task.ts";

/** Of what `config` gives; a file with a higher one is refused. */
const VERSION = 1;

/**
 * Rows computed at a time, always: a program for one number of rows may round otherwise than one for another, and a row's
 * prediction must not depend on how many there are.
 */
const BLOCK = 256;

export interface TableModelParts {
  /** From features, [rows, features], to logits or standardized numbers, [rows, outputs]. */
  readonly network: Module<[Tensor], Tensor>;
  readonly input: TableEncoder;
  readonly target: TargetEncoder;
}

export interface TablePredictOptions {
  /** Of two classes the second is predicted where its probability is above it; default 0.5. */
  readonly threshold?: number;
}

/** Predictions for rows, in their order. */
export interface TablePrediction extends Decoded {
  /** The network's outputs, as metrics and losses take them: float32 [rows, outputs]. */
  readonly outputs: Tensor;
  /** What was strange about the rows. */
  readonly notes: readonly EncodingNote[];
  /** Columns of the table that the model does not use. */
  readonly ignored: readonly string[];
}

/**
 * A network that takes rows as they come from a file, and predicts classes by name or values on their own scale. Train
 * `network` on `input.apply(rows)` and `target.encode(column)`. `saveModel` keeps all of it in one file, and `loadModel` and
 * `loadTableModel` of chainrule/io give back a model that predicts the same bits.
 *
 * @example
 * ```ts
 * import { dense } from "chainrule/nn";
 * import { inferColumns, Table, TableEncoder, TableModel, TargetEncoder } from "chainrule/table";
 * const table = Table.fromRows([{ size: 1, kind: "a" }, { size: 2, kind: "b" }, { size: 3, kind: "b" }, { size: 4, kind: "a" }]);
 * const input = TableEncoder.fit(table, inferColumns(table, { target: "kind" }));
 * const target = TargetEncoder.fit("kind", table.column("kind"));
 * const model = new TableModel({ network: dense(input.features.length, target.outputs), input, target });
 * const { classes, probabilities } = await model.predict([{ size: 2.5 }]);
 * ```
 */
export class TableModel extends Module {
  static readonly type = "tableModel";
  readonly network: Module<[Tensor], Tensor>;
  readonly input: TableEncoder;
  readonly target: TargetEncoder;
  readonly #outputs: Compiled<[Tensor], Tensor>;

  constructor({ network, input, target }: TableModelParts) {
    super();
    if (!((network as unknown) instanceof Module)) {
      throw new TypeError(
        `TableModel: the network must be a model such as sequential(…); it is ${describeValue(network)}.`,
      );
    }
    if (!((input as unknown) instanceof TableEncoder) || !((target as unknown) instanceof TargetEncoder)) {
      throw new TypeError("TableModel: needs { network, input: a TableEncoder, target: a TargetEncoder }.");
    }
    this.network = network;
    this.input = input;
    this.target = target;
    this.#outputs = compile((x: Tensor) => evaluation(() => this.forward(x)));
  }

  get task(): TargetTask {
    return this.target.task;
  }

  /** From encoded rows, [rows, features], to the network's outputs. */
  forward(x: Tensor): Tensor {
    return this.network(x);
  }

  /**
   * Predictions for raw rows, whose other columns, the target too, are ignored. What is predicted for a row does not depend on
   * the rows beside it, to the last bit.
   *
   * @throws DataError for a missing column, CellError for an infinite number; RangeError for a threshold that is none
   */
  async predict(rows: Table | readonly Row[], options: TablePredictOptions = {}): Promise<TablePrediction> {
    checkOptions("TableModel.predict", options, ["threshold"]);
    const threshold = checkNumber("TableModel.predict", "threshold", options.threshold ?? 0.5, { least: 0, most: 1 });
    const { x, notes, ignored } = this.input.encode(this.#tableOf(rows));
    const outputs = this.outputs(x);
    return { ...this.target.decode(outputs, threshold), outputs, notes, ignored };
  }

  /** The network's outputs, float32 [rows, outputs], for encoded rows, in evaluation mode. */
  outputs(x: Tensor): Tensor {
    if (x.shape[0] === 0) return fromData(new Float32Array(0), [0, this.target.outputs], "float32");
    initialize(this, { missingOnly: true });
    return inRowBlocks((block) => this.#outputs(block) as Tensor, x, BLOCK);
  }

  override config(): JsonObject {
    return { version: VERSION, input: this.input.toJSON(), target: this.target.toJSON() };
  }

  #tableOf(rows: Table | readonly Row[]): Table {
    if (rows instanceof Table) return rows;
    if (!Array.isArray(rows)) {
      throw new TypeError(`TableModel.predict: takes a Table or an array of rows, not ${describeValue(rows)}.`);
    }
    return rows.length > 0
      ? Table.fromRows(rows)
      : new Table(
          this.input.columns.map(({ name }) => name),
          this.input.columns.map(() => []),
        );
  }
}

/** Makes the model that a file describes. @throws Error for a file of a newer version, or one that is damaged */
export function buildTableModel(config: JsonObject, layers: Readonly<Record<string, Layer>>): TableModel {
  const version = new Fields("tableModel: the config", config).number("version");
  if (version > VERSION) {
    throw new Error(
      `the preprocessing has the version ${version}, and this library reads up to ${VERSION}. Install a newer chainrule.`,
    );
  }
  return new TableModel({
    network: layers.network as Module<[Tensor], Tensor>,
    input: TableEncoder.fromJSON(config.input),
    target: TargetEncoder.fromJSON(config.target),
  });
}
