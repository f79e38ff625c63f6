/** Methods composed of a few primitives. */
import { isFloat } from "../../tensor/dtype.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Operand, operand } from "../operands.ts";
import { where } from "../select.ts";

declare module "../../tensor/tensor.ts" {
  interface Tensor {
    /** x². */
    square(): Tensor;
    /**
     * Whether x > y (false for NaN), as a bool tensor for `where` and `cond`. A tensor is an object, which a JavaScript
     * `if` takes as true whatever it holds: outside of traced functions write `if (x.greater(y).itemSync())`.
     */
    greater(other: Operand): Tensor;
    /** Whether x ≥ y (false for NaN). */
    greaterEqual(other: Operand): Tensor;
    /** Whether x is NaN. */
    isNaN(): Tensor;
    /** Whether x is neither infinite nor NaN. */
    isFinite(): Tensor;
    /** x limited to [low, high]. */
    clip(low: number, high: number): Tensor;
    /** 1 / x. */
    reciprocal(): Tensor;
    /** max(0, x), with derivative 0 at 0; NaN stays NaN. */
    relu(): Tensor;
  }
}

Tensor.prototype.square = function () {
  return this.mul(this);
};
Tensor.prototype.greater = function (other) {
  return operand(other, this.dtype, "greater").less(this);
};
Tensor.prototype.greaterEqual = function (other) {
  return operand(other, this.dtype, "greaterEqual").lessEqual(this);
};
Tensor.prototype.isNaN = function () {
  return this.notEqual(this);
};
Tensor.prototype.isFinite = function () {
  return isFloat(this.dtype) ? this.abs().less(Number.POSITIVE_INFINITY) : this.equal(this);
};
Tensor.prototype.clip = function (low, high) {
  return this.maximum(low).minimum(high);
};
Tensor.prototype.reciprocal = function () {
  return operand(1, this.dtype, "reciprocal").div(this);
};
Tensor.prototype.relu = function () {
  return where(this.lessEqual(0), 0, this);
};
