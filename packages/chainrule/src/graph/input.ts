/** What operations do with an input that is no tensor. */
import { describeValue } from "../tensor/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { located } from "./errors.ts";

/**
 * Refuses what is no tensor where one is needed.
 *
 * @param what the place, such as "input 1" or "the condition"
 * @throws TypeError that names the operation, the place and the mend
 */
export function requireTensor(operation: string, what: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  const mend =
    typeof value === "number" || typeof value === "boolean" || Array.isArray(value) || ArrayBuffer.isView(value);
  throw new TypeError(
    located(
      `${operation}: ${what} is ${describeValue(value)}, not a tensor${mend ? "; make one with tensor(…)" : ""}.`,
    ),
  );
}

/** Refuses what is no function. @throws TypeError */
export function requireFunction(operation: string, value: unknown): void {
  if (typeof value !== "function") {
    throw new TypeError(located(`${operation}: takes a function, not ${describeValue(value)}.`));
  }
}
