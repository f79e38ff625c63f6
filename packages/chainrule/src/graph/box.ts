/** Boxes: named places for values that live longer than a call, such as parameters and random state. */
import type { Tensor } from "../tensor/tensor.ts";
import { activeTraces, currentTrace } from "./trace.ts";

/**
 * A mutable place for one tensor. Tracing sees a box by identity: a compiled program keeps its value resident and
 * writes it back, a gradient can be taken with respect to it.
 */
export class Box {
  #value: Tensor | (() => Tensor);
  #version = 0;

  constructor(value: Tensor | (() => Tensor)) {
    this.#value = value;
  }

  /** The present value: symbolic inside a trace that compiles or has written the box. */
  get value(): Tensor {
    const traces = activeTraces();
    for (let i = traces.length - 1; i >= 0; i--) {
      const written = traces[i]?.boxes.get(this);
      if (written !== undefined) return written;
    }
    const read = traces[0]?.readBox;
    return read === undefined ? this.concrete : read(this);
  }

  set value(tensor: Tensor) {
    const trace = currentTrace();
    if (trace !== undefined) trace.boxes.set(this, tensor);
    else this.replace(tensor);
  }

  /** @internal The concrete value, fetched from the program that holds it if need be. */
  get concrete(): Tensor {
    if (typeof this.#value === "function") this.#value = this.#value();
    return this.#value;
  }

  /** @internal Changes whenever the value does. */
  get version(): number {
    return this.#version;
  }

  /** @internal Sets the concrete value, or the way to fetch it; gives the new version. */
  replace(value: Tensor | (() => Tensor)): number {
    this.#value = value;
    return ++this.#version;
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
