/** A graph as text: one line a node, in evaluation order. Transforms are reviewed in this form. */
import { formatShape } from "../tensor/shape.ts";
import { type AttrValue, type Aval, type Graph, isGraph, type Node } from "./node.ts";
import { INPUT } from "./structural.ts";

/**
 * For example
 * ```text
 * (a: float32[2], b: float32[2]) =>
 *   c: float32[2] = mul(a, b)
 *   d: float32[] = sum(c) axes=[0]
 *   return d
 * ```
 */
export function printGraph(graph: Graph): string {
  return lines(graph).join("\n");
}

function lines(graph: Graph): string[] {
  const names = new Map<Node, string>();
  for (const node of [...graph.inputs, ...graph.nodes]) if (!names.has(node)) names.set(node, letters(names.size));
  const name = (node: Node): string => names.get(node) as string;
  const declare = (node: Node): string => `${name(node)}: ${node.avals.map(formatAval).join(" × ")}`;
  const result = [`(${graph.inputs.map(declare).join(", ")}) =>`];
  for (const node of graph.nodes) {
    if (node.op === INPUT) continue;
    const { text, subgraphs } = formatAttrs(node);
    result.push(`  ${declare(node)} = ${node.op.name}(${node.inputs.map(name).join(", ")})${text}`);
    for (const [key, sub] of subgraphs) {
      const [head, ...rest] = lines(sub);
      result.push(...[`${key} = ${head}`, ...rest].map((line) => `    ${line}`));
    }
  }
  result.push(`  return ${graph.outputs.map(name).join(", ")}`);
  return result;
}

const formatAval = (aval: Aval): string => `${aval.dtype}${formatShape(aval.shape)}`;

function formatAttrs(node: Node): { text: string; subgraphs: [string, Graph][] } {
  const subgraphs: [string, Graph][] = [];
  let text = "";
  for (const [key, value] of Object.entries(node.attrs)) {
    if (isGraph(value)) subgraphs.push([key, value]);
    else if (typeof value !== "function" && value !== undefined) text += ` ${key}=${formatValue(value)}`;
  }
  return { text, subgraphs };
}

function formatValue(value: AttrValue): string {
  if (Array.isArray(value)) return `[${value.map(formatValue).join(", ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(Object.is(value, -0) ? "-0" : value);
}

/** a, b, …, z, aa, ab, … */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
