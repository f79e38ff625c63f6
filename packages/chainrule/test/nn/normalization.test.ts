import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { loadModel, saveModel } from "../../src/io/index.ts";
import {
  type BatchNorm,
  batchNorm,
  dense,
  exampleWeights,
  functional,
  type LayerNorm,
  layerNorm,
  params,
  sequential,
  states,
  training,
  withExampleWeights,
} from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, hvp } from "../../src/transform/index.ts";

const double = (values: unknown): Tensor => tensor(values as number[], { dtype: "float64" });
const numbers = (t: Tensor): number[] => [...t.dataSync()];

/** Every number to 12 digits, or to so many as `digits` says. */
function expectClose(found: Tensor, expected: unknown, digits = 12): void {
  const [all, wanted] = [numbers(found), numbers(double(expected))];
  expect(all.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs((all[i] as number) - value)).toBeLessThanOrEqual(10 ** -digits * Math.max(1, Math.abs(value)));
  });
}

// PyTorch 1.13.0 in float64: torch.nn.BatchNorm1d(3) and torch.nn.LayerNorm(3) with these weights and biases; y, the loss
// Σ c·y², torch.autograd.grad of it by x, weight and bias, and of ⟨∂loss/∂x, v⟩ by x.
const x = double([
  [1, -2, 0.5],
  [2, 0.25, -1.5],
  [-0.5, 1, 3],
  [4, -1.25, 0.75],
]);
const c = double([
  [0.5, -1, 2],
  [1.5, 0.25, -0.75],
  [-2, 1, 0.5],
  [1, 3, -1.5],
]);
const v = double([
  [1, 0.5, -1],
  [0, 2, 1],
  [-1, 0.5, 0.25],
  [0.75, -1.5, 1],
]);
const torch = {
  batchNorm: {
    y: [
      [-0.4735382613894341, 0.4324532833148884, 0.06484192186784521],
      [0.44412295683366043, -0.5162266416574443, -2.4435109115418063],
      [-1.850030088724076, -0.8324532833148884, 3.2002829636299097],
      [2.2794453932798495, 0.1162266416574442, 0.37838602604405164],
    ],
    gradients: {
      x: [
        [-3.5953028903545947, 0.3598051669884224, -1.569791942501284],
        [-1.5858581539805732, -0.21928160093015578, 2.5201399584171384],
        [3.101697570750408, 0.2661253436206366, 2.345717016664542],
        [2.0794634735847586, -0.4066489096789032, -3.296065032580396],
      ],
      gamma: [-2.5096752016968003, -1.6162173972787375, -0.4619725259053428],
      beta: [12.81784175056755, -2.0905666041436106, 5.989758940281845],
    },
    hvp: [
      [1.2915710889885044, 0.4357320486814975, -5.581126072536242],
      [-0.4183447504823531, 0.27890873293682683, 3.7248062355453846],
      [-1.816754703156637, -0.2559694096830351, 2.491225684874395],
      [0.9435283646504861, -0.45867137193528934, -0.6349058478835371],
    ],
  },
  layerNorm: {
    y: [
      [1.4334974620633754, 0.4984986706046251, 1.3159980663340003],
      [1.937112808041118, -0.2, -2.149483744054824],
      [-1.6437103397048645, -0.1418763220098379, 2.857441831567135],
      [2.06444450170167, 0.35851853479753365, -0.08518519641209227],
    ],
    gradients: {
      x: [
        [-3.190441071786872, -0.6381034582246956, 3.8285445300115684],
        [1.7572703926271673, -3.5145330090236846, 1.7572626163965177],
        [2.0962493767323958, -3.668426257889719, 1.5721768811573238],
        [0.13623532386422915, 0.22137255848105802, -0.3576078823452867],
      ],
      gamma: [6.156002613289206, -0.9770828315527972, 2.3299113852526716],
      beta: [17.948566248409527, 0.7703612235562758, 11.601215302221648],
    },
    hvp: [
      [5.70858615788905, -1.7934706198053303, -3.915115538083718],
      [2.1840744460077888, -1.3557154101309707, -0.8283590358768183],
      [-1.696710481322112, 1.2005449962788992, 0.49616548504321323],
      [0.9521408020840553, 1.2534912088039314, -2.2056320108879865],
    ],
  },
};

