/** A flow graph as text, in the language of Graphviz, and as plain data. */
import { formatShape } from "../../tensor/shape.ts";
import type { NestedArray, Tensor } from "../../tensor/tensor.ts";
import { formatTensor } from "../numbers.ts";
import { textTable } from "../table.ts";
import type { FlowEdge, FlowGraph, FlowNode } from "./flow-graph.ts";

/** Numbers in nested arrays; those that JSON lacks as "NaN", "Infinity", "-Infinity". null: not there, or none. */
export type FlowNumbers = null | number | boolean | string | readonly FlowNumbers[];

export interface FlowData {
  readonly nodes: readonly {
    readonly id: number;
    readonly name: string;
    readonly op: string;
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly layer: string;
    readonly value: FlowNumbers;
    readonly gradient: FlowNumbers;
  }[];
  readonly edges: readonly {
    /** Ids of nodes. */
    readonly from: number;
    readonly to: number;
    readonly position: number;
    readonly elementwise: boolean;
    readonly derivative: FlowNumbers;
    readonly flow: FlowNumbers;
  }[];
  /** The id of the output. */
  readonly output: number;
}

/** The columns are "node", "operation", "shape", and, when they are known, "value" and "gradient". */
export function flowText({ nodes, output }: FlowGraph): string {
  const show = (t: Tensor | undefined): string => (t === undefined ? "" : formatTensor(t));
  const gradient = (node: FlowNode): string =>
    node.gradient === undefined ? (node.active ? "" : "–") : show(node.gradient);
  const rows = nodes.map((node) => [
    node === output ? `${node.name} = L` : node.name,
    operation(node),
    formatShape(node.shape),
    show(node.value),
    gradient(node),
    node.layer,
  ]);
  return textTable(["node", "operation", "shape", "value", "∂L/∂node", "layer"], rows, [0, 1, 2, 3, 4, 5]);
}

const operation = (node: FlowNode): string =>
  node.inputs.length === 0 ? node.op : `${node.op}(${node.inputs.map(({ from }) => from.name).join(", ")})`;

/** Nodes show what they are, their value and gradient; edges the local derivative where it is a small tensor. */
export function flowDot({ nodes, edges, output }: FlowGraph): string {
  const layers = [...new Set(nodes.map(({ layer }) => layer))];
  const lines = ["digraph flow {", "  rankdir=LR;", '  node [shape=box, style=rounded, fontname="sans-serif"];'];
  layers.forEach((layer, i) => {
    const inside = nodes.filter((node) => node.layer === layer).map((node) => `${dotNode(node, node === output)};`);
    if (layer === "") lines.push(...inside.map((line) => `  ${line}`));
    else {
      lines.push(`  subgraph cluster_${i} {`, `    label=${quoted(layer)};`);
      lines.push(...inside.map((line) => `    ${line}`), "  }");
    }
  });
  lines.push(...edges.map((edge) => `  ${dotEdge(edge)};`), "}");
  return lines.join("\n");
}

function dotNode(node: FlowNode, isOutput: boolean): string {
  const title = `${node.name}${isOutput ? " = L" : ""}: ${node.op} ${formatShape(node.shape)}`;
  const numbers = [
    node.value === undefined ? [] : [`= ${short(node.value)}`],
    node.gradient === undefined ? [] : [`∂L = ${short(node.gradient)}`],
  ].flat();
  return `n${node.id} [label=${quoted([title, ...numbers].join("\n"))}]`;
}

function dotEdge(edge: FlowEdge): string {
  const { from, to, active, derivative } = edge;
  const style = active ? [] : ["style=dashed"];
  const label = derivative === undefined || derivative.size > SMALL ? [] : [`label=${quoted(short(derivative))}`];
  const attributes = [...style, ...label];
  return `n${from.id} -> n${to.id}${attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`}`;
}

/** Elements of a tensor that still fits into a picture. */
const SMALL = 9;

const short = (t: Tensor): string => (t.size <= SMALL ? formatTensor(t) : formatShape(t.shape));

const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

export function flowData({ nodes, edges, output }: FlowGraph): FlowData {
  return {
    nodes: nodes.map(({ id, name, op, shape, dtype, layer, value, gradient }) => ({
      id,
      name,
      op,
      shape,
      dtype,
      layer,
      value: numbers(value),
      gradient: numbers(gradient),
    })),
    edges: edges.map(({ from, to, position, elementwise, derivative, flow }) => ({
      from: from.id,
      to: to.id,
      position,
      elementwise,
      derivative: numbers(derivative),
      flow: numbers(flow),
    })),
    output: output.id,
  };
}

const numbers = (t: Tensor | null | undefined): FlowNumbers => (t ? written(t.arraySync()) : null);

function written(value: NestedArray): FlowNumbers {
  if (Array.isArray(value)) return value.map(written);
  return typeof value === "number" && !Number.isFinite(value) ? `${value}` : value;
}
