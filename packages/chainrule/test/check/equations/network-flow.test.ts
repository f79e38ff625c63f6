/** The quantities of a network and what flows between them: the numbers are those of `backprop`, the words those of `explain`. */
import { describe, expect, it } from "vitest";
import { backprop, type NetworkFlow, networkFlow } from "../../../src/check/index.ts";
import { concatenate, type Tensor, tensor } from "../../../src/index.ts";
import { binaryCrossEntropy, huber, meanAbsoluteError, meanSquaredError } from "../../../src/loss/index.ts";
import {
  batchNorm,
  constant,
  dense,
  dropout,
  linear,
  Module,
  relu,
  sequential,
  sigmoid,
  softmax,
  tanh,
} from "../../../src/nn/index.ts";

const row = (terms: readonly { readonly text: string }[]): string => terms.map(({ text }) => text).join(" ");
const names = ({ quantities }: NetworkFlow): string[] => quantities.map(({ text }) => text);
const quantity = (flow: NetworkFlow, name: string) => {
  const found = flow.quantities.find(({ text }) => text === name);
  if (found === undefined) throw new Error(`There is no ${name} among ${names(flow).join(", ")}.`);
  return found;
};
const edges = ({ edges: all }: NetworkFlow): string[] =>
  all.map(({ from, to, derivative, elementwise }) => {
    return `${from.text} → ${to.text}: ${derivative?.text ?? "–"}${elementwise ? " ⊙" : ""}`;
  });
const written = (flow: NetworkFlow, which: "forward" | "backward", name: string): string[] =>
  quantity(flow, name)[which].map(({ left, right }) => `${left.text} = ${row(right)}`);

const x = tensor([[1, -2]]);
const y = tensor([[1]]);
const small = { weightInit: constant(0.5), biasInit: constant(0.25) };

