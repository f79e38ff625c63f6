/** How gradients are shared where two values tie. */
import type { Tensor } from "../../tensor/tensor.ts";
import { keepDims } from "../reduction.ts";

/** 1 where `winner` is greater, ½ at a tie, else 0, in the dtype of the inputs. */
export function winnerShare(winner: Tensor, loser: Tensor): Tensor {
  const won = winner.greater(loser).cast(winner.dtype);
  return won.add(winner.equal(loser).cast(winner.dtype).mul(0.5));
}

/** Tangent of a maximum or minimum along axes: the mean of the tangents of the elements that attain it. */
export function tangentOfExtremum(x: Tensor, tangent: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const attained = x.equal(keepDims(y, x, axes)).cast(x.dtype);
  const share = attained.div(attained.sum(axes as number[], { keepDims: true }));
  return tangent.mulz(share).sum(axes as number[]);
}