function withTorchWeights<L extends BatchNorm | LayerNorm>(layer: L): L {
  layer.gamma.value = double([1.5, -0.5, 2]);
  layer.beta.value = double([0.1, -0.2, 0.3]);
  return layer;
}
const make = {
  batchNorm: () => withTorchWeights(batchNorm(3, { dtype: "float64" })),
  layerNorm: () => withTorchWeights(layerNorm(3, { dtype: "float64" })),
};

describe.each(["batchNorm", "layerNorm"] as const)("%s agrees with PyTorch", (name) => {
  const expected = torch[name];
  const loss = (layer: BatchNorm | LayerNorm) => (t: Tensor) => training(() => layer(t).square().mul(c).sum());

  it("in its values, eagerly and compiled", () => {
    expectClose(
      training(() => make[name]()(x)),
      expected.y,
    );
    const layer = make[name]();
    expectClose(compile((t: Tensor) => training(() => layer(t)))(x), expected.y);
  });

  it("in its gradients by input, γ and β", () => {
    const layer = make[name]();
    expectClose(grad(loss(layer))(x), expected.gradients.x);
    const { parameters, apply } = functional<[Tensor], Tensor>(layer);
    const { gamma, beta } = grad((theta: typeof parameters) =>
      training(() => apply(theta, x))
        .square()
        .mul(c)
        .sum(),
    )(parameters);
    expectClose(gamma as Tensor, expected.gradients.gamma);
    expectClose(beta as Tensor, expected.gradients.beta);
  });

  it("in its second derivatives", () => {
    expectClose(hvp(loss(make[name]()))(x, v), expected.hvp, 11);
  });
});

