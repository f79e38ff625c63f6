/** The matrix product as a plain triple loop: sums in order of k, rounded to the dtype after every operation. */

import { reachOf } from "../../loop/dag.ts";
import type { MatrixView, Product } from "../../loop/ir.ts";
import type { DType, TypedArray } from "../../tensor/dtype.ts";
import { type Action, compileExpressions, type Frame } from "./expression.ts";

type MultiplyAdd = (sum: number, a: number, b: number) => number;

function multiplyAdd(dtype: DType): MultiplyAdd {
  if (dtype === "float32") return (sum, a, b) => Math.fround(sum + Math.fround(a * b));
  if (dtype === "float64") return (sum, a, b) => sum + a * b;
  return (sum, a, b) => (sum + Math.imul(a, b)) | 0;
}

export function compileProduct(product: Product, frame: Frame): Action {
  const { m, n, k, a, b, out } = product;
  const step = multiplyAdd(product.dtype);
  const locate = locator(frame);
  const [matrixA, matrixB, matrixOut] = [locate(a, m, k), locate(b, k, n), locate(out, m, n)];
  return () => {
    const [startA, startB, startOut] = [matrixA.start(), matrixB.start(), matrixOut.start()];
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        let atA = startA + row * a.rowStride;
        let atB = startB + column * b.colStride;
        let sum = 0;
        for (let inner = 0; inner < k; inner++) {
          sum = step(sum, matrixA.view[atA] as number, matrixB.view[atB] as number);
          atA += a.colStride;
          atB += b.rowStride;
        }
        matrixOut.view[startOut + row * out.rowStride + column * out.colStride] = sum;
      }
    }
  };
}

interface Located {
  readonly view: TypedArray;
  /** The index of element (0, 0), once all elements are known to lie in the buffer. */
  readonly start: () => number;
}

const locator =
  (frame: Frame) =>
  (matrix: MatrixView, rows: number, columns: number): Located => {
    const view = frame.view(matrix.buffer);
    const { before, values } = compileExpressions([matrix.offset], frame);
    const [offset] = values;
    const [low, high] = reachOf(matrix, rows, columns);
    const start = (): number => {
      for (const action of before) action();
      const origin = offset ? offset() : 0;
      if (rows > 0 && columns > 0) {
        if (origin + low < 0) throw frame.outOfBounds(matrix.buffer, origin + low);
        if (origin + high >= view.length) throw frame.outOfBounds(matrix.buffer, origin + high);
      }
      return origin;
    };
    return { view, start };
  };
