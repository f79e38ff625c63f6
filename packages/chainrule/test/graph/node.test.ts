import { describe, expect, it } from "vitest";
import { attrKey } from "../../src/graph/node.ts";
import { cond, type Tensor, tensor, where } from "../../src/index.ts";
import { trace } from "./trace.ts";

describe("hash-consing", () => {
  it("makes one node of an operation that is written twice", () => {
    const graph = trace((x) => x.sin().add(x.sin()), [3]);
    expect(graph.nodes.map((node) => node.op.name)).toEqual(["input", "sin", "add"]);
    expect(graph.nodes[2]?.inputs[0]).toBe(graph.nodes[2]?.inputs[1]);
  });

  it("tells apart what differs in an attribute, in the order of inputs, or in the operation", () => {
    const sums = trace((x) => x.sum(0).sum().add(x.sum(1).sum()), [2, 2]);
    expect(sums.nodes.filter((node) => node.op.name === "sum")).toHaveLength(4);
    const differences = trace((x, y) => x.sub(y).add(y.sub(x)), [3], [3]);
    expect(differences.nodes.filter((node) => node.op.name === "sub")).toHaveLength(2);
  });

  it("shares constants of one value and dtype, and keeps 0 and −0 apart", () => {
    const constants = (f: (x: Tensor) => Tensor): number =>
      trace(f, []).nodes.filter((node) => node.op.name === "constant").length;
    expect(constants((x) => x.add(2).mul(2))).toBe(1);
    expect(constants((x) => x.add(Number.NaN).mul(Number.NaN))).toBe(1);
    expect(constants((x) => x.add(0).mul(-0))).toBe(2);
  });

  it("does not mistake two control-flow nodes with other branches for one", () => {
    const choose = (x: Tensor): Tensor => {
      const positive = x.greater(0);
      const a = cond(
        positive,
        (y: Tensor) => y.sin(),
        (y: Tensor) => y,
        x,
      );
      const b = cond(
        positive,
        (y: Tensor) => y.cos(),
        (y: Tensor) => y,
        x,
      );
      return a.add(b);
    };
    expect(trace(choose, []).nodes.filter((node) => node.op.name === "cond")).toHaveLength(2);
  });

  it("captures a tensor from outside once, as an input after the arguments", () => {
    const w = tensor([1, 2, 3]);
    const graph = trace((x) => x.mul(w).add(w), [3]);
    expect(graph.inputs).toHaveLength(2);
    expect(graph.nodes.filter((node) => node.op.name === "input")).toHaveLength(2);
  });
});

describe("graphs", () => {
  it("leave out what no output needs, but keep every argument", () => {
    const graph = trace(
      (x, y) => {
        y.exp();
        return x.neg();
      },
      [2],
      [2],
    );
    expect(graph.nodes.map((node) => node.op.name)).toEqual(["input", "input", "neg"]);
  });

  it("can give an argument back, and one value twice", () => {
    const graph = trace((x) => [x, x.neg(), x.neg()], [2]);
    expect(graph.outputs[0]).toBe(graph.inputs[0]);
    expect(graph.outputs[1]).toBe(graph.outputs[2]);
  });

  it("list every node after its inputs", () => {
    const graph = trace((x) => where(x.less(0), x.exp(), x.square().sum()).mul(x), [2, 3]);
    const position = new Map(graph.nodes.map((node, i) => [node, i]));
    for (const node of graph.nodes) {
      for (const input of node.inputs) expect(position.get(input)).toBeLessThan(position.get(node) as number);
    }
  });
});

describe("attrKey", () => {
  const f = (): number => 1;
  const graph = trace((x) => x.neg(), [1]);

  it.each([
    [Number.NaN, Number.NaN],
    [
      [1, [2, 3]],
      [1, [2, 3]],
    ],
    [
      { axis: 1, shape: [2] },
      { axis: 1, shape: [2] },
    ],
    [f, f],
    [graph, graph],
    [undefined, undefined],
  ])("is equal for equal values: %o", (a, b) => {
    expect(attrKey(a)).toBe(attrKey(b));
  });

  it.each([
    [0, -0],
    [1, "1"],
    [true, "true"],
    [undefined, "undefined"],
    [Number.NaN, "NaN"],
    [[[1], [2]], [[1, 2]]],
    [["a,b"], ["a", "b"]],
    [{ a: 1, b: 2 }, { "a:1,b": 2 }],
    [f, (): number => 1],
    [graph, trace((x) => x.neg(), [1])],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ])("is different for %o and %o", (a, b) => {
    expect(attrKey(a)).not.toBe(attrKey(b));
  });
});
