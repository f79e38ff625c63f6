/** A loop whose number of steps depends on values. */
import { located, TraceError } from "../graph/errors.ts";
import type { Graph } from "../graph/node.ts";
import type { Primitive } from "../graph/primitive.ts";
import { bindAll, buildGraph, evaluate, isDifferentiable } from "../graph/trace.ts";
import { tensor } from "../tensor/create.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { flatten, type TensorTree, unflatten } from "../tensor/tree.ts";
import { zerosLike } from "./constant.ts";
import {
  copyAll,
  inputAvals,
  outputAvals,
  requireSame,
  requireSameStructure,
  traceBranch,
  withCaptures,
} from "./control.ts";
import { batchAll, example } from "./define.ts";
import { register } from "./registry.ts";
import { where } from "./select.ts";

/** Inputs: initial carries, then constants; both graphs take all of them. `test` gives a bool, `body` new carries. */
interface WhileAttrs {
  readonly test: Graph;
  readonly body: Graph;
  readonly carries: number;
  readonly [key: string]: Graph | number;
}

const op: Primitive = /* @__PURE__ */ register<WhileAttrs>({
  name: "whileLoop",
  doc: "Runs a subgraph while another one gives true.",
  onnx: "Loop",
  infer(inputs, { test, body, carries }) {
    const state = inputs.slice(0, carries);
    const [condition] = outputAvals(test);
    if (condition?.dtype !== "bool" || sizeOf(condition.shape) !== 1) {
      throw new TraceError(located("whileLoop: the test must return one bool of one element, such as x.less(10)."));
    }
    requireSame("whileLoop: the state must keep its type; it starts and ends a step as", state, outputAvals(body));
    return state.map(({ shape, dtype }) => ({ shape, dtype }));
  },
  lowering: {
    kind: "steps",
    carried: ({ carries }) => new Map(Array.from({ length: carries }, (_, i) => [i, i])),
    steps(build, inputs, outputs, { test, body, carries }) {
      const constants = inputs.slice(carries);
      const check = build.graph(test, [...outputs, ...constants]);
      const step = build.graph(body, [...outputs, ...constants], new Map(outputs.map((_, i) => [i, i])));
      return [
        ...copyAll(build.copy, inputs.slice(0, carries), outputs),
        {
          kind: "while",
          test: check.steps,
          condition: check.outputs[0]?.id as number,
          body: [...step.steps, ...copyAll(build.copy, step.outputs, outputs)],
        },
      ];
    },
  },
  evaluate(inputs, { test, body, carries }) {
    const constants = inputs.slice(carries);
    let state = inputs.slice(0, carries);
    while ((evaluate(test, [...state, ...constants])[0] as Tensor).itemSync() !== 0) {
      state = evaluate(body, [...state, ...constants]);
    }
    return [...state];
  },
  jvp(primals, tangents, outputs, { test, body, carries }, transforms) {
    const state = primals.slice(0, carries);
    const constants = primals.slice(carries);
    const dState = state.flatMap((s, i) => (isDifferentiable(s) ? [tangents[i] ?? zerosLike(s)] : []));
    const dConstants = tangents.slice(carries).filter((t) => t !== null);
    const active = [...state.map(isDifferentiable), ...tangents.slice(carries).map((t) => t !== null)];
    const inner = transforms.jvp(body, active);
    const avals = [...state, ...dState, ...constants, ...dConstants];
    const n = state.length + dState.length;
    const step = buildGraph(avals, (...args) => {
      const [s, ds] = [args.slice(0, state.length), args.slice(state.length, n)];
      const [c, dc] = [args.slice(n, n + constants.length), args.slice(n + constants.length)];
      return evaluate(inner, [...s, ...c, ...ds, ...dc]);
    });
    const check = buildGraph(avals, (...args) =>
      evaluate(test, [...args.slice(0, state.length), ...args.slice(n, n + constants.length)]),
    );
    const results = bindAll(op, { test: check, body: step, carries: n }, [
      ...state,
      ...dState,
      ...constants,
      ...dConstants,
    ]);
    const found = results.slice(state.length);
    return outputs.map((y) => (isDifferentiable(y) ? (found.shift() as Tensor) : null));
  },
  vjp() {
    throw new TraceError(
      located(
        "whileLoop: reverse mode needs the values of every step, and how many there are is not known beforehand. " +
          "Use scan, with a fixed number of steps, or forward mode (jvp).",
      ),
    );
  },
  batch(inputs, batched, size, { test, body, carries }, transforms) {
    const inConstants = batched.slice(carries);
    let varies = batched.slice(0, carries);
    for (;;) {
      const testVaries = transforms.vmap(test, [...varies, ...inConstants], size).batched[0] === true;
      const out = transforms.vmap(body, [...varies, ...inConstants], size).batched;
      const next = varies.map((v, i) => v || testVaries || out[i] === true);
      if (next.every((v, i) => v === varies[i])) break;
      varies = next;
    }
    const all = [...varies, ...inConstants];
    const check = transforms.vmap(test, all, size);
    const step = transforms.vmap(body, all, size, varies).graph;
    const state = inputs
      .slice(0, carries)
      .map((s, i) => (varies[i] === true && batched[i] !== true ? (batchAll([s], [false], size)[0] as Tensor) : s));
    const constants = inputs.slice(carries);
    const attrs =
      check.batched[0] === true
        ? untilAllStop(check.graph, step, size, carries)
        : { test: check.graph, body: step, carries };
    const results = bindAll(op, attrs, [...state, ...constants]);
    return results.map((y, i) => (varies[i] === true ? y : (batchAll([y], [false], size)[0] as Tensor)));
  },
  samples: () => {
    const x = example([2], 1, 2);
    const test = traceBranch("sample", (s) => (s as Tensor).sum().less(10), [x]).graph;
    const body = traceBranch("sample", (s) => [(s as Tensor).mul(s as Tensor).add(0.1)], [x]).graph;
    return [
      { inputs: [x], attrs: { test, body, carries: 1 } },
      { inputs: [tensor([20, 30])], attrs: { test, body, carries: 1 } },
    ];
  },
});

