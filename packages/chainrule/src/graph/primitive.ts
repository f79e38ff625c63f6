/** What a primitive is: one record holds everything about an operation. The files of `ops/` fill it in. */
import type { ExprPool } from "../loop/build.ts";
import type { Expr, Step, Stmt } from "../loop/ir.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Attrs, Aval, Graph } from "./node.ts";

/** What a lowering rule knows of the node that it lowers. */
export interface LoweringContext<A> {
  readonly attrs: A;
  readonly inputs: readonly Aval[];
  readonly output: Aval;
}

/** A buffer as lowering rules see it. */
export interface BufferRef extends Aval {
  readonly id: number;
}

/** What lowering rules of control flow can ask of the compiler. */
export interface StepBuilder {
  /**
   * Compiles a subgraph on the given buffers; the results are in the buffers that come back. `updates` names outputs, by
   * position, that are the next value of an input: they are in that input's buffer already where that could be done.
   */
  graph(
    graph: Graph,
    inputs: readonly BufferRef[],
    updates?: ReadonlyMap<number, number>,
  ): { readonly steps: readonly Step[]; readonly outputs: readonly BufferRef[] };
  /** A new buffer of the arena, alive as long as the node's own steps. */
  temporary(aval: Aval): BufferRef;
  copy(from: BufferRef, to: BufferRef): Step;
  /** to ← from[index] along the first axis, `index` an int32 scalar; or to[index] ← from. */
  read(from: BufferRef, index: BufferRef, to: BufferRef): Step;
  write(from: BufferRef, to: BufferRef, index: BufferRef): Step;
}

/** How an operation is computed, in terms of the loop IR. */
export type Lowering<A> =
  | {
      /** Each element of the output is an expression over elements of the inputs; can be fused into its consumer. */
      readonly kind: "pull";
      /** Scalar operations an element takes; 0 for an operation that only moves data. */
      readonly cost: number;
      /** Each output element reads just the elements with its own index. */
      readonly pointwise: boolean;
      element(
        k: ExprPool,
        index: readonly Expr[],
        read: (input: number, index: readonly Expr[]) => Expr,
        context: LoweringContext<A>,
      ): Expr;
    }
  | {
      /** A reduction of input 0 over `attrs.axes`. */
      readonly kind: "reduce";
      readonly combine: "add" | "mul" | "min" | "max";
    }
  /** The matrix product of the last two axes. */
  | { readonly kind: "product" }
  | {
      /** Statements of its own; inputs and output are whole buffers. */
      readonly kind: "loops";
      body(k: ExprPool, inputs: readonly BufferRef[], output: BufferRef, context: LoweringContext<A>): Stmt[];
    }
  | {
      /** Control flow over subgraphs. */
      readonly kind: "steps";
      steps(build: StepBuilder, inputs: readonly BufferRef[], outputs: readonly BufferRef[], attrs: A): Step[];
      /**
       * Results, by position, that a loop carries along, and the inputs that they begin with: the two may be one buffer.
       */
      carried?(attrs: A): ReadonlyMap<number, number>;
    }
  /** Inlined, or bound to memory, before lowering: inputs, results of control flow, functions with their own gradient. */
  | { readonly kind: "structural" };

/** Inputs on which the generated tests exercise a primitive. */
export interface Sample {
  readonly inputs: readonly Tensor[];
  readonly attrs?: Attrs;
  /** False where the derivative is not defined or not finite at these inputs. Default true. */
  readonly differentiable?: boolean;
}

/**
 * The transforms, for the rules of operations that hold subgraphs. "Differentiable" means of a float dtype; only such
 * inputs and outputs have tangents and cotangents.
 */
export interface GraphTransforms {
  /** Inputs: the graph's, then tangents of the active ones. Outputs: the graph's, then tangents of the differentiable. */
  jvp(graph: Graph, active: readonly boolean[]): Graph;
  /** Inputs: the graph's, then cotangents of its differentiable outputs. Outputs: cotangents of the wanted inputs. */
  vjp(graph: Graph, wanted: readonly boolean[]): Graph;
  /** The graph on inputs with a leading batch axis where `batched`. Outputs that do not vary stay as they are. */
  vmap(
    graph: Graph,
    batched: readonly boolean[],
    size: number,
    force?: readonly boolean[],
  ): {
    readonly graph: Graph;
    readonly batched: readonly boolean[];
  };
}

/** The result of a rule: null stands for a zero tangent or cotangent. */
export type MaybeTensor = Tensor | null;

export interface Primitive<A extends Attrs = Attrs> {
  readonly name: string;
  /** One line; appears in the table of operations. The built library has neither it nor `onnx` and `samples`. */
  readonly doc: string;
  /** The nearest ONNX operator; null where ONNX has none. */
  readonly onnx: string | null;
  /** The shape and dtype of the result, or of each of several. @throws ShapeError, DTypeError */
  infer(inputs: readonly Aval[], attrs: A): Aval | readonly Aval[];
  readonly lowering: Lowering<A>;
  /** Tangent of each result from the tangents of the inputs. Absent: see `transpose`, `linear`. */
  jvp?(
    primals: readonly Tensor[],
    tangents: readonly MaybeTensor[],
    outputs: readonly Tensor[],
    attrs: A,
    transforms: GraphTransforms,
  ): MaybeTensor[];
  /** Inputs in which the result is jointly linear; the tangent is then the operation on their tangents. */
  linear?(inputs: readonly Aval[], attrs: A): readonly number[];
  /**
   * For an input in which the result is linear (others fixed): the transpose of that linear map at `cotangent`. null:
   * the result does not depend on the input smoothly. An operation without it is transposed by way of its `jvp`.
   */
  transpose?(cotangent: Tensor, input: number, inputs: readonly Tensor[], output: Tensor, attrs: A): MaybeTensor;
  /**
   * A rule of its own for reverse mode: the cotangent of each input that is `needed`. For elementwise operations it
   * follows from the partial derivatives; others have one where the backward pass needs residuals of its own.
   */
  vjp?(
    primals: readonly Tensor[],
    outputs: readonly Tensor[],
    cotangents: readonly MaybeTensor[],
    attrs: A,
    needed: readonly boolean[],
    transforms: GraphTransforms,
  ): MaybeTensor[];
  /** The operation on inputs of which some have a leading batch axis; the results have it too. */
  batch(
    inputs: readonly Tensor[],
    batched: readonly boolean[],
    size: number,
    attrs: A,
    transforms: GraphTransforms,
  ): Tensor[];
  /**
   * How to carry it out on concrete tensors, where that is not to run its lowering: operations with subgraphs, and what
   * takes no program. undefined: by its lowering after all.
   */
  evaluate?(inputs: readonly Tensor[], attrs: A): Tensor[] | undefined;
  /** The result has no derivative (it is constant almost everywhere, or not a number): tangents stop here. */
  readonly nondifferentiable?: boolean;
  /** A comparison or an operation of logic, which users may take for the condition of a JavaScript `if`. */
  readonly condition?: boolean;
  /** @throws nothing; at least one, or the build fails. */
  samples(): readonly Sample[];
}
