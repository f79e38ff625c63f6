/** What users hold: an immutable array of numbers of one dtype, known (on the host) or symbolic (while tracing). */
import { allocate, type DType, type TypedArray } from "./dtype.ts";
import { formatShape, type Shape, sizeOf } from "./shape.ts";

/** The value of a tensor that is being traced; it has a shape and a dtype and no numbers yet. */
export interface Symbolic {
  /** The error for an attempt to use the numbers, for example in a JavaScript `if`. */
  readError(attempt: string): Error;
}

/** The numbers, a way to them that may refuse (see `reuseResults` of `compile`), or the traced value. */
type Payload = TypedArray | (() => TypedArray) | Symbolic;

/** Numbers as nested arrays, as deep as the tensor's rank; a plain number for a scalar, true or false for bool. */
export type NestedArray = number | boolean | NestedArray[];

/**
 * An n-dimensional array. Operations are methods and return new tensors; nothing needs to be freed.
 *
 * Inside a function that is being traced (by `grad`, `vmap`, `compile` …) a tensor is symbolic: it can be computed
 * with, but not read.
 */
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly #payload: Payload;

  /** @internal Takes ownership of the payload; `tensor(…)` is the public way to make one. */
  constructor(shape: Shape, dtype: DType, payload: Payload) {
    this.shape = shape;
    this.dtype = dtype;
    this.#payload = payload;
  }

  /** @internal The numbers, row-major, or the traced value. Never written to. */
  get payload(): TypedArray | Symbolic {
    return typeof this.#payload === "function" ? this.#payload() : this.#payload;
  }

  /** Number of dimensions. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The numbers as a new typed array, row-major (bool: a Uint8Array of 0 and 1). */
  async data(): Promise<TypedArray> {
    return this.dataSync();
  }

  /** `data`, at once. Host targets only. */
  dataSync(): TypedArray {
    return this.#numbers("read its data").slice();
  }

  /** The numbers as nested arrays; a scalar gives a number. */
  async array(): Promise<NestedArray> {
    return this.arraySync();
  }

  /** `array`, at once. Host targets only. */
  arraySync(): NestedArray {
    return nest(this.#numbers("read it as an array"), this.shape, this.dtype === "bool");
  }

  /** The one number of a tensor with one element (bool: 0 or 1). */
  async item(): Promise<number> {
    return this.itemSync();
  }

  /** `item`, at once. Host targets only. */
  itemSync(): number {
    const numbers = this.#numbers("read its value");
    if (numbers.length !== 1) {
      throw new RangeError(
        `item() reads a tensor of one element, and this one has shape ${formatShape(this.shape)}. ` +
          "Use array() or data(), or reduce it first, for example with sum().",
      );
    }
    return numbers[0] as number;
  }

  /** Called by JavaScript for `if (x > 0)`, `+x`, `${x}`: the number of a concrete one-element tensor, else an error. */
  [Symbol.toPrimitive](hint: string): number | string {
    if (hint === "string") return this.toString();
    const numbers = this.#numbers("use it as a JavaScript number or condition");
    if (numbers.length === 1) return numbers[0] as number;
    throw new TypeError(
      `JavaScript's operators (+, −, <, …) work with numbers, not with a tensor of shape ${formatShape(this.shape)}. ` +
        "Use its methods: add, sub, mul, less and so on.",
    );
  }

  toString(): string {
    const head = `Tensor(${this.dtype}${formatShape(this.shape)})`;
    return isConcrete(this)
      ? `${head} ${formatNumbers(this.payload, this.shape, this.dtype === "bool")}`
      : `${head} traced`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  #numbers(attempt: string): TypedArray {
    if (isConcrete(this)) return this.payload as TypedArray;
    throw (this.payload as Symbolic).readError(attempt);
  }
}

export const isConcrete = (t: Tensor): t is Tensor & { readonly payload: TypedArray } => ArrayBuffer.isView(t.payload);

function nest(numbers: TypedArray, shape: Shape, boolean: boolean): NestedArray {
  let position = 0;
  const build = (depth: number): NestedArray => {
    if (depth === shape.length) {
      const value = numbers[position++] as number;
      return boolean ? value !== 0 : value;
    }
    return Array.from({ length: shape[depth] as number }, () => build(depth + 1));
  };
  return build(0);
}

/** The most characters of numbers that `toString` shows. */
const SHOWN = 200;

/** The numbers as nested brackets, cut where they get long; what follows there is not looked at. */
function formatNumbers(numbers: TypedArray, shape: Shape, boolean: boolean): string {
  let [text, position] = ["", 0];
  const write = (depth: number): void => {
    if (depth === shape.length) {
      const value = numbers[position++] as number;
      text += boolean ? value !== 0 : Object.is(value, -0) ? "-0" : value;
      return;
    }
    text += "[";
    for (let i = 0; i < (shape[depth] as number) && text.length <= SHOWN; i++) {
      if (i > 0) text += ",";
      write(depth + 1);
    }
    text += "]";
  };
  write(0);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

/** @internal A concrete tensor that owns `numbers`. */
export const fromData = (numbers: TypedArray, shape: Shape, dtype: DType): Tensor => new Tensor(shape, dtype, numbers);

/** @internal A concrete scalar. */
export function scalar(value: number, dtype: DType): Tensor {
  const numbers = allocate(dtype, 1);
  numbers[0] = value;
  return fromData(numbers, [], dtype);
}
