/** Means, variances, norms and the stable exponentials. */
import { formatShape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { checkAxes, checkDTypes, shapeError } from "../define.ts";
import type { Axis, ReduceOptions } from "../reduction.ts";
import { where } from "../select.ts";

declare module "../../tensor/tensor.ts" {
  interface Tensor {
    /** Mean along axes (default: all). */
    mean(axis?: Axis, options?: ReduceOptions): Tensor;
    /** Mean squared deviation from the mean along axes, in two passes, so that a large mean does no harm. */
    variance(axis?: Axis, options?: ReduceOptions): Tensor;
    /** log Σ eˣ along axes (default: all), without overflow. */
    logSumExp(axis?: Axis, options?: ReduceOptions): Tensor;
    /** eˣ / Σ eˣ along an axis (default: last), without overflow. */
    softmax(axis?: number): Tensor;
    /** log(softmax(x)), accurate where the softmax is nearly 0 or 1. */
    logSoftmax(axis?: number): Tensor;
    /** Whether all elements along axes (default: all) are true; so they are where there is none. */
    all(axis?: Axis): Tensor;
    /** Whether any element along axes (default: all) is true. */
    any(axis?: Axis): Tensor;
  }
}

const count = (x: Tensor, axes: readonly number[]): number =>
  axes.reduce((n, axis) => n * (x.shape[axis] as number), 1);

Tensor.prototype.mean = function (axis, options) {
  checkDTypes("mean", "float", [this]);
  const axes = checkAxes("mean", axis, this.shape);
  return this.sum(axes, options).div(count(this, axes));
};

Tensor.prototype.variance = function (axis, options) {
  checkDTypes("variance", "float", [this]);
  const axes = checkAxes("variance", axis, this.shape);
  return this.sub(this.mean(axes, { keepDims: true }))
    .square()
    .mean(axes, options);
};

/** The maximum to subtract before exponentials; a constant for derivatives, and 0 where it is infinite. */
function shift(name: string, x: Tensor, axes: readonly number[]): Tensor {
  if (axes.some((axis) => x.shape[axis] === 0)) {
    throw shapeError(name, `shape ${formatShape(x.shape)} has no elements along the axis, so there is no ${name}.`);
  }
  const most = x.max(axes, { keepDims: true }).stopGradient();
  return where(most.isFinite(), most, 0);
}

Tensor.prototype.logSumExp = function (axis, options) {
  checkDTypes("logSumExp", "float", [this]);
  const axes = checkAxes("logSumExp", axis, this.shape);
  const most = shift("logSumExp", this, axes);
  const result = this.sub(most).exp().sum(axes, { keepDims: true }).log().add(most);
  return options?.keepDims === true ? result : result.reshape(this.shape.filter((_, i) => !axes.includes(i)));
};

Tensor.prototype.softmax = function (axis = -1) {
  checkDTypes("softmax", "float", [this]);
  const axes = checkAxes("softmax", axis, this.shape);
  const e = this.sub(shift("softmax", this, axes)).exp();
  return e.div(e.sum(axes, { keepDims: true }));
};

Tensor.prototype.logSoftmax = function (axis = -1) {
  checkDTypes("logSoftmax", "float", [this]);
  const axes = checkAxes("logSoftmax", axis, this.shape);
  const shifted = this.sub(shift("logSoftmax", this, axes));
  return shifted.sub(shifted.exp().sum(axes, { keepDims: true }).log());
};

Tensor.prototype.all = function (axis) {
  checkDTypes("all", "bool", [this]);
  return this.cast("int32").product(axis).notEqual(0);
};

Tensor.prototype.any = function (axis) {
  checkDTypes("any", "bool", [this]);
  return this.not().all(axis).not();
};
