/** Boxes: named places for values that live longer than a call, such as parameters and random state. */
import { formatShape, sameShape } from "../tensor/shape.ts";
import { isConcrete, type Symbolic, Tensor } from "../tensor/tensor.ts";
import { ChainruleError, located } from "./errors.ts";
import type { Aval } from "./node.ts";
import { activeTraces, currentTrace, type Trace } from "./trace.ts";

/**
 * A mutable place for one tensor, of one shape and dtype. Tracing sees a box by identity: a compiled program keeps its
 * value resident and writes it back, a gradient can be taken with respect to it.
 */
export class Box {
  #value: Tensor | (() => Tensor);
  #version = 0;
  /** What the box holds, once that is known; programs reserve a place of this size for it. */
  #aval: Aval | undefined;

  constructor(value: Tensor | (() => Tensor)) {
    this.#value = value;
    this.#note(value);
  }

  /** The present value: symbolic inside a trace that compiles or has written the box. */
  get value(): Tensor {
    const traces = activeTraces();
    for (let i = traces.length - 1; i >= 0; i--) {
      const trace = traces[i] as Trace;
      const known = trace.boxes.get(this) ?? trace.readBox?.(this);
      if (known !== undefined) return known;
    }
    return this.concrete;
  }

  set value(tensor: Tensor) {
    if (!(tensor instanceof Tensor)) throw new TypeError(`A box holds a tensor, not ${String(tensor)}; use tensor(…).`);
    this.#check(tensor);
    const trace = currentTrace();
    if (trace !== undefined) trace.boxes.set(this, tensor);
    else if (isConcrete(tensor)) this.replace(tensor);
    else throw (tensor.payload as Symbolic).readError("store it");
  }

  /** @internal The concrete value, fetched from the program that holds it if need be. */
  get concrete(): Tensor {
    if (typeof this.#value === "function") {
      this.#value = this.#value();
      this.#note(this.#value);
    }
    return this.#value;
  }

  /** @internal Changes whenever the value does. */
  get version(): number {
    return this.#version;
  }

  /** @internal Sets the concrete value, or the way to fetch it; gives the new version. */
  replace(value: Tensor | (() => Tensor)): number {
    this.#value = value;
    this.#note(value);
    return ++this.#version;
  }

  #note(value: Tensor | (() => Tensor)): void {
    if (value instanceof Tensor) this.#aval = { shape: value.shape, dtype: value.dtype };
  }

  /** @throws ChainruleError unless the tensor has the type that the box has */
  #check({ shape, dtype }: Tensor): void {
    const held = this.#aval;
    if (held === undefined || (held.dtype === dtype && sameShape(held.shape, shape))) return;
    throw new ChainruleError(
      located(
        `A box that holds ${held.dtype}${formatShape(held.shape)} cannot take ${dtype}${formatShape(shape)}: a box keeps its ` +
          "shape and dtype. Make a new Box for another, or convert the value.",
      ),
    );
  }
}

/** Runs `f` with boxes holding other values (in the innermost trace), then puts back what they held. */
export function withBoxes<T>(boxes: readonly Box[], values: readonly Tensor[], f: () => T): T {
  const trace = currentTrace();
  if (trace === undefined) throw new Error("withBoxes works inside a trace only");
  const before = boxes.map((box) => trace.boxes.get(box));
  boxes.forEach((box, i) => {
    trace.boxes.set(box, values[i] as Tensor);
  });
  try {
    return f();
  } finally {
    boxes.forEach((box, i) => {
      const value = before[i];
      if (value === undefined) trace.boxes.delete(box);
      else trace.boxes.set(box, value);
    });
  }
}
