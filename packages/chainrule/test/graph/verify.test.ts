import { describe, expect, it } from "vitest";
import { verifyGraph } from "../../src/graph/index.ts";
import { createNode, type Graph, type Node } from "../../src/graph/node.ts";
import { INPUT, PICK } from "../../src/graph/structural.ts";
import { cond, type Tensor } from "../../src/index.ts";
import { primitive } from "../../src/ops/index.ts";
import { errorOf, trace } from "./trace.ts";

const float = (...shape: number[]) => ({ shape, dtype: "float32" as const });
const input = (...shape: number[]): Node => createNode(INPUT, [], {}, [float(...shape)]);
const graph = (inputs: readonly Node[], nodes: readonly Node[], outputs: readonly Node[]): Graph => ({
  id: 0,
  inputs,
  nodes,
  outputs,
});
const messageOf = (g: Graph): string => errorOf(() => verifyGraph(g)).message;

describe("verifyGraph", () => {
  it("accepts what tracing gives", () => {
    expect(() => verifyGraph(trace((x) => x.softmax().max(0), [2, 3]))).not.toThrow();
  });

  const x = input(2);
  const neg = createNode(primitive("neg"), [x], {}, [float(2)]);

  it("refuses a node before its input", () => {
    expect(messageOf(graph([x], [neg, x], [neg]))).toContain("(neg) comes before one of its inputs");
  });

  it("refuses a node that is there twice", () => {
    expect(messageOf(graph([x], [x, neg, neg], [neg]))).toContain("(neg) is there twice");
  });

  it("refuses an input that is not listed, or listed twice", () => {
    expect(messageOf(graph([], [x, neg], [neg]))).toContain("(input) is an input that the graph does not list");
    expect(messageOf(graph([x, x], [x, neg], [neg]))).toContain("an input is listed twice");
  });

  it("refuses a listed input that computes something", () => {
    expect(messageOf(graph([x, neg], [x, neg], [neg]))).toContain("(neg) is listed as an input and computes something");
  });

  it("refuses an output that is not among the nodes", () => {
    expect(messageOf(graph([x], [x], [neg]))).toContain("(neg) is an output that is not among the nodes");
  });

  it("refuses a type that the shape rule does not give, and shows the graph", () => {
    const wrong = createNode(primitive("neg"), [x], {}, [float(3)]);
    const message = messageOf(graph([x], [x, wrong], [wrong]));
    expect(message).toContain("(neg) has a type that its shape rule does not give");
    expect(message).toContain("b: float32[3] = neg(a)");
  });

  it("refuses inputs that the shape rule does not take, and says why", () => {
    const y = input(3);
    const sum = createNode(primitive("add"), [x, y], {}, [float(2)]);
    const message = messageOf(graph([x, y], [x, y, sum], [sum]));
    expect(message).toContain("(add) is refused by its shape rule: add: shapes [2] and [3] differ.");
  });

  it("refuses a result that does not exist", () => {
    const choice = trace(
      (a) =>
        cond(
          a.sum().greater(0),
          (b: Tensor) => [b, b],
          (b: Tensor) => [b, b],
          a,
        ),
      [2],
    );
    const node = choice.nodes.find((n) => n.op.name === "cond") as Node;
    const picked = createNode(PICK, [node], { index: 2 }, [float(2)]);
    expect(messageOf(graph(choice.inputs, [...choice.nodes, picked], [picked]))).toContain(
      "(pick) has a type that its shape rule does not give",
    );
  });

  it("looks into subgraphs", () => {
    const broken = graph([x], [x], [neg]);
    const choice = trace(
      (a) =>
        cond(
          a.sum().greater(0),
          (b: Tensor) => b.neg(),
          (b: Tensor) => b,
          a,
        ),
      [2],
    );
    const node = choice.nodes.find((n) => n.op.name === "cond") as Node;
    const wrong = createNode(node.op, node.inputs, { ...node.attrs, then: broken }, node.avals);
    const nodes = choice.nodes.map((n) => (n === node ? wrong : n));
    expect(messageOf(graph(choice.inputs, nodes, [wrong]))).toContain("(neg) is an output that is not among the nodes");
  });
});
