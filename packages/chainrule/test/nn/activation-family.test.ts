/** The family of relu and other activations against PyTorch 1.13 (torch.nn.functional, float64). */
import { describe, expect, it } from "vitest";
import * as nn from "../../src/nn/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, hessian } from "../../src/transform/index.ts";

const points = [-7, -3, -1, -0.25, 0.5, 1, 3, 6, 8];
const x = tensor(points, { dtype: "float64" });

const cases: [nn.Activation, number[], number[]][] = [
  [
    nn.selu,
    [
      -1.7564961617648, -1.6705687287671, -1.1113307378126, -0.3888901974781, 0.5253504936777, 1.0507009873555,
      3.1521029620664, 6.3042059241329, 8.4056078988438,
    ],
    [
      0.0016031790826, 0.0875306120803, 0.6467686030348, 1.3692091433693, 1.0507009873555, 1.0507009873555,
      1.0507009873555, 1.0507009873555, 1.0507009873555,
    ],
  ],
  [
    nn.silu,
    [
      -0.0063773583608, -0.1422776195327, -0.26894142137, -0.1094558747786, 0.3112296656009, 0.73105857863,
      2.8577223804673, 5.9851642610602, 7.9973171989563,
    ],
    [
      -0.0054604970665, -0.0881041060152, 0.0723294881285, 0.3762899784298, 0.7399611873027, 0.9276705118715,
      1.0881041060152, 1.0123264325915, 1.0023465512356,
    ],
  ],
  [
    nn.mish,
    [
      -0.0063802634096, -0.1456474612756, -0.3034014613741, -0.1299269636791, 0.3752452113049, 0.8650983882673,
      2.986535004968, 5.9999266340653, 7.9999982006448,
    ],
    [
      -0.0054658868613, -0.0933931145323, 0.0592167558774, 0.4398156017218, 0.8864243753577, 1.0490362200998,
      1.0211069109294, 1.0001341405062, 1.0000033725837,
    ],
  ],
  [
    nn.softsign,
    [-0.875, -0.75, -0.5, -0.2, 1 / 3, 0.5, 0.75, 6 / 7, 8 / 9],
    [0.015625, 0.0625, 0.25, 0.64, 4 / 9, 0.25, 0.0625, 1 / 49, 1 / 81],
  ],
  [
    nn.logSigmoid,
    [
      -7.0009114664538, -3.0485873515737, -1.3132616875182, -0.8259394198788, -0.4740769841801, -0.3132616875182,
      -0.0485873515737, -0.0024756851377, -0.0003354063729,
    ],
    [
      0.9990889488056, 0.9525741268224, 0.73105857863, 0.5621765008858, 0.3775406687981, 0.26894142137, 0.0474258731776,
      0.0024726231566, 0.0003353501305,
    ],
  ],
  [
    nn.hardSigmoid,
    [0, 0, 1 / 3, 0.4583333333333, 0.5833333333333, 2 / 3, 1, 1, 1],
    [0, 0, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 0, 0, 0],
  ],
  // PyTorch's derivative at the kink of −3 is −½; here it is 0, as of the left side.
  [
    nn.hardSwish,
    [0, 0, -1 / 3, -0.1145833333333, 0.2916666666667, 2 / 3, 3, 6, 8],
    [0, 0, 1 / 6, 0.4166666666667, 2 / 3, 0.8333333333333, 1, 1, 1],
  ],
  [nn.hardTanh, [-1, -1, -1, -0.25, 0.5, 1, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0, 0, 0]],
  [nn.relu6, [0, 0, 0, 0, 0.5, 1, 3, 6, 6], [0, 0, 0, 0, 1, 1, 1, 0, 0]],
  [nn.linear, points, points.map(() => 1)],
  [nn.step, [0, 0, 0, 0, 1, 1, 1, 1, 1], points.map(() => 0)],
];

describe("activations agree with PyTorch, value and derivative", () => {
  it.each(cases.map((entry) => [entry[0].name, ...entry] as const))("%s", (_, f, values, derivatives) => {
    const found = f(x).dataSync();
    const slopes = grad((t: Tensor) => f(t).sum())(x).dataSync();
    values.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 12);
      expect(slopes[i]).toBeCloseTo(derivatives[i] as number, 12);
    });
  });

  it("logSoftmax", () => {
    const found = nn.logSoftmax(x).dataSync();
    expect(found[0]).toBeCloseTo(-15.1344783326042, 12);
    expect(found[8]).toBeCloseTo(-0.1344783326042, 12);
  });
});

describe("all activations", () => {
  const all = [...cases.map(([f]) => f), nn.logSoftmax];

  it("are finite, with first and second derivatives, for ±1000", () => {
    for (const f of all) {
      for (const dtype of ["float32", "float64"] as const) {
        const at = tensor([-1000, -100, 100, 1000], { dtype });
        const sum = (t: Tensor): Tensor => f(t).sum();
        const numbers = [f(at), grad(sum)(at), hessian(sum)(at) as Tensor].flatMap((t) => [...t.dataSync()]);
        expect([f.name, dtype, numbers.every(Number.isFinite)]).toEqual([f.name, dtype, true]);
      }
    }
  });

  it("have the derivatives of their convention at 0, and keep NaN", () => {
    const slope = (f: nn.Activation): number => grad((t: Tensor) => f(t).sum())(tensor([0])).itemSync();
    expect(all.slice(0, 3).map(slope)).toEqual([expect.closeTo(1.6732632 * 1.050701, 5), 0.5, expect.closeTo(0.6, 6)]);
    expect([nn.relu6, nn.step, nn.hardTanh].map(slope)).toEqual([0, 0, 1]);
    expect(nn.step(tensor([0])).itemSync()).toBe(0);
    for (const f of all) expect([f.name, f(tensor([Number.NaN])).itemSync()]).toEqual([f.name, Number.NaN]);
  });

  it("are known to model files under their names", () => {
    const model = nn.sequential(...all);
    const again = nn.build(JSON.parse(JSON.stringify(nn.describe(model)))) as nn.Sequential;
    expect(again.layers).toEqual([...all]);
    expect(nn.swish).toBe(nn.silu);
  });
});