describe("batchNorm", () => {
  it("keeps running statistics as PyTorch does, and uses them in evaluation", () => {
    // torch.nn.BatchNorm1d(3) of PyTorch 1.13.0, called with x, then with 2x + 1, then in evaluation mode with x.
    const layer = make.batchNorm();
    training(() => layer(x));
    expectClose(layer.mean.value, [0.1625, -0.05, 0.06875]);
    expectClose(layer.variance.value, [1.25625, 1.0875, 1.2390625]);
    training(() => layer(x.mul(2).add(1)));
    expectClose(layer.mean.value, [0.57125, -0.045, 0.299375]);
    expectClose(layer.variance.value, [2.555625, 1.72875, 2.47140625]);
    expectClose(layer(x), [
      [0.5022962445870329, 0.5434459730865047, 0.5552360979208735],
      [1.4405965235072264, -0.31218238468568743, -1.9891736009787997],
      [-0.9051541737932574, -0.5973918372764182, 3.7357482215454647],
      [3.3171970813476133, 0.258236520495774, 0.8732873102833326],
    ]);
    expectClose(layer.mean.value, [0.57125, -0.045, 0.299375]);
  });

  it("takes statistics over all axes but the last", () => {
    // torch.nn.BatchNorm1d(2, eps=0.1, momentum=0.25) of PyTorch 1.13.0, whose features are the middle axis.
    const layer = batchNorm(2, { epsilon: 0.1, momentum: 0.25, dtype: "float64" });
    const deep = double([
      [
        [1, -2],
        [0.5, 3],
        [2, 0],
      ],
      [
        [-1, 5],
        [4, 0.25],
        [0, -3],
      ],
    ]);
    expectClose(
      training(() => layer(deep)),
      [
        [
          [-0.05133946477244101, -0.9189206687134288],
          [-0.35937625340708734, 0.8887921221982346],
          [0.5647341124968517, -0.19583555234876351],
        ],
        [
          [-1.2834866193110261, 1.6118772385628997],
          [1.7968812670354373, -0.10544991280318035],
          [-0.6674130420417337, -1.2804632268957614],
        ],
      ],
    );
    expectClose(layer.mean.value, [0.2708333333333333, 0.13541666666666666]);
    expectClose(layer.variance.value, [1.5104166666666667, 3.0151041666666663]);
  });

  it("leaves rows of weight 0 out of everything, and counts the others once", () => {
    const [alone, filled] = [make.batchNorm(), make.batchNorm()];
    const y = training(() => alone(x));
    const more = double([...(x.arraySync() as number[][]), [1e3, 1e3, -1e3], [7, Number.NaN, 7]]);
    const weights = tensor([1, 0.5, 3, 1e-3, 0, 0]);
    const z = withExampleWeights(weights, () => training(() => filled(more)));
    expectClose(z.slice(0, 0, 4), y.arraySync());
    expectClose(filled.mean.value, alone.mean.value.arraySync());
    expectClose(filled.variance.value, alone.variance.value.arraySync());
    const loss = (layer: BatchNorm) => (t: Tensor) => training(() => layer(t).slice(0, 0, 4).square().mul(c).sum());
    const masked = withExampleWeights(weights, () => grad(loss(filled))(more));
    expectClose(masked.slice(0, 0, 4), torch.batchNorm.gradients.x);
    expect(numbers(masked.slice(0, 4, 5))).toEqual([0, 0, 0]);
  });

  it("leaves the running statistics alone where fewer than two rows count", () => {
    const layer = make.batchNorm();
    for (const weights of [
      [1, 0, 0, 0],
      [0, 0, 0, 0],
    ]) {
      const y = withExampleWeights(tensor(weights), () => training(() => layer(x)));
      expect(numbers(y).every(Number.isFinite)).toBe(true);
      expect(numbers(layer.mean.value)).toEqual([0, 0, 0]);
      expect(numbers(layer.variance.value)).toEqual([1, 1, 1]);
    }
  });

  it("takes weights for another number of rows as those of something else", () => {
    const layer = make.batchNorm();
    expectClose(
      withExampleWeights(tensor([1, 0]), () => training(() => layer(x))),
      torch.batchNorm.y,
    );
  });

  it("is exact where the mean is large: variance in two passes", () => {
    // 0, 1, 2, 3 have mean 1.5 and variance 1.25; 2¹² and 2²⁰ are added exactly. E[x²] − E[x]² would be 0 in float32.
    const steps = [0, 1, 2, 3];
    const offset = tensor(steps.map((step) => [4096 + step, 2 ** 20 + step]));
    const y = training(() => batchNorm(2, { epsilon: 1e-12 })(offset));
    const expected = steps.map((step) => (step - 1.5) / Math.sqrt(1.25));
    expectClose(
      y,
      expected.map((value) => [value, value]),
      6,
    );
  });

  it("gives β, and no NaN in derivatives, where a feature is constant", () => {
    const layer = batchNorm(1);
    layer.beta.value = tensor([3]);
    const same = tensor([[5], [5], [5]]);
    const loss = (t: Tensor) => training(() => layer(t).square().sum());
    expect(numbers(training(() => layer(same)))).toEqual([3, 3, 3]);
    expect(numbers(grad(loss)(same))).toEqual([0, 0, 0]);
    expect(numbers(hvp(loss)(same, tensor([[1], [0], [0]]))).every(Number.isFinite)).toBe(true);
  });

  it("is saved and loaded with its states and settings", async () => {
    const model = sequential(
      dense(3, 2),
      batchNorm(2, { momentum: 0.5, epsilon: 1e-3 }),
      layerNorm(2, { epsilon: 1e-4 }),
    );
    training(() =>
      model(
        tensor([
          [1, 2, 3],
          [3, 1, 0.5],
        ]),
      ),
    );
    const loaded = (await loadModel(await saveModel(model))) as typeof model;
    const values = (m: typeof model) =>
      Object.entries({ ...params(m), ...states(m) }).map(([name, box]) => [name, box.value.arraySync()]);
    expect(Object.fromEntries(values(loaded))).toEqual(Object.fromEntries(values(model)));
    expect(loaded.layers.slice(1).map((layer) => (layer as BatchNorm).config())).toEqual([
      { features: 2, momentum: 0.5, epsilon: 1e-3, dtype: "float32" },
      { features: 2, epsilon: 1e-4, dtype: "float32" },
    ]);
    const input = tensor([[1, 0, -1]]);
    expect(loaded(input).arraySync()).toEqual(model(input).arraySync());
  });

  it("leaves γ and β out of penalties", () => {
    for (const layer of [batchNorm(2), layerNorm(2)]) {
      expect(Object.values(params(layer)).map(({ regularize }) => regularize)).toEqual([false, false]);
    }
  });
});

