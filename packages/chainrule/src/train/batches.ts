/** Minibatches: rows gathered on the host into one buffer a batch, the last batch filled up and masked. */
import { copyRows, type Dataset, numbersOf } from "../data/dataset.ts";
import { allocate, type DType, type TypedArray } from "../tensor/dtype.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import { fromData, type Tensor } from "../tensor/tensor.ts";

/** A minibatch. Always of full size: the rows that fill up the last one have weight 0. */
export interface Batch {
  readonly x: Tensor;
  readonly y: Tensor;
  /** [batch]: the weight of each example. */
  readonly weights: Tensor;
}

/** Rows of a tensor, gathered into a buffer that is used again for every batch. */
class Gatherer {
  readonly #source: TypedArray;
  readonly #row: number;
  readonly #buffer: TypedArray;
  readonly #shape: Shape;
  readonly #dtype: DType;

  constructor(source: Tensor, size: number) {
    this.#source = numbersOf(source);
    const row = source.shape.slice(1);
    this.#row = sizeOf(row);
    this.#shape = [size, ...row];
    this.#dtype = source.dtype;
    this.#buffer = allocate(source.dtype, size * this.#row);
  }

  gather(rows: Int32Array): Tensor {
    copyRows(this.#source, this.#row, rows, this.#buffer);
    // A new tensor, since a program takes the numbers of one that it has seen as known.
    return fromData(this.#buffer, this.#shape, this.#dtype);
  }
}

/**
 * Walks a data set in minibatches of one size. The tensors of a batch are overwritten by the next one; a compiled step
 * has copied them by then.
 */
export class Batches {
  readonly size: number;
  readonly count: number;
  readonly length: number;
  readonly #x: Gatherer;
  readonly #y: Gatherer;
  readonly #rows: Int32Array;
  readonly #weights: Float32Array;
  readonly #exampleWeights: Float32Array | undefined;

  constructor(data: Dataset, batchSize: number, exampleWeights?: Float32Array) {
    this.length = data.length;
    this.size = Math.min(batchSize, data.length);
    this.count = Math.ceil(data.length / this.size);
    this.#x = new Gatherer(data.x, this.size);
    this.#y = new Gatherer(data.y, this.size);
    this.#rows = new Int32Array(this.size);
    this.#weights = new Float32Array(this.size);
    this.#exampleWeights = exampleWeights;
  }

  /** The number of examples in a batch, and their total weight. */
  extent(index: number, order: Int32Array): { readonly count: number; readonly weight: number } {
    const from = index * this.size;
    const count = Math.min(this.size, this.length - from);
    if (this.#exampleWeights === undefined) return { count, weight: count };
    let weight = 0;
    for (let i = 0; i < count; i++) weight += this.#exampleWeights[order[from + i] as number] as number;
    return { count, weight };
  }

  /** Writes the rows of a batch, order[index·size …], and their weights. */
  select(index: number, order: Int32Array, rows: Int32Array, weights: Float32Array): void {
    const from = index * this.size;
    const { count } = this.extent(index, order);
    for (let i = 0; i < this.size; i++) {
      // Where there are no more, the row of the batch before stands in: it is masked, and it is finite.
      rows[i] = order[i < count ? from + i : from + i - this.size] as number;
      weights[i] = i < count ? (this.#exampleWeights?.[rows[i] as number] ?? 1) : 0;
    }
  }

  /** The batch of rows order[index·size …]. */
  batch(index: number, order: Int32Array): Batch {
    this.select(index, order, this.#rows, this.#weights);
    const [x, y] = [this.#x.gather(this.#rows), this.#y.gather(this.#rows)];
    return { x, y, weights: fromData(this.#weights, [this.size], "float32") };
  }
}
