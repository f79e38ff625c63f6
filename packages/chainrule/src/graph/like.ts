/** Trees that must be like another: tangents like the arguments, cotangents like the results. */
import { describeValue } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type FlatTree, flatten, type Structure } from "../tensor/tree.ts";
import { DTypeError, located, ShapeError } from "./errors.ts";
import { isDifferentiable } from "./trace.ts";

/**
 * The tensors of a tree of tangents or cotangents, in the order of the tree that it must be like. Entries of objects are
 * matched by key, whatever their order.
 *
 * @throws ShapeError or DTypeError that names the place where the two trees differ
 */
export function leavesLike(what: string, wanted: FlatTree, tree: unknown): Tensor[] {
  const leaves: Tensor[] = [];
  const walk = (structure: Structure, node: unknown, path: string): void => {
    if (structure.kind === "static") return;
    if (structure.kind === "leaf") {
      leaves.push(leafLike(what, wanted.leaves[leaves.length] as Tensor, node, path));
      return;
    }
    const keys = structure.kind === "object" ? structure.keys : structure.items.map((_, i) => i);
    const given: object = typeof node === "object" && node !== null && !(node instanceof Tensor) ? node : {};
    const odd = Object.keys(given).find((key) => !keys.some((k) => String(k) === key));
    if (odd !== undefined) throw new ShapeError(located(`${what} has an entry ${join(path, odd)} too many.`));
    structure.items.forEach((item, i) => {
      const key = keys[i] as number | string;
      walk(item, (given as Record<string, unknown>)[key], join(path, key));
    });
  };
  walk(wanted.structure, tree, "");
  return leaves;
}

const join = (path: string, key: number | string): string =>
  /^\d+$/.test(String(key)) ? `${path}[${key}]` : `${path}.${key}`;

function leafLike(what: string, wanted: Tensor, node: unknown, path: string): Tensor {
  const place = path === "" ? "" : ` at ${path}`;
  const { leaves, structure } = flatten(node);
  const [leaf] = leaves;
  if (structure.kind !== "leaf" || leaf === undefined) {
    const found = structure.kind === "static" ? describeValue(structure.value) : `an ${structure.kind}`;
    throw new ShapeError(
      located(`${what} is ${found}${place}, where a tensor of shape ${formatShape(wanted.shape)} is needed.`),
    );
  }
  if (!sameShape(leaf.shape, wanted.shape)) {
    throw new ShapeError(
      located(`${what} has shape ${formatShape(leaf.shape)}${place}, but ${formatShape(wanted.shape)} is needed.`),
    );
  }
  if (isDifferentiable(wanted) && leaf.dtype !== wanted.dtype) {
    throw new DTypeError(
      located(
        `${what} is ${leaf.dtype}${place}, but ${wanted.dtype} is needed; convert with .cast("${wanted.dtype}").`,
      ),
    );
  }
  return leaf;
}
