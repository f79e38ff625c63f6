/** The page docs/operations.md, made of the records of the primitives. */
import type { Primitive } from "../../src/graph/primitive.ts";
import { allPrimitives } from "../../src/ops/index.ts";
import { FORWARD_ONLY } from "./harness.ts";

const HEAD = `# Operations

The primitives: everything else is composed of them. Each is one file of \`packages/chainrule/src/ops\`, which holds its
shape rule, its code, its derivatives, its batching rule and the inputs of its tests; this table is made of those files.

- **ONNX**: the nearest operator of ONNX.
- **Derivative**: "yes", in forward and reverse mode and to any order; "forward", in forward mode only; "none", the
  result is constant almost everywhere or not a number that can vary, and derivatives are 0.
`;

function derivative({ name, nondifferentiable }: Primitive): string {
  if (nondifferentiable === true) return "none";
  return FORWARD_ONLY.includes(name) ? "forward" : "yes";
}

/** One row for each primitive, by name. */
export function operationsPage(): string {
  const rows = allPrimitives()
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((op) => `| \`${op.name}\` | ${op.doc.replaceAll("|", "\\|")} | ${op.onnx ?? "–"} | ${derivative(op)} |`);
  return [HEAD, "| Primitive | Meaning | ONNX | Derivative |", "| --- | --- | --- | --- |", ...rows, ""].join("\n");
}
