/** The equations of a network. */
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/check/index.ts";
import { compile, type Tensor, tensor } from "../../../src/index.ts";
import {
  binaryCrossEntropy,
  halfSquaredError,
  meanSquaredError,
  softmaxCrossEntropy,
  squaredError,
  withOptions,
} from "../../../src/loss/index.ts";
import {
  constant,
  dense,
  dropout,
  elu,
  flatten,
  gaussianNoise,
  gelu,
  glorotUniform,
  hardSigmoid,
  hardSwish,
  hardTanh,
  leakyRelu,
  linear,
  logSigmoid,
  logSoftmax,
  Module,
  mish,
  Param,
  relu,
  relu6,
  selu,
  sequential,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  step,
  tanh,
} from "../../../src/nn/index.ts";

const lines = (text: string): string[] => text.split("\n").map((line) => line.trim().replace(/ +/g, " "));

describe("with symbols", () => {
  it("writes the equations of a chain of layers, with shapes below", () => {
    const text = explain(sequential(dense(4, 3), tanh, dense(3, 2)), { loss: softmaxCrossEntropy });
    expect(text).toBe(
      [
        "Forward",
        "───────",
        "   z⁽¹⁾  =   x    ·  W⁽¹⁾  + b⁽¹⁾",
        "  [n, 3]   [n, 4]   [4, 3]   [3]",
        "   a⁽¹⁾  = tanh(  z⁽¹⁾  )",
        "  [n, 3]         [n, 3]",
        "   z⁽²⁾  =  a⁽¹⁾  ·  W⁽²⁾  + b⁽²⁾",
        "  [n, 2]   [n, 3]   [3, 2]   [2]",
        "   a⁽²⁾  =  z⁽²⁾",
        "  [n, 2]   [n, 2]",
        "    ŷ    =  a⁽²⁾",
        "  [n, 2]   [n, 2]",
        "  L  = −1/n Σ e(y) log softmax(ŷ)",
        "  []",
        "",
        "Backward",
        "────────",
        "  ∂L/∂ŷ  = 1/n (softmax(ŷ) − e(y))",
        "  [n, 2]",
        "  ∂L/∂a⁽²⁾ = ∂L/∂ŷ",
        "   [n, 2]    [n, 2]",
        "   δ⁽²⁾  = ∂L/∂a⁽²⁾",
        "  [n, 2]    [n, 2]",
        "  ∂L/∂W⁽²⁾ = a⁽¹⁾ᵀ  ·  δ⁽²⁾",
        "   [3, 2]    [3, n]   [n, 2]",
        "  ∂L/∂b⁽²⁾ = Σₙ  δ⁽²⁾",
        "    [2]         [n, 2]",
        "  ∂L/∂a⁽¹⁾ =  δ⁽²⁾  · W⁽²⁾ᵀ",
        "   [n, 3]    [n, 2]   [2, 3]",
        "   δ⁽¹⁾  = ∂L/∂a⁽¹⁾ ⊙ (1 − tanh²(z⁽¹⁾))",
        "  [n, 3]    [n, 3]         [n, 3]",
        "  ∂L/∂W⁽¹⁾ =   xᵀ   ·  δ⁽¹⁾",
        "   [4, 3]    [4, n]   [n, 3]",
        "  ∂L/∂b⁽¹⁾ = Σₙ  δ⁽¹⁾",
        "    [3]         [n, 3]",
      ].join("\n"),
    );
  });

  it.each([
    [sigmoid, "∂L/∂a⁽¹⁾ ⊙ σ(z⁽¹⁾) ⊙ (1 − σ(z⁽¹⁾))"],
    [relu, "∂L/∂a⁽¹⁾ ⊙ [z⁽¹⁾ > 0]"],
    [leakyRelu(0.1), "∂L/∂a⁽¹⁾ ⊙ ([z⁽¹⁾ > 0] + 0.1·[z⁽¹⁾ ≤ 0])"],
    [elu(2), "∂L/∂a⁽¹⁾ ⊙ ([z⁽¹⁾ > 0] + 2·exp(z⁽¹⁾)·[z⁽¹⁾ ≤ 0])"],
    [softplus, "∂L/∂a⁽¹⁾ ⊙ σ(z⁽¹⁾)"],
    [silu, "∂L/∂a⁽¹⁾ ⊙ (σ(z⁽¹⁾) + z⁽¹⁾ ⊙ σ(z⁽¹⁾) ⊙ (1 − σ(z⁽¹⁾)))"],
    [softsign, "∂L/∂a⁽¹⁾ ⊙ 1/(1 + |z⁽¹⁾|)²"],
    [logSigmoid, "∂L/∂a⁽¹⁾ ⊙ σ(−z⁽¹⁾)"],
    [logSoftmax, "∂L/∂a⁽¹⁾ − exp( a⁽¹⁾ ) ⊙ Σⱼ ∂L/∂a⁽¹⁾"],
    [linear, "∂L/∂a⁽¹⁾"],
    [step, "∂L/∂a⁽¹⁾ ⊙ 0"],
    [relu6, "∂L/∂a⁽¹⁾ ⊙ [0 < z⁽¹⁾ < 6]"],
    [hardTanh, "∂L/∂a⁽¹⁾ ⊙ [−1 < z⁽¹⁾ < 1]"],
    [hardSigmoid, "∂L/∂a⁽¹⁾ ⊙ 1/6·[−3 < z⁽¹⁾ < 3]"],
    [hardSwish, "∂L/∂a⁽¹⁾ ⊙ (hardSigmoid(z⁽¹⁾) + z⁽¹⁾/6 ⊙ [−3 < z⁽¹⁾ < 3])"],
    [selu, "∂L/∂a⁽¹⁾ ⊙ 1.0507·([z⁽¹⁾ > 0] + 1.67326·exp(z⁽¹⁾)·[z⁽¹⁾ ≤ 0])"],
    [mish, "∂L/∂a⁽¹⁾ ⊙ (tanh(softplus(z⁽¹⁾)) + z⁽¹⁾ ⊙ (1 − tanh²(softplus(z⁽¹⁾))) ⊙ σ(z⁽¹⁾))"],
    [gaussianNoise(1), "∂L/∂a⁽¹⁾"],
    [dropout(0.9), "∂L/∂a⁽¹⁾ ⊙ mask/0.1"],
    // Not element by element: a function of one's own with its Jacobian.
    [
      Object.defineProperty((t: Tensor) => t.div(t.sum(-1, { keepDims: true })), "name", { value: "share" }),
      "(∂a⁽¹⁾/∂z⁽¹⁾)ᵀ · ∂L/∂a⁽¹⁾",
    ],
    [gelu, "∂L/∂a⁽¹⁾ ⊙ (Φ(z⁽¹⁾) + z⁽¹⁾ ⊙ φ(z⁽¹⁾))"],
    [dropout(0.25), "∂L/∂a⁽¹⁾ ⊙ mask/0.75"],
    [softmax, "a⁽¹⁾ ⊙ ( ∂L/∂a⁽¹⁾ − Σⱼ a⁽¹⁾ ⊙ ∂L/∂a⁽¹⁾ )"],
    [Object.defineProperty((t: Tensor) => t.sin(), "name", { value: "wave" }), "∂L/∂a⁽¹⁾ ⊙ wave′(z⁽¹⁾)"],
    [sequential(tanh, dropout(0.5)), "∂L/∂a⁽¹⁾ ⊙ mask/0.5 ⊙ (1 − tanh²(z⁽¹⁾))"],
    [sequential(tanh, sigmoid), "∂L/∂a⁽¹⁾ ⊙ σ(tanh(z⁽¹⁾)) ⊙ (1 − σ(tanh(z⁽¹⁾))) ⊙ (1 − tanh²(z⁽¹⁾))"],
    [sequential(tanh, softmax), "(∂a⁽¹⁾/∂z⁽¹⁾)ᵀ · ∂L/∂a⁽¹⁾"],
  ])("knows the derivative of activation %#", (activation, expected) => {
    expect(lines(explain(sequential(dense(2, 2), activation)))).toContain(`δ⁽¹⁾ = ${expected}`);
  });

  it.each([
    [meanSquaredError, "1/N Σ (ŷ − y)²", "2/N (ŷ − y)"],
    [binaryCrossEntropy, "−1/N Σ (y log σ(ŷ) + (1 − y) log(1 − σ(ŷ)))", "1/N (σ(ŷ) − y)"],
    [squaredError, "1/n Σ (ŷ − y)²", "2/n (ŷ − y)"],
    [halfSquaredError, "1/(2n) Σ (ŷ − y)²", "1/n (ŷ − y)"],
    [
      withOptions(binaryCrossEntropy, { from: "probabilities" }),
      "−1/N Σ (y log ŷ + (1 − y) log(1 − ŷ))",
      "1/N (ŷ − y)/(ŷ (1 − ŷ))",
    ],
    // Options change what the loss is, and a formula of the plain one would be wrong.
    [withOptions(meanSquaredError, { reduction: "sum" }), "meanSquaredError(ŷ, y)", "derivative of the loss by ŷ"],
    [undefined, "loss(ŷ, y)", "derivative of the loss by ŷ"],
    [
      function own(p: Tensor) {
        return p.sum();
      },
      "own(ŷ, y)",
      "derivative of the loss by ŷ",
    ],
  ])("knows the derivative of loss %#", (loss, value, gradient) => {
    const found = lines(explain(dense(1, 1), loss === undefined ? {} : { loss }));
    expect(found).toContain(`L = ${value}`);
    expect(found).toContain(`∂L/∂ŷ = ${gradient}`);
  });

  it("writes what a residual connection joins, and what comes back from both branches", () => {
    class Residual extends Module {
      inner = dense(2, 2, { bias: false });
      forward(t: Tensor): Tensor {
        return t.add(tanh(this.inner(t)));
      }
    }
    const found = lines(explain(sequential(dense(2, 2), new Residual(), dense(2, 2))));
    expect(found).toContain("z⁽²⁾ = a⁽¹⁾ · W⁽²⁾");
    expect(found).toContain("u₁ = a⁽¹⁾ + a⁽²⁾");
    expect(found).toContain("z⁽³⁾ = u₁ · W⁽³⁾ + b⁽³⁾");
    expect(found).toContain("∂L/∂u₁ = δ⁽³⁾ · W⁽³⁾ᵀ");
    expect(found).toContain("∂L/∂a⁽²⁾ = ∂L/∂u₁");
    expect(found).toContain("∂L/∂a⁽¹⁾ = δ⁽²⁾ · W⁽²⁾ᵀ + ∂L/∂u₁");
  });

  it("writes a layer of one's own as a function of its parameters", () => {
    class Scale extends Module {
      gain = new Param([3, 3], glorotUniform);
      forward(t: Tensor): Tensor {
        return t.matmul(this.gain.value).sin();
      }
    }
    const found = lines(explain(sequential(dense(2, 3), new Scale())));
    expect(found).toContain("z⁽²⁾ = Scale( a⁽¹⁾ ; gain⁽²⁾ )");
    expect(found.join("\n")).toContain("∂L/∂a⁽¹⁾ = (∂z⁽²⁾/∂a⁽¹⁾)ᵀ · δ⁽²⁾\n[n, 3] [n, 3, n, 3] [n, 3]");
    expect(found.join("\n")).toContain("∂L/∂gain⁽²⁾ = (∂z⁽²⁾/∂gain⁽²⁾)ᵀ · δ⁽²⁾\n[3, 3] [3, 3, n, 3] [n, 3]");
  });

  it("takes the shape of an example where the model does not tell it", () => {
    const found = explain(sequential(flatten(), dense(6, 1)), { inputShape: [2, 3] });
    expect(lines(found).slice(2, 4)).toEqual(["u₁ = flatten( x )", "[n, 6] [n, 2, 3]"]);
  });
});

