/** The equations of networks that are no chain of dense layers: what is printed is worked out and compared. */
import { describe, expect, it } from "vitest";
import { backprop, explain } from "../../../src/check/index.ts";
import { concatenate, random, scan, type Tensor, tensor } from "../../../src/index.ts";
import { halfSquaredError } from "../../../src/loss/index.ts";
import {
  batchNorm,
  constant,
  dense,
  dropout,
  evaluation,
  flatten,
  gaussianNoise,
  interactions,
  layerNorm,
  Module,
  normal,
  Param,
  params,
  perceptron,
  prelu,
  relu,
  sequential,
  sigmoid,
  softmax,
  tanh,
  training,
} from "../../../src/nn/index.ts";
import { checkEquations } from "./evaluate.ts";

const f64 = { dtype: "float64" } as const;
const wide = { ...f64, weightInit: normal({ deviation: 0.7 }), biasInit: normal({ deviation: 0.7 }) };
const lines = (text: string): string[] => text.split("\n").map((line) => line.trim().replace(/ +/g, " "));

class Residual extends Module {
  inner = dense(3, 3, wide);
  forward(t: Tensor): Tensor {
    return t.add(tanh(this.inner(t)));
  }
}

class Tied extends Module {
  encoder = dense(3, 2, wide);
  shift = new Param([3], normal(), f64);
  forward(t: Tensor): Tensor {
    const code = tanh(this.encoder(t));
    return code.matmul(this.encoder.weight.value.transpose()).add(this.shift.value);
  }
}

class Gated extends Module {
  value = dense(3, 2, wide);
  gate = dense(3, 2, wide);
  forward(t: Tensor): Tensor {
    return this.value(t)
      .mul(sigmoid(this.gate(t)))
      .mul(3)
      .sub(this.value(t));
  }
}

class Joined extends Module {
  first = dense(3, 2, wide);
  last = dense(5, 2, wide);
  forward(t: Tensor): Tensor {
    return this.last(concatenate([relu(this.first(t)), t], -1));
  }
}

class Weighted extends Module {
  inner = dense(3, 3, wide);
  mix = new Param([3, 2], normal({ deviation: 0.7 }), f64);
  forward(t: Tensor): Tensor {
    return tanh(this.inner(t)).add(t).matmul(this.mix.value);
  }
}

class Twice extends Module {
  heads = dense(3, 2, wide);
  forward(t: Tensor): Tensor {
    return tanh(this.heads(t)).add(sigmoid(this.heads(t)));
  }
}

class Methods extends Module {
  first = dense(3, 2, wide);
  second = dense(2, 2, wide);
  forward(t: Tensor): Tensor {
    const hidden = this.first(t).tanh();
    return hidden.mul(0.5).sub(this.second(hidden).sigmoid().mul(2)).add(hidden.div(4)).relu();
  }
}

class Attention extends Module {
  query = dense(3, 2, wide);
  key = dense(3, 2, wide);
  value = dense(3, 2, wide);
  forward(t: Tensor): Tensor {
    return softmax(this.query(t).matmul(this.key(t).transpose())).matmul(this.value(t));
  }
}

const shared = dense(3, 3, wide);
const normalized = (): Module => {
  const model = sequential(
    dense(3, 4, wide),
    batchNorm(4, f64),
    relu,
    layerNorm(4, f64),
    prelu(4),
    prelu(),
    dense(4, 2, wide),
  );
  for (const [name, param] of Object.entries(params(model))) {
    if (/gamma|beta/.test(name)) param.value = random.normal(random.key(name.length), [4], f64);
  }
  training(() => model(random.normal(random.key(9), [6, 3], f64))); // moves the running statistics
  return model;
};

