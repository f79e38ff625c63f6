/** The steps of a program as a tree of lines, how often each list of steps runs, and what steps write. */
import { bodyOf, expressionsOf, kernelsOf, nodesOf } from "../../loop/dag.ts";
import type { Kernel, Program, Step, Stmt } from "../../loop/ir.ts";
import type { Target } from "../../target/target.ts";
import type { TypedArray } from "../../tensor/dtype.ts";
import { addToCell, cell, withBuffers } from "./parts.ts";

/** The lists of steps inside a step of control flow, with the word that stands before the second of two. */
export function innerLists(step: Step): readonly { readonly word?: "else" | "do"; readonly steps: readonly Step[] }[] {
  switch (step.kind) {
    case "kernel":
      return [];
    case "if":
      return [{ steps: step.then }, { word: "else", steps: step.otherwise }];
    case "while":
      return [{ steps: step.test }, { word: "do", steps: step.body }];
    case "repeat":
      return [{ steps: step.body }];
  }
}

/** One line of a program as a person reads it: a step, or the word between two lists of steps. */
export interface Line {
  readonly kind: Step["kind"] | "else" | "do";
  readonly name: string;
  /** How many steps of control flow it is in. */
  readonly depth: number;
  /** The list in which the step stands; for "else" and "do", the list that follows. */
  readonly list: readonly Step[];
  readonly step?: Step;
  readonly kernel?: Kernel;
}

export function outline(list: readonly Step[], depth = 0): Line[] {
  return list.flatMap((step): Line[] => {
    if (step.kind === "kernel") {
      return [{ kind: "kernel", name: titleOf(step.kernel), depth, list, step, kernel: step.kernel }];
    }
    const name = step.kind === "repeat" ? `repeat ${step.count} times` : step.kind;
    const inner = innerLists(step).flatMap(({ word, steps }): Line[] => {
      const before: Line[] = word && steps.length > 0 ? [{ kind: word, name: word, depth, list: steps }] : [];
      return [...before, ...outline(steps, depth + 1)];
    });
    return [{ kind: step.kind, name, depth, list, step }, ...inner];
  });
}

/** The name of a kernel, with the sizes of its matrix product as rows × summands × columns, if it has one. */
function titleOf({ name, body }: Kernel): string {
  const products = statementsIn(body).filter((stmt) => stmt.kind === "product");
  const [product] = products;
  return product && products.length === 1 ? `${name} ${product.m}×${product.k}×${product.n}` : name;
}

const statementsIn = (body: readonly Stmt[]): Stmt[] => body.flatMap((stmt) => [stmt, ...statementsIn(bodyOf(stmt))]);

/** The buffers that a step stores to, but for the scratch of products; and of these the ones that it loads from. */
export function touchedBy(step: Step): { readonly written: ReadonlySet<number>; readonly updated: readonly number[] } {
  const [read, written] = [new Set<number>(), new Set<number>()];
  for (const stmt of kernelsOf([step]).flatMap(({ body }) => statementsIn(body))) {
    for (const node of nodesOf(expressionsOf(stmt))) if (node.kind === "load") read.add(node.buffer);
    if (stmt.kind === "store") written.add(stmt.buffer);
    if (stmt.kind !== "product") continue;
    read.add(stmt.a.buffer).add(stmt.b.buffer);
    written.add(stmt.out.buffer);
  }
  for (const { step: inner } of outline([step])) if (inner?.kind === "repeat") written.add(inner.counter);
  return { written, updated: [...written].filter((id) => read.has(id)) };
}

/** How often each list of steps runs in one run of the program. */
export function countRuns(
  program: Program,
  target: Target,
  inputs: readonly TypedArray[],
): (list: readonly Step[]) => number {
  const lists = [...new Set(outline(program.steps).flatMap(({ list }) => (list === program.steps ? [] : [list])))];
  if (lists.length === 0) return () => 1;
  const { added, ...arena } = withBuffers(
    program,
    lists.map(() => cell("int32")),
  );
  const cellOf = new Map(lists.map((list, i) => [list, added[i] as number]));
  const steps = program.steps.map((step) => counted(step, cellOf));
  const executable = target.instantiate({ ...program, ...arena, steps });
  program.inputs.forEach((id, i) => {
    executable.view(id).set(inputs[i] as TypedArray);
  });
  executable.run();
  return (list) => {
    const counter = cellOf.get(list);
    return counter === undefined ? 1 : (executable.view(counter)[0] as number);
  };
}

function counted(step: Step, cellOf: ReadonlyMap<readonly Step[], number>): Step {
  const within = (list: readonly Step[]): Step[] => {
    const counter = cellOf.get(list);
    const inner = list.map((one) => counted(one, cellOf));
    return counter === undefined ? inner : [{ kind: "kernel", kernel: addToCell(counter, 1) }, ...inner];
  };
  switch (step.kind) {
    case "kernel":
      return step;
    case "if":
      return { ...step, then: within(step.then), otherwise: within(step.otherwise) };
    case "while":
      return { ...step, test: within(step.test), body: within(step.body) };
    case "repeat":
      return { ...step, body: within(step.body) };
  }
}