describe("with numbers", () => {
  // By hand: z = 3·0.5 + 1 = 2.5, L = (2.5 − 2)² = 0.25, ∂L/∂ŷ = 2·0.5 = 1, ∂L/∂W = 3·1.
  const model = dense(1, 1, { weightInit: constant(0.5), biasInit: constant(1) });
  const example = { x: tensor([[3]]), y: tensor([[2]]) };

  it("fills in those of an example", () => {
    expect(explain(model, example)).toBe(
      [
        "Forward",
        "───────",
        "   z⁽¹⁾  =   x    ·  W⁽¹⁾  + b⁽¹⁾",
        "  [1, 1]   [1, 1]   [1, 1]   [1]",
        "    = [[3]] · [[0.5]] + [1]",
        "    = [[2.5]]",
        "   a⁽¹⁾  =  z⁽¹⁾",
        "  [1, 1]   [1, 1]",
        "    = [[2.5]]",
        "    ŷ    =  a⁽¹⁾",
        "  [1, 1]   [1, 1]",
        "    = [[2.5]]",
        "  L  = 1/N Σ (ŷ − y)²",
        "  []",
        "    = 0.25",
        "",
        "Backward",
        "────────",
        "  ∂L/∂ŷ  = 2/N (ŷ − y)",
        "  [1, 1]",
        "    = [[1]]",
        "  ∂L/∂a⁽¹⁾ = ∂L/∂ŷ",
        "   [1, 1]    [1, 1]",
        "    = [[1]]",
        "   δ⁽¹⁾  = ∂L/∂a⁽¹⁾",
        "  [1, 1]    [1, 1]",
        "    = [[1]]",
        "  ∂L/∂W⁽¹⁾ =   xᵀ   ·  δ⁽¹⁾",
        "   [1, 1]    [1, 1]   [1, 1]",
        "    = [[3]] · [[1]]",
        "    = [[3]]",
        "  ∂L/∂b⁽¹⁾ = Σₙ  δ⁽¹⁾",
        "    [1]         [1, 1]",
        "    = Σₙ [[1]]",
        "    = [1]",
      ].join("\n"),
    );
  });

  it("sets LaTeX", () => {
    const latex = explain(model, { ...example, format: "latex" });
    expect(latex.split("\n").slice(0, 7)).toEqual([
      "% Forward",
      "\\[",
      "\\begin{aligned}",
      "  \\underset{1 \\times 1}{z^{(1)}} &= \\underset{1 \\times 1}{x} \\cdot \\underset{1 \\times 1}{W^{(1)}} + \\underset{1}{b^{(1)}} \\\\",
      "  &= \\begin{pmatrix} 3 \\end{pmatrix} \\cdot \\begin{pmatrix} 0.5 \\end{pmatrix} + \\begin{pmatrix} 1 \\end{pmatrix} \\\\",
      "  &= \\begin{pmatrix} 2.5 \\end{pmatrix} \\\\",
      "  \\underset{1 \\times 1}{a^{(1)}} &= \\underset{1 \\times 1}{z^{(1)}} \\\\",
    ]);
    expect(latex).toContain("{x}^{\\top}");
    const symbols = explain(sequential(dense(2, 3), relu), { format: "latex" });
    expect(symbols).toContain(
      "\\underset{n \\times 3}{a^{(1)}} &= \\operatorname{relu}( \\underset{n \\times 3}{z^{(1)}} )",
    );
    // As many braces are opened as are closed.
    for (const text of [latex, symbols]) expect(text.match(/\{/g)?.length).toBe(text.match(/\}/g)?.length);
    const tiny = dense(1, 1, { weightInit: constant(1e-6), dtype: "float64" });
    const one = tensor([[1]], { dtype: "float64" });
    expect(explain(tiny, { x: one, y: one, format: "latex" })).toContain("1 \\cdot 10^{-6}");
  });

  it("shows the beginning of long tensors", () => {
    const wide = dense(20, 20);
    const [x, y] = [tensor(new Float32Array(20)).reshape([1, 20]), tensor(new Float32Array(20)).reshape([1, 20])];
    expect(explain(wide, { x, y })).toContain("= [[0, 0, 0, 0, 0, 0, 0, 0, …]] ·");
    expect(explain(wide, { x, y, format: "latex" })).toContain("\\cdots \\\\ \\vdots \\end{pmatrix}");
  });

  it.each([
    [[dense(2, 2)], tensor([1], { dtype: "int32" }), "−1/n Σ e(y) log softmax(ŷ)"],
    [[dense(2, 2), softmax], tensor([1], { dtype: "int32" }), "−1/n Σ e(y) log ŷ"],
    [[dense(2, 1), sigmoid], tensor([[1]]), "−1/N Σ (y log ŷ + (1 − y) log(1 − ŷ))"],
    [[dense(2, 1)], tensor([[1]]), "1/N Σ (ŷ − y)²"],
  ])("chooses the loss that goes with the last layer and the targets: case %#", (layers, y, expected) => {
    expect(lines(explain(sequential(...layers), { x: tensor([[1, 2]]), y }))).toContain(`L = ${expected}`);
  });
});

