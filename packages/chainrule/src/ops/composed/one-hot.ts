/** Classes as indicator vectors. */
import { DTypeError, located } from "../../graph/errors.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { iota } from "../iota.ts";

declare module "../../tensor/tensor.ts" {
  interface Tensor {
    /** int32 [..] → float32 [.., classes]: 1 at the position that each integer names, else 0. */
    oneHot(classes: number): Tensor;
  }
}

Tensor.prototype.oneHot = function (classes) {
  if (this.dtype !== "int32") {
    throw new DTypeError(located(`oneHot: takes int32 class numbers, not ${this.dtype}. Convert with .cast("int32").`));
  }
  const column = this.expandDims(-1);
  return column.equal(iota([classes])).cast("float32");
};
