/** The flow graph as an object. */
import { describe, expect, it } from "vitest";
import { flowGraph } from "../../../src/check/index.ts";
import { grad, scan, type Tensor, tensor, where } from "../../../src/index.ts";
import { meanSquaredError } from "../../../src/loss/index.ts";
import { dense, params, relu, sequential } from "../../../src/nn/index.ts";
import { distance, loss, network, pytorch, x, y } from "./example.ts";

/** L = (w·x + b)², at w = 2, x = 3, b = −1: v1 = 6, v2 = 5, L = 25; backwards 1, 2·5 = 10 (5 along each edge), 10, 30, 20. */
const square = () =>
  flowGraph(
    ({ w, x: t, b }: { w: Tensor; x: Tensor; b: Tensor }) => {
      const z = w.mul(t).add(b);
      return z.mul(z);
    },
    { w: tensor(2), x: tensor(3), b: tensor(-1) },
  );

describe("stepping", () => {
  it("goes forwards one node at a time", () => {
    const flow = square();
    expect(flow.nodes.map(({ name, op }) => `${name}:${op}`)).toEqual([
      "w:input",
      "x:input",
      "b:input",
      "v1:mul",
      "v2:add",
      "v3:mul",
    ]);
    expect(flow.node("v1").value).toBeUndefined();
    const seen = [flow.forward(), flow.forward(), flow.forward()].map((node) => [node?.name, node?.value?.itemSync()]);
    expect(seen).toEqual([
      ["v1", 6],
      ["v2", 5],
      ["v3", 25],
    ]);
    expect(flow.forward()).toBeUndefined();
    expect(flow.output.name).toBe("v3");
  });

  it("goes backwards one node at a time, and a gradient is there when it is complete", () => {
    const flow = square();
    while (flow.forward() !== undefined);
    expect(flow.output.gradient?.itemSync()).toBe(1);
    expect(flow.node("v2").gradient).toBeUndefined();
    expect(flow.backward()?.name).toBe("v3");
    expect(flow.output.inputs.map(({ flow: back }) => back?.itemSync())).toEqual([5, 5]);
    expect(flow.node("v2").gradient?.itemSync()).toBe(10);
    expect(flow.node("w").gradient).toBeUndefined();
    expect(flow.backward()?.name).toBe("v2");
    expect(flow.backward()?.name).toBe("v1");
    expect(["w", "x", "b"].map((name) => flow.node(name).gradient?.itemSync())).toEqual([30, 20, 10]);
    while (flow.backward() !== undefined);
    expect(flow.reset().node("w").gradient).toBeUndefined();
    expect(flow.node("v1").value).toBeUndefined();
    expect(flow.output.inputs[0]?.flow).toBeUndefined();
  });

  it("may be done by the nodes themselves, each when its neighbours are ready", () => {
    const flow = square();
    expect(() => flow.node("v2").fprop()).toThrow(
      "v2.fprop(): the value of v1 is not there yet; step that node first.",
    );
    expect(() => flow.backward()).toThrow(
      "backward(): the forward pass has not reached the output; call forward() until it has.",
    );
    expect(() => flow.node("v1").bprop()).toThrow(
      "v1.bprop(): its gradient is not complete yet; the forward pass has not reached the output.",
    );
    for (const name of ["v1", "v2", "v3"]) flow.node(name).fprop();
    expect(() => flow.node("v1").bprop()).toThrow("v1.bprop(): its gradient is not complete yet; step v2 back first.");
    for (const name of ["v3", "v2", "v1"]) flow.node(name).bprop();
    flow.node("v1").bprop(); // once is enough
    expect(flow.node("w").gradient?.itemSync()).toBe(30);
    expect(() => flow.node("v9")).toThrow('There is no node "v9" in the flow graph; there are w, x, b, v1, v2, v3.');
  });
});