describe("the quantities of a network", () => {
  const model = sequential(dense(2, 3, small), tanh, dense(3, 1, small));

  it("are what its equations name, each after those it is made with", () => {
    const flow = networkFlow(model, binaryCrossEntropy, x, y);
    expect(names(flow)).toEqual(["x", "W⁽¹⁾", "b⁽¹⁾", "W⁽²⁾", "b⁽²⁾", "z⁽¹⁾", "a⁽¹⁾", "z⁽²⁾ = ŷ", "y", "L"]);
    expect(flow.quantities.map(({ kind }) => kind)).toEqual([
      ...["input", "parameter", "parameter", "parameter", "parameter", "preActivation", "activation", "preActivation"],
      ...["target", "loss"],
    ]);
    expect(quantity(flow, "W⁽²⁾")).toMatchObject({
      parameter: "2.weight",
      layer: { number: 2, path: "2", type: "dense" },
    });
    expect(quantity(flow, "a⁽¹⁾").activations).toEqual([{ type: "tanh", config: {} }]);
    expect(written(flow, "forward", "a⁽¹⁾")).toEqual(["a⁽¹⁾ = tanh( z⁽¹⁾ )"]);
    expect(written(flow, "backward", "z⁽²⁾ = ŷ")).toEqual(["δ⁽²⁾ = ∂L/∂ŷ = 1/N (σ(ŷ) − y)"]);
    expect(written(flow, "backward", "W⁽¹⁾")).toEqual(["∂L/∂W⁽¹⁾ = xᵀ · δ⁽¹⁾"]);
    expect(written(flow, "backward", "L")).toEqual(["∂L/∂L = 1"]);
    expect(edges(flow).sort()).toEqual(
      [
        ...["x → z⁽¹⁾: W⁽¹⁾ᵀ", "W⁽¹⁾ → z⁽¹⁾: xᵀ", "b⁽¹⁾ → z⁽¹⁾: 1", "z⁽¹⁾ → a⁽¹⁾: (1 − tanh²(z⁽¹⁾)) ⊙"],
        ...["a⁽¹⁾ → z⁽²⁾ = ŷ: W⁽²⁾ᵀ", "W⁽²⁾ → z⁽²⁾ = ŷ: a⁽¹⁾ᵀ", "b⁽²⁾ → z⁽²⁾ = ŷ: 1"],
        ...["z⁽²⁾ = ŷ → L: ∂L/∂ŷ ⊙", "y → L: – ⊙"],
      ].sort(),
    );
  });

  it("have the numbers of backprop", () => {
    const flow = networkFlow(model, binaryCrossEntropy, x, y);
    const { layers, loss, gradInput, gradients } = backprop(model, binaryCrossEntropy, x, y);
    const [first, last] = layers;
    const both = (name: string) =>
      [quantity(flow, name).value, quantity(flow, name).gradient].map((t) => t?.arraySync());
    expect(both("x")).toEqual([x.arraySync(), gradInput?.arraySync()]);
    expect(both("z⁽¹⁾")).toEqual([first?.z.arraySync(), first?.delta.arraySync()]);
    expect(both("a⁽¹⁾")).toEqual([first?.a.arraySync(), first?.gradA.arraySync()]);
    expect(both("z⁽²⁾ = ŷ")).toEqual([last?.z.arraySync(), last?.delta.arraySync()]);
    expect(both("L")).toEqual([loss.itemSync(), 1]);
    expect(both("W⁽¹⁾")[1]).toEqual(gradients["0.weight"]?.arraySync());
    expect(both("y")).toEqual([[[1]], undefined]);
    const slope = flow.edges.find(({ to }) => to.text === "a⁽¹⁾")?.derivative?.value;
    expect(slope?.arraySync()).toEqual(first?.slope.arraySync());
  });

  it("name a layer without an activation by both its names", () => {
    const flow = networkFlow(sequential(dense(2, 2), linear, dense(2, 1)), huber, x, y);
    expect(names(flow)).toContain("z⁽¹⁾ = a⁽¹⁾");
    expect(written(flow, "backward", "z⁽¹⁾ = a⁽¹⁾")).toEqual(["δ⁽¹⁾ = ∂L/∂a⁽¹⁾ = δ⁽²⁾ · W⁽²⁾ᵀ"]);
    expect(written(flow, "backward", "z⁽²⁾ = ŷ")).toEqual(["δ⁽²⁾ = ∂L/∂ŷ = 1/N max(−1, min(1, ŷ − y))"]);
  });

  it("know the absolute error", () => {
    const flow = networkFlow(sequential(dense(2, 1), sigmoid), meanAbsoluteError, x, y);
    expect(written(flow, "forward", "L")).toEqual(["L = 1/N Σ |ŷ − y|"]);
    expect(written(flow, "backward", "a⁽¹⁾ = ŷ")).toEqual(["∂L/∂a⁽¹⁾ = ∂L/∂ŷ = 1/N sign(ŷ − y)"]);
  });

  it("have Jacobians where nothing shorter is a factor", () => {
    const model = sequential(dense(2, 3), batchNorm(3), relu, dense(3, 2), softmax);
    const two = tensor([
      [1, 2],
      [0, -1],
    ]);
    const flow = networkFlow(model, meanSquaredError, two, two);
    const into = (name: string) => flow.edges.filter(({ to }) => to.text === name);
    expect(into("z⁽²⁾").map(({ from, derivative }) => [from.text, derivative?.text, derivative?.value?.shape])).toEqual(
      expect.arrayContaining([
        ["z⁽¹⁾ = a⁽¹⁾", "(∂z⁽²⁾/∂a⁽¹⁾)ᵀ", [2, 3, 2, 3]],
        ["γ⁽²⁾", "x̂⁽²⁾", [2, 3]],
      ]),
    );
    const [toSoftmax] = into("a⁽³⁾ = ŷ");
    expect(toSoftmax?.derivative).toMatchObject({ text: "(∂a⁽³⁾/∂z⁽³⁾)ᵀ" });
    // Softmax of each row by itself.
    expect(toSoftmax?.derivative?.value?.shape).toEqual([2, 2, 2, 2]);
    expect(written(flow, "backward", "z⁽²⁾")[0]).toBe("δ⁽²⁾ = ∂L/∂a⁽²⁾ ⊙ [z⁽²⁾ > 0]");
  });

  it("leave Jacobians of more than 4096 numbers out", () => {
    const model = sequential(dense(2, 65), softmax, dense(65, 1));
    const [edge] = networkFlow(model, meanSquaredError, x, y).edges.filter(({ to }) => to.text === "a⁽¹⁾");
    expect(edge?.derivative?.value).toBeUndefined();
    expect(edge?.derivative?.text).toBe("(∂a⁽¹⁾/∂z⁽¹⁾)ᵀ");
  });

  it("are those of models that branch, too", () => {
    class Branches extends Module {
      left = dense(2, 2, small);
      right = dense(2, 2, small);
      last = dense(6, 1, small);
      forward(t: Tensor): Tensor {
        const [a, b] = [tanh(this.left(t)), this.right(t)];
        return this.last(concatenate([a.sub(b), a.mul(b), t], 1));
      }
    }
    const flow = networkFlow(new Branches(), meanSquaredError, x, y);
    const minus = flow.edges.find(({ from, to }) => from.text === "z⁽²⁾ = a⁽²⁾" && to.kind === "value");
    // What comes back is sliced, with a sign, and multiplied: its derivative is the Jacobian.
    expect(minus?.derivative?.value?.shape).toEqual([1, 6, 1, 2]);
    const sum = quantity(flow, "u₁");
    expect(sum.kind).toBe("value");
    expect(sum.gradient?.shape).toEqual(sum.value.shape);
  });
});

describe("networkFlow", () => {
  it("drops units as the next training step does, or none", () => {
    const model = sequential(dense(2, 4, small), dropout(0.5), dense(4, 1));
    const zeros = (mode: "training" | "evaluation"): number => {
      const flow = networkFlow(model, meanSquaredError, x, y, { mode });
      const { value } = quantity(flow, mode === "training" ? "a⁽¹⁾" : "z⁽¹⁾ = a⁽¹⁾");
      return (value.arraySync() as number[][]).flat().filter((v) => v === 0).length;
    };
    expect(zeros("evaluation")).toBe(0);
    expect(zeros("training")).toBeGreaterThan(0);
  });

  it("says what is wrong with its arguments", () => {
    const model = dense(2, 1);
    expect(() => networkFlow(model, meanSquaredError, x, undefined as unknown as Tensor)).toThrow(
      "networkFlow: y is missing; it takes networkFlow(model, loss, x, y).",
    );
    expect(() => networkFlow(model, meanSquaredError, x, y, { mode: "use" as "training" })).toThrow(
      "networkFlow: mode must be",
    );
  });
});