it("explains a compiled program still", () => {
  expect(explain(compile((t: Tensor) => t.sin().sum()).program(tensor([1, 2])))).toContain("Kernels (1)");
});

describe("refuses", () => {
  const one = tensor([[1]]);
  it.each([
    [{ x: one }, "explain: x and y are given together, or neither: the numbers of an example need its target."],
    [{ x: [[1]], y: one }, "explain: x is an array, not a tensor"],
    [{ format: "html" }, 'explain: format must be one of "text", "latex"; it is "html".'],
    [{ mode: "use" }, 'explain: mode must be one of "training", "evaluation"; it is "use".'],
    [{ loss: "mse" }, 'explain: the loss must be a function such as meanSquaredError; it is "mse".'],
    [{ inputShape: 3 }, "explain: inputShape must be an array such as [784]; it is 3."],
    [{ inputShape: [0.5] }, "explain: each extent of inputShape must be an integer ≥ 0; it is 0.5."],
    [{ latex: true }, 'explain: unknown option "latex"; there are x, y, loss, inputShape, format, mode.'],
  ])("the options %o", (options, message) => {
    expect(() => explain(dense(1, 1), options as never)).toThrow(message);
  });

  it.each([
    [3, "it is 3."],
    [undefined, "it is undefined."],
    [compile((t: Tensor) => t.sin()), "it is the function compiled."],
  ])("what is neither model nor program", (what, found) => {
    expect(() => explain(what as never)).toThrow(
      "explain: takes a model, such as sequential(…) or a class that extends Module, or a compiled program, from " +
        `compile(f).program(...args) or trainStep(…).program(batch); ${found}`,
    );
  });

  it("to guess the shape of an example", () => {
    class Shift extends Module {
      shift = new Param([2], constant(0));
      forward(t: Tensor): Tensor {
        return t.add(this.shift.value);
      }
    }
    expect(() => explain(new Shift())).toThrow(
      "explain: the shape of an example does not follow from the model; give inputShape, such as [784].",
    );
    expect(explain(new Shift(), { inputShape: [2] })).toContain("Shift(");
  });

  it("models that give no tensor", () => {
    class Pair extends Module<[Tensor], Tensor> {
      inner = dense(1, 1);
      forward(t: Tensor): Tensor {
        return [this.inner(t)] as never;
      }
    }
    expect(() => explain(new Pair())).toThrow("explain: the model must give one tensor.");
  });
});