describe("local derivatives", () => {
  it("are one number an element for elementwise operations: ∂(w·x)/∂w = x", () => {
    const flow = square();
    const [byW, byX] = flow.node("v1").inputs;
    expect(byW?.derivative).toBeUndefined();
    flow.run();
    expect(byW?.elementwise).toBe(true);
    expect([byW?.derivative?.itemSync(), byX?.derivative?.itemSync()]).toEqual([3, 2]);
  });

  it("are Jacobians for others: ∂(a·W)ᵢⱼ/∂Wₖₗ = aᵢₖ·[j = l]", () => {
    const flow = flowGraph(
      (w: Tensor) => tensor([[2, 3]]).matmul(w),
      tensor([
        [1, 1],
        [1, 1],
      ]),
    ).run();
    const edge = flow.output.inputs.find(({ active }) => active);
    expect(edge?.elementwise).toBe(false);
    expect(edge?.derivative?.arraySync()).toEqual([
      [
        [
          [2, 0],
          [3, 0],
        ],
        [
          [0, 2],
          [0, 3],
        ],
      ],
    ]);
  });

  it("times the gradient of the node make what flows back along the edge", () => {
    const flow = flowGraph(network(), loss, x, y).run();
    let checked = 0;
    for (const edge of flow.edges) {
      const [{ derivative }, gradient] = [edge, edge.to.gradient];
      if (derivative === undefined || gradient === undefined || !edge.flow) continue;
      const expected = edge.elementwise
        ? gradient.mul(derivative)
        : gradient.reshape([1, -1]).matmul(derivative.reshape([gradient.size, -1]));
      expect(distance(edge.flow, expected.arraySync())).toBeLessThan(1e-14);
      checked++;
    }
    expect(checked).toBeGreaterThan(15);
  });

  it("are not worked out when they have more than 4096 numbers, or where none flows", () => {
    const flow = flowGraph(
      (w: Tensor) => where(w.greater(0), w.cumsum(0), 0).sum(),
      tensor(new Float32Array(65)),
    ).run();
    const of = (op: string) => flow.nodes.find((node) => node.op === op);
    expect(of("cumsum")?.inputs[0]?.active).toBe(true);
    expect(of("cumsum")?.inputs[0]?.derivative).toBeUndefined(); // 65·65 = 4225
    expect(of("select")?.inputs[0]?.active).toBe(false);
    expect(of("select")?.inputs[0]?.derivative).toBeUndefined();
  });
});

describe("numbers", () => {
  it("are those of PyTorch for a model", () => {
    const flow = flowGraph(network(), loss, x, y).run();
    expect(distance(flow.output.value, pytorch.loss)).toBeLessThan(1e-14);
    for (const [name, expected] of Object.entries(pytorch.gradients)) {
      expect(distance(flow.node(name).gradient, expected)).toBeLessThan(1e-14);
    }
    expect(distance(flow.node("x").gradient, pytorch.gradX)).toBeLessThan(1e-14);
    expect(flow.nodes.map(({ layer }) => layer)).toContain("sequential.0 (dense)");
  });

  it("are those of grad for a function with a loop in it, and of all parameters for f and params(model)", () => {
    const f = (t: Tensor): Tensor => scan((c: Tensor, e: Tensor) => [c.mul(e).sin(), c], t.sum(), t)[0];
    const flow = flowGraph(f, tensor([0.5, 2])).run();
    expect(flow.node("x").gradient?.arraySync()).toEqual(grad(f)(tensor([0.5, 2])).arraySync());
    const model = sequential(dense(2, 2), relu);
    const named = flowGraph(() => model(tensor([[1, 2]])).sum(), params(model)).run();
    expect(named.nodes.slice(0, 2).map(({ name }) => name)).toEqual(["0.weight", "0.bias"]);
  });

  it("of an output that is no scalar are those of its sum; a leaf that is not used gets 0", () => {
    const flow = flowGraph(({ a }: { a: Tensor; b: Tensor }) => a.square(), {
      a: tensor([1, 2]),
      b: tensor([5]),
    }).run();
    expect(flow.node("a").gradient?.arraySync()).toEqual([2, 4]);
    expect(flow.node("b").gradient?.arraySync()).toEqual([0]);
    const flat = flowGraph(({ a }: { a: Tensor }) => a.floor().sum(), { a: tensor([1.5]) }).run();
    expect(flat.node("a").gradient?.arraySync()).toEqual([0]);
  });
});