/** A batched loop goes on while any example does; the examples that are done keep their state. */
function untilAllStop(test: Graph, body: Graph, size: number, carries: number): WhileAttrs {
  const avals = inputAvals(body);
  return {
    test: buildGraph(avals, (...args) => [(evaluate(test, args)[0] as Tensor).cast("int32").max().cast("bool")]),
    body: buildGraph(avals, (...args) => {
      const going = (evaluate(test, args)[0] as Tensor).reshape([size]);
      const next = evaluate(body, args);
      return next.map((y, i) =>
        where(going.reshape([size, ...new Array<number>(y.rank - 1).fill(1)]), y, args[i] as Tensor),
      );
    }),
    carries,
  };
}

/**
 * Repeats state = body(state) while test(state) is true. Forward mode differentiates through it; for reverse mode use
 * `scan`.
 *
 * @example
 * ```ts
 * import { type Tensor, tensor, whileLoop } from "chainrule";
 * await whileLoop((x: Tensor) => x.less(100), (x: Tensor) => x.mul(2), tensor(3)).item(); // → 192
 * ```
 */
export function whileLoop<S>(
  test: (state: TensorTree<S>) => Tensor,
  body: (state: TensorTree<S>) => NoInfer<S | TensorTree<S>>,
  init: S,
): TensorTree<S> {
  const { leaves, structure } = flatten(init);
  const state = [unflatten(structure, leaves)];
  const check = traceBranch("whileLoop", test as (...args: unknown[]) => unknown, state);
  const step = traceBranch("whileLoop", body as (...args: unknown[]) => unknown, state, structure);
  requireSameStructure(
    "whileLoop: the body returns a state of another structure than it takes",
    structure,
    step.structure,
  );
  const captured = [...new Set([...check.captured, ...step.captured])];
  const attrs = {
    test: withCaptures(check.graph, leaves.length, check.captured, captured),
    body: withCaptures(step.graph, leaves.length, step.captured, captured),
    carries: leaves.length,
  };
  return unflatten(structure, bindAll(op, attrs, [...leaves, ...captured])) as TensorTree<S>;
}
