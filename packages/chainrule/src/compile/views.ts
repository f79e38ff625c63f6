/** Strided views: transposes, slices and repetitions that a matrix product can read in place. */
import type { Node } from "../graph/node.ts";
import { avalOf } from "../graph/node.ts";
import { stridesOf } from "../tensor/shape.ts";

/** Element `index` of the node is element offset + Σ indexᵢ·strideᵢ of the base. */
export interface View {
  readonly base: Node;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** The node as a view of the first node below it that has a buffer, or is not a view itself. */
export function viewOf(node: Node, isStored: (node: Node) => boolean = () => false): View {
  const { shape } = avalOf(node);
  const own: View = { base: node, offset: 0, strides: stridesOf(shape) };
  const source = node.inputs[0];
  if (source === undefined || isStored(node)) return own;
  const from = avalOf(source).shape;
  switch (node.op.name) {
    case "transpose": {
      const { base, offset, strides } = viewOf(source, isStored);
      return { base, offset, strides: (node.attrs.permutation as number[]).map((axis) => strides[axis] as number) };
    }
    case "broadcast": {
      const { base, offset, strides } = viewOf(source, isStored);
      const lead = shape.length - from.length;
      return {
        base,
        offset,
        strides: shape.map((n, i) => (i < lead || from[i - lead] !== n ? 0 : (strides[i - lead] as number))),
      };
    }
    case "slice": {
      const { base, offset, strides } = viewOf(source, isStored);
      const { start, step } = node.attrs as { start: number[]; step: number[] };
      return {
        base,
        offset: strides.reduce((sum, stride, i) => sum + stride * (start[i] as number), offset),
        strides: strides.map((stride, i) => stride * (step[i] as number)),
      };
    }
    case "reshape": {
      const { base, offset, strides } = viewOf(source, isStored);
      return isRowMajor(strides, from) ? { base, offset, strides: stridesOf(shape) } : own;
    }
    default:
      return own;
  }
}

/** Whether strides visit the elements in order; the stride of an extent of 1 does not matter. */
const isRowMajor = (strides: readonly number[], shape: readonly number[]): boolean =>
  stridesOf(shape).every((stride, i) => shape[i] === 1 || stride === strides[i]);