describe("drawings", () => {
  it("as text", () => {
    const flow = square();
    flow.forward();
    expect(`${flow}`).toBe(
      [
        "node    operation    shape  value  ∂L/∂node  layer",
        "w       input        []     2",
        "x       input        []     3",
        "b       input        []     −1",
        "v1      mul(w, x)    []     6",
        "v2      add(v1, b)   []",
        "v3 = L  mul(v2, v2)  []",
      ].join("\n"),
    );
    expect(`${flow.run()}`.split("\n")[5]).toBe("v2      add(v1, b)   []     5      10");
  });

  it("in DOT, layer by layer", () => {
    const model = dense(1, 1, { bias: false });
    const name = { weight: tensor([[2]]) };
    const [weight] = Object.values(params(model));
    if (weight !== undefined) weight.value = name.weight;
    const flow = flowGraph(() => model(tensor([[3]])).sum(), params(model)).run();
    expect(flow.toDot()).toBe(
      [
        "digraph flow {",
        "  rankdir=LR;",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
        '  n0 [label="weight: input [1, 1]\\n= [[2]]\\n∂L = [[3]]"];',
        '  n1 [label="c1: constant [1, 1]\\n= [[3]]"];',
        '  n3 [label="v2 = L: sum []\\n= 6\\n∂L = 1"];',
        "  subgraph cluster_1 {",
        '    label="dense";',
        '    n2 [label="v1: matmul [1, 1]\\n= [[6]]\\n∂L = [[1]]"];',
        "  }",
        "  n1 -> n2 [style=dashed];",
        '  n0 -> n2 [label="[[[[3]]]]"];',
        '  n2 -> n3 [label="[[1]]"];',
        "}",
      ].join("\n"),
    );
  });

  it("as JSON, with the numbers that JSON lacks as text", () => {
    const flow = flowGraph((t: Tensor) => t.log().sum(), tensor([0, 1])).run();
    const { nodes, edges, output } = JSON.parse(JSON.stringify(flow));
    expect(nodes[0]).toEqual({
      id: 0,
      name: "x",
      op: "input",
      shape: [2],
      dtype: "float32",
      layer: "",
      value: [0, 1],
      gradient: ["Infinity", 1],
    });
    expect(nodes[1].value).toEqual(["-Infinity", 0]);
    expect(edges).toEqual([
      { from: 0, to: 1, position: 0, elementwise: true, derivative: ["Infinity", 1], flow: ["Infinity", 1] },
      { from: 1, to: 2, position: 0, elementwise: false, derivative: [1, 1], flow: [1, 1] },
    ]);
    expect(output).toBe(2);
    const [first] = JSON.parse(JSON.stringify(square())).nodes;
    expect(first.gradient).toBeNull();
  });
});

it("refuses what has no derivative", () => {
  expect(() => flowGraph(5 as never, tensor(1))).toThrow("flowGraph: takes a function, not 5.");
  expect(() => flowGraph((() => 5) as never, tensor(1))).toThrow(
    "flowGraph: the function must return one float tensor.",
  );
  expect(() => flowGraph((t: Tensor) => t, tensor([1], { dtype: "int32" }))).toThrow(
    "flowGraph: there is nothing to differentiate by",
  );
  expect(() => flowGraph(dense(1, 1), meanSquaredError, [1] as never, tensor([[1]]))).toThrow(
    "flowGraph: x is an array, not a tensor",
  );
});