const MODELS: [string, Module, "training" | "evaluation"][] = [
  ["a chain", sequential(dense(3, 4, wide), tanh, dense(4, 2, wide), softmax), "training"],
  ["one layer used three times", sequential(shared, tanh, shared, sigmoid, shared), "training"],
  ["one layer called twice on the same input", new Twice(), "training"],
  ["residual connections", sequential(new Residual(), new Residual(), dense(3, 2, wide)), "training"],
  ["a residual connection at the end", sequential(dense(3, 3, wide), new Residual()), "training"],
  ["a weight that is used again, transposed", new Tied(), "training"],
  ["a gate", new Gated(), "training"],
  ["activations called as methods", new Methods(), "training"],
  ["attention", new Attention(), "training"],
  ["a concatenation", new Joined(), "training"],
  ["a module with a parameter and a layer of its own", new Weighted(), "training"],
  ["normalizations and prelu", normalized(), "training"],
  ["normalizations in use", normalized(), "evaluation"],
  [
    "dropout and noise",
    sequential(gaussianNoise(0.3), dense(3, 4, wide), tanh, dropout(0.4), dense(4, 2, wide)),
    "training",
  ],
  ["activations in front", sequential(tanh, relu, dense(3, 2, wide)), "training"],
  ["features", sequential(interactions(2), dense(6, 2, wide)), "training"],
  ["perceptrons", sequential(dense(3, 2, wide), perceptron(2, 2, f64), dense(2, 2, wide)), "training"],
];

describe("with numbers, the right side of each equation is its left side", () => {
  it.each(MODELS)("for %s", (_, model, mode) => {
    const x = random.normal(random.key(4), [4, 3], f64);
    const y = random.normal(
      random.key(5),
      [...(mode === "training" ? training(() => model(x)) : evaluation(() => model(x))).shape],
      f64,
    );
    const text = explain(model, { x, y, loss: halfSquaredError, mode });
    const checked = checkEquations(text);
    // Numbers are printed with six digits.
    for (const { left, difference } of checked) expect([left, difference < 1e-4]).toEqual([left, true]);
    expect(checked.length).toBeGreaterThan(3);
    expect(text).not.toContain("sum of what comes back");
    // Every gradient is there, once, and is that of backprop.
    const passed = backprop(model, halfSquaredError, x, y, { mode });
    const [, backward = ""] = text.split("Backward");
    expect(backward.match(/^ +∂L\/∂[Wbγβsmi]\S* += /gm)?.length).toBe(Object.keys(passed.gradients).length);
  });
});

describe("examples with more axes than two", () => {
  it.each([[[2, 3, 3]], [[3]]])("of shape %o: leading axes are one", (shape) => {
    const model = sequential(dense(3, 2, wide), tanh, dense(2, 2, wide));
    const x = random.normal(random.key(4), shape, f64);
    const y = random.normal(random.key(5), [...model(x).shape], f64);
    const passed = backprop(model, halfSquaredError, x, y);
    const text = explain(model, { x, y, loss: halfSquaredError });
    const rows = (t: Tensor): Tensor => t.reshape([-1, t.shape.at(-1) as number]);
    const [first] = passed.layers;
    const product = rows(first?.input as Tensor)
      .transpose()
      .matmul(rows(first?.delta as Tensor));
    expect(
      product
        .sub(passed.gradients["0.weight"] as Tensor)
        .abs()
        .max()
        .itemSync(),
    ).toBeLessThan(1e-14);
    expect(lines(text)).toContain("∂L/∂W⁽¹⁾ = rows(x)ᵀ · rows(δ⁽¹⁾)");
  });

  it("writes the number of rows as a multiple of n", () => {
    const text = explain(dense(3, 2), { inputShape: [5, 3] });
    expect(lines(text).join("\n")).toContain("∂L/∂W⁽¹⁾ = rows(x)ᵀ · rows(δ⁽¹⁾)\n[3, 2] [3, 5n] [5n, 2]");
    expect(lines(text).join("\n")).toContain("∂L/∂b⁽¹⁾ = Σₙ rows(δ⁽¹⁾)");
  });
});

