/** Orthonormal vectors out of linearly independent ones. */
import { zeros } from "../ops/constant.ts";
import { iota } from "../ops/iota.ts";
import { scan } from "../ops/scan.ts";
import { where } from "../ops/select.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * The rows of a [k, n], k ≤ n, made orthonormal one after another: Qᵀ of the factorization aᵀ = Q·R in which R has a positive
 * diagonal. By the method of Gram and Schmidt, in which each row is projected twice: once leaves it oblique where rows are
 * nearly dependent, twice is enough (L. Giraud, J. Langou and M. Rozložník, "The loss of orthogonality in the Gram–Schmidt
 * orthogonalization process", 2005).
 */
export function orthonormalRows(a: Tensor): Tensor {
  const [k, n] = a.shape as [number, number];
  const numbers = iota([k, 1]);
  const [q] = scan(
    (done: Tensor, { row, at }) => {
      const rest = (v: Tensor): Tensor => v.sub(done.matmul(v).matmul(done));
      const left = rest(rest(row));
      const unit = left.div(left.square().sum().sqrt());
      return [where(numbers.equal(at), unit, done), null];
    },
    zeros([k, n], a.dtype),
    { row: a, at: iota([k]) },
  );
  return q as Tensor;
}