describe("layerNorm", () => {
  it("is the same in training, in evaluation and for each row alone", () => {
    const layer = make.layerNorm();
    expectClose(layer(x), torch.layerNorm.y);
    for (const [i, row] of (x.arraySync() as number[][]).entries()) {
      expectClose(
        training(() => layer(double(row))),
        torch.layerNorm.y[i],
      );
    }
  });

  it("is exact where the mean is large, and finite where a row is constant", () => {
    const y = layerNorm(4, { epsilon: 1e-12 })(tensor([0, 1, 2, 3].map((step) => 2 ** 20 + step)));
    expectClose(
      y,
      [0, 1, 2, 3].map((step) => (step - 1.5) / Math.sqrt(1.25)),
      6,
    );
    const loss = (t: Tensor) => layerNorm(2)(t).square().sum();
    expect(numbers(grad(loss)(tensor([7, 7])))).toEqual([0, 0]);
  });
});

describe("exampleWeights", () => {
  it("are there inside of withExampleWeights only, also after an error", () => {
    const weights = tensor([1, 0]);
    expect(withExampleWeights(weights, exampleWeights)).toBe(weights);
    expect(() =>
      withExampleWeights(weights, () => {
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(exampleWeights()).toBeUndefined();
  });

  it("refuse asynchronous functions", () => {
    expect(() => withExampleWeights(tensor([1]), async () => 1)).toThrow(
      "withExampleWeights: the function is asynchronous.",
    );
  });
});

describe("the errors of normalizations", () => {
  it("name settings that cannot be", () => {
    expect(() => batchNorm(0)).toThrow("batchNorm: the number of features must be an integer ≥ 1; it is 0.");
    expect(() => layerNorm(1.5)).toThrow("layerNorm: the number of features must be an integer ≥ 1; it is 1.5.");
    expect(() => batchNorm(2, { momentum: 2 })).toThrow(
      "batchNorm: momentum must be a finite number ≥ 0 and ≤ 1; it is 2.",
    );
    expect(() => batchNorm(2, { epsilon: 0 })).toThrow("batchNorm: epsilon must be a finite number > 0; it is 0.");
    expect(() => layerNorm(2, { eps: 1 } as never)).toThrow(
      'layerNorm: unknown option "eps"; there are epsilon, dtype.',
    );
    expect(() => batchNorm(2, { axis: 1 } as never)).toThrow(
      'batchNorm: unknown option "axis"; there are momentum, epsilon, dtype.',
    );
  });

  it("name inputs that do not fit", () => {
    const layer = batchNorm(3);
    expect(() => layer(tensor([[1, 2]]))).toThrow(
      "batchNorm: the input has shape [1, 2]; its last axis must be the 3 features.",
    );
    expect(() => layerNorm(3)(tensor(1))).toThrow(
      "layerNorm: the input has shape []; its last axis must be the 3 features.",
    );
    expect(() => layer(x)).toThrow(
      'batchNorm: the input is float64, and the layer float32. Convert the input with .cast("float32").',
    );
    expect(() => layer([1, 2, 3] as never)).toThrow("batchNorm: the input must be a tensor; it is an array.");
    for (const one of [tensor([1, 2, 3]), tensor([[1, 2, 3]])]) {
      expect(() => training(() => layer(one))).toThrow(
        "batchNorm: in training mode a feature's variance needs 2 examples or more; the input has shape " +
          `${one.rank === 1 ? "[3]" : "[1, 3]"}. Give a batch of several examples, or use layerNorm, which needs no others.`,
      );
      expect(layer(one).shape).toEqual(one.shape);
    }
  });
});