describe("shared parameters", () => {
  it("have one name, and a gradient with a term for each use", () => {
    const layer = dense(2, 2);
    const found = lines(explain(sequential(layer, tanh, layer)));
    expect(found).toContain("z⁽²⁾ = a⁽¹⁾ · W⁽¹⁾ + b⁽¹⁾");
    expect(found).toContain("∂L/∂W⁽¹⁾ = xᵀ · δ⁽¹⁾ + a⁽¹⁾ᵀ · δ⁽²⁾");
    expect(found).toContain("∂L/∂b⁽¹⁾ = Σₙ δ⁽¹⁾ + Σₙ δ⁽²⁾");
    expect(found.filter((line) => line.startsWith("∂L/∂W"))).toHaveLength(1);
    // By hand: L = (w²·x)² with w = 3, x = 2, so δ² = 36, δ¹ = 108 and ∂L/∂w = 2·108 + 6·36 = 432.
    const one = dense(1, 1, { bias: false, weightInit: constant(3) });
    const text = explain(sequential(one, one), { x: tensor([[2]]), y: tensor([[0]]), loss: (p) => p.square().sum() });
    expect(text).toContain("= [[2]] · [[108]] + [[6]] · [[36]]\n    = [[432]]");
  });

  it("that a module uses beside the layer that holds them are followed too", () => {
    const found = lines(explain(new Tied(), { inputShape: [3] }));
    expect(found).toContain("z⁽²⁾ = Tied( a⁽¹⁾ ; W⁽¹⁾ , shift⁽²⁾ )");
    expect(found).toContain("∂L/∂W⁽¹⁾ = xᵀ · δ⁽¹⁾ + (∂z⁽²⁾/∂W⁽¹⁾)ᵀ · δ⁽²⁾");
    class Autoencoder extends Module {
      encoder = dense(3, 2);
      forward(t: Tensor): Tensor {
        return tanh(this.encoder(t)).matmul(this.encoder.weight.value.transpose());
      }
    }
    const tied = lines(explain(new Autoencoder()));
    expect(tied).toContain("ŷ = a⁽¹⁾ · W⁽¹⁾ᵀ");
    expect(tied).toContain("∂L/∂a⁽¹⁾ = ∂L/∂ŷ · W⁽¹⁾");
    expect(tied).toContain("∂L/∂W⁽¹⁾ = xᵀ · δ⁽¹⁾ + (∂L/∂ŷ)ᵀ · a⁽¹⁾");
  });

  it("of layers that a loop calls have the Jacobian of what it makes", () => {
    class Recurrent extends Module {
      cell = dense(2, 2);
      forward(t: Tensor): Tensor {
        return scan((c: Tensor) => [this.cell(c).tanh(), null], t, null, { length: 3 })[0] as Tensor;
      }
    }
    const found = lines(explain(new Recurrent()));
    expect(found).toContain("ŷ = f( cell.weight , cell.bias , x )");
    expect(found).toContain("∂L/∂cell.weight = (∂ŷ/∂cell.weight)ᵀ · ∂L/∂ŷ");
  });
});

it("writes activations that are called as methods, and sums with factors", () => {
  const found = lines(explain(new Methods()));
  expect(found).toContain("u₁ = tanh( a⁽¹⁾ )");
  expect(found).toContain("u₃ = 0.75 · u₁ − 2 · u₂");
  expect(found).toContain("∂L/∂u₂ = − 2 · ∂L/∂u₃");
  expect(found).toContain("∂L/∂u₃ = ∂L/∂u₄ ⊙ [u₃ > 0]");
});

describe("layers of the library", () => {
  const found = lines(
    explain(sequential(dense(2, 3), batchNorm(3), relu, dropout(0.9), layerNorm(3), prelu(3), prelu(), dense(3, 1))),
  );
  it.each([
    "μ⁽²⁾ = meanₙ( a⁽¹⁾ )",
    "s⁽²⁾ = √(meanₙ( ( a⁽¹⁾ − μ⁽²⁾ )² ) + 1e−5)",
    "x̂⁽²⁾ = ( a⁽¹⁾ − μ⁽²⁾ ) / s⁽²⁾",
    "z⁽²⁾ = γ⁽²⁾ ⊙ x̂⁽²⁾ + β⁽²⁾",
    "δ⁽²⁾ = ∂L/∂a⁽²⁾ ⊙ mask/0.1 ⊙ [z⁽²⁾ > 0]",
    "∂L/∂γ⁽²⁾ = Σₙ δ⁽²⁾ ⊙ x̂⁽²⁾",
    "∂L/∂β⁽²⁾ = Σₙ δ⁽²⁾",
    "∂L/∂x̂⁽²⁾ = δ⁽²⁾ ⊙ γ⁽²⁾",
    "∂L/∂a⁽¹⁾ = ( ∂L/∂x̂⁽²⁾ − meanₙ( ∂L/∂x̂⁽²⁾ ) − x̂⁽²⁾ ⊙ meanₙ( ∂L/∂x̂⁽²⁾ ⊙ x̂⁽²⁾ ) ) / s⁽²⁾",
    "μ⁽³⁾ = meanⱼ( a⁽²⁾ )",
    "∂L/∂a⁽²⁾ = ( ∂L/∂x̂⁽³⁾ − meanⱼ( ∂L/∂x̂⁽³⁾ ) − x̂⁽³⁾ ⊙ meanⱼ( ∂L/∂x̂⁽³⁾ ⊙ x̂⁽³⁾ ) ) / s⁽³⁾",
    "z⁽⁴⁾ = max(0, a⁽³⁾ ) + slope⁽⁴⁾ ⊙ min(0, a⁽³⁾ )",
    "∂L/∂a⁽³⁾ = δ⁽⁴⁾ ⊙ ([ a⁽³⁾ > 0] + slope⁽⁴⁾ ⊙ [ a⁽³⁾ ≤ 0])",
    "∂L/∂slope⁽⁴⁾ = Σₙ δ⁽⁴⁾ ⊙ min(0, a⁽³⁾ )",
    "∂L/∂slope⁽⁵⁾ = Σₙⱼ δ⁽⁵⁾ ⊙ min(0, a⁽⁴⁾ )",
  ])("%s", (line) => {
    expect(found).toContain(line);
  });

  it("have running statistics in use", () => {
    const used = lines(explain(batchNorm(3), { inputShape: [3], mode: "evaluation" }));
    expect(used).toContain("μ⁽¹⁾ = running mean");
    expect(used).toContain("s⁽¹⁾ = √(running variance + ε)");
    const before = lines(explain(sequential(dense(2, 3), batchNorm(3)), { mode: "evaluation" }));
    expect(before).toContain("∂L/∂a⁽¹⁾ = ∂L/∂x̂⁽²⁾ / s⁽²⁾");
  });

  it("in front of the first with parameters have a name too", () => {
    const front = lines(explain(sequential(gaussianNoise(0.1), flatten(), dense(6, 2)), { inputShape: [2, 3] }));
    expect(front).toContain("u₁ = gaussianNoise( x )");
    expect(front).toContain("u₂ = flatten( u₁ )");
    expect(front).toContain("∂L/∂u₁ = reshape( ∂L/∂u₂ )");
  });
});

describe("LaTeX", () => {
  const latex = explain(normalized(), { format: "latex", inputShape: [3] });
  it("is two display formulas that can be pasted into a document, in plain ASCII", () => {
    expect(latex.match(/^\\\[$/gm)).toHaveLength(2);
    expect(latex.match(/^\\\]$/gm)).toHaveLength(2);
    for (const [, model, mode] of MODELS) {
      const [x, y] = [random.normal(random.key(4), [4, 3], f64), random.normal(random.key(5), [4, 2], f64)];
      if (model(x).shape[1] !== 2) continue;
      const text = explain(model, { x, y, mode, format: "latex", loss: halfSquaredError });
      expect([...text].filter((c) => c.charCodeAt(0) > 126)).toEqual([]);
      expect(text.match(/\{/g)?.length).toBe(text.match(/\}/g)?.length);
      expect(text.match(/\\left/g)?.length).toBe(text.match(/\\right/g)?.length);
      // After a line break, a bracket would be taken for an argument.
      expect(text).not.toMatch(/\\\\\s*\[/);
      expect(text).not.toMatch(/f'/);
    }
  });

  it("writes derivatives as formulas", () => {
    const found = explain(sequential(dense(2, 2), tanh, dropout(0.9), dense(2, 2), sigmoid), { format: "latex" });
    expect(found).toContain("\\mathrm{mask} / 0.1 \\odot (1 - \\tanh^2(z^{(1)}))");
    expect(found).toContain("\\sigma(z^{(2)}) \\odot (1 - \\sigma(z^{(2)}))");
    expect(latex).toContain(
      "( \\underset{n \\times 4}{\\frac{\\partial L}{\\partial \\hat x^{(2)}}} - \\operatorname{mean}_n(",
    );
  });

  it("escapes names", () => {
    class My_Layer extends Module {
      my_gain = new Param([2], constant(1));
      forward(t: Tensor): Tensor {
        return t.mul(this.my_gain.value).exp();
      }
    }
    const found = explain(new My_Layer(), { inputShape: [2], format: "latex" });
    expect(found).toContain("\\operatorname{My\\_Layer}(");
    expect(found).toContain("\\mathrm{my\\_gain}^{(1)}");
  });
});
