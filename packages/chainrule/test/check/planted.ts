/** A catalogue of mistakes, each with the parameters whose gradients it spoils. */
import { type GradcheckReport, gradcheck } from "../../src/check/index.ts";
import { arange, customVjp, scan, type Tensor, tensor, where } from "../../src/index.ts";
import { meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { dense, Module, sequential } from "../../src/nn/index.ts";
import { l2 } from "../../src/optim/index.ts";
import { affineWith, classes, draw, perceptron, rows, unary, type Weights, weights } from "./pieces.ts";

export interface Planted {
  readonly name: string;
  /** The parameters that must be named, and no others. */
  readonly spoils: readonly string[];
  readonly check: () => GradcheckReport;
  /** Kept out while the checker's bounds were chosen. */
  readonly heldOut?: true;
}

const network = (
  name: string,
  spoils: readonly (keyof Weights)[],
  parts: Parameters<typeof perceptron>[0],
): Planted => ({
  name,
  spoils,
  check: () => gradcheck(perceptron(parts), weights),
});

const lone = (
  name: string,
  f: (x: Tensor) => Tensor,
  x: Tensor,
  loss = (y: Tensor): Tensor => y.square().sum(),
): Planted => ({
  name,
  spoils: ["x"],
  check: () => gradcheck((t: Tensor) => loss(f(t)), x),
});

const late = (planted: Planted): Planted => ({ ...planted, heldOut: true });
const first = ["b1", "w1"] as const;
const sigmoid = (z: Tensor): Tensor => z.sigmoid();
const oneHot = classes.oneHot(3);

/** −Σ y·log softmax(z) with a gradient by z of one's own. */
const crossEntropyWith = (gradient: (z: Tensor) => Tensor): ((z: Tensor) => Tensor) =>
  customVjp(
    (z: Tensor) => z.logSoftmax().mul(oneHot).sum().neg(),
    ([z], _y, ct) => [gradient(z).mul(ct)],
  );

const normalize = (z: Tensor): Tensor => z.sub(z.mean(0)).div(z.variance(0).add(1e-3).sqrt());
const mask = draw(40, 5, 6).greater(0);
const keep = (z: Tensor): Tensor => where(mask, z.div(0.5), 0);
/** tanh(0.9·c + e); the derivative by c lacks the 0.9. */
const recurrent = customVjp(
  (c: Tensor, e: Tensor) => c.mul(0.9).add(e).tanh(),
  (_args, y, ct) => {
    const back = ct.mul(y.square().neg().add(1));
    return [back, back];
  },
);
const at2371 = arange(4000).equal(2371);
const square3 = draw(41, 3, 3);

class Tied extends Module {
  inner = dense(4, 4);
  /** The second use of the layer counts as a constant. */
  readonly blind = customVjp(
    (x: Tensor, w: Tensor) => x.matmul(w),
    ([x, w], _y, ct) => [ct.matmul(w.transpose()), x.transpose().matmul(ct).mul(0)],
  );
  forward(x: Tensor): Tensor {
    return this.blind(this.inner(x).tanh(), this.inner.weight.value);
  }
}

const logistic = (w: Tensor): Tensor => rows.matmul(w).sigmoid();
const binary = tensor([0, 1, 1, 0, 1]);
const logLoss = (w: Tensor): Tensor =>
  binary
    .mul(logistic(w).log())
    .add(binary.neg().add(1).mul(logistic(w).neg().log1p()))
    .mean()
    .neg();
const byHand = (name: string, gradient: (w: Tensor) => Tensor): Planted => ({
  name: `a gradient written by hand: ${name}`,
  spoils: ["x"],
  check: () => gradcheck(logLoss, draw(42, 4), { gradient }),
});

export const planted: readonly Planted[] = [
  network("W̄ with the wrong sign", ["w2"], { second: affineWith((_a, _w, _ct, [A, W, B]) => [A, W.neg(), B]) }),
  network("W̄ doubled", ["w2"], { second: affineWith((_a, _w, _ct, [A, W, B]) => [A, W.mul(2), B]) }),
  network("W̄ halved", ["w2"], { second: affineWith((_a, _w, _ct, [A, W, B]) => [A, W.mul(0.5), B]) }),
  late(
    network("W̄ averaged over the batch", ["w2"], { second: affineWith((_a, _w, _ct, [A, W, B]) => [A, W.div(5), B]) }),
  ),
  network("a forgotten bias", ["b2"], { second: affineWith((_a, _w, _ct, [A, W, B]) => [A, W, B.mul(0)]) }),
  network("b̄ of the mean, not the sum", ["b2"], { second: affineWith((_a, _w, ct, [A, W]) => [A, W, ct.mean(0)]) }),
  network("b̄ of the first row only", ["b2"], {
    second: affineWith((_a, _w, ct, [A, W]) => [A, W, ct.gather(tensor(0, { dtype: "int32" }))]),
  }),
  late(network("b̄ counted twice", ["b2"], { second: affineWith((_a, _w, _ct, [A, W, B]) => [A, W, B.add(B)]) })),
  network("b̄ in reverse order", ["b2"], { second: affineWith((_a, _w, _ct, [A, W, B]) => [A, W, B.flip(0)]) }),
  network("what is passed on doubled", first, { second: affineWith((_a, _w, _ct, [A, W, B]) => [A.mul(2), W, B]) }),
  late(
    network("what is passed on with the wrong sign", first, {
      second: affineWith((_a, _w, _ct, [A, W, B]) => [A.neg(), W, B]),
    }),
  ),
  network("nothing passed on", first, { second: affineWith((_a, _w, _ct, [A, W, B]) => [A.mul(0), W, B]) }),
  network("a stale activation: that of the step before", ["w2"], {
    second: affineWith((a, _w, ct, [A, , B]) => [A, a.mul(0.99).add(0.01).transpose().matmul(ct), B]),
  }),
  late(
    network("the pre-activation in place of the activation", ["w2"], {
      second: affineWith((a, _w, ct, [A, , B]) => [
        A,
        a.add(1).log().sub(a.neg().add(1).log()).mul(0.5).transpose().matmul(ct),
        B,
      ]),
    }),
  ),
  lone(
    "a missing transpose: A·C̄ for Aᵀ·C̄",
    customVjp(
      (w: Tensor) => square3.matmul(w),
      (_w, _y, ct) => [square3.matmul(ct)],
    ),
    draw(43, 3, 3),
  ),
  late(
    lone(
      "a missing transpose on the right: C̄·A for C̄·Aᵀ",
      customVjp(
        (w: Tensor) => w.matmul(square3),
        (_w, _y, ct) => [ct.matmul(square3)],
      ),
      draw(44, 3, 3),
    ),
  ),
  lone(
    "a wrong broadcast sum: along the other axis",
    customVjp(
      (b: Tensor) => b.reshape([3, 1]).broadcastTo([3, 3]).mul(square3),
      ([_b], _y, ct) => [ct.mul(square3).sum(0)],
    ),
    draw(45, 3),
  ),
  network("tanh′ = 1 − z² for 1 − tanh² z", first, {
    activation: unary(
      (z) => z.tanh(),
      (z) => z.square().neg().add(1),
    ),
  }),
  network("σ′ = σ for σ·(1 − σ)", first, { activation: unary(sigmoid, (_z, y) => y) }),
  late(network("σ′ = z·(1 − z)", first, { activation: unary(sigmoid, (z) => z.mul(z.neg().add(1))) })),
  network("relu′ = 1 everywhere", first, {
    activation: unary(
      (z) => z.relu(),
      (z) => z.mul(0).add(1),
    ),
  }),
  network("relu′ on the wrong side", first, {
    activation: unary(
      (z) => z.relu(),
      (z) => where(z.less(0), 1, 0),
    ),
  }),
  late(
    network("leaky relu′ without the leak", first, {
      activation: unary(
        (z) => where(z.greater(0), z, z.mul(0.01)),
        (z) => where(z.greater(0), 1, 0),
      ),
    }),
  ),
  network("gelu′ of the tanh approximation, off by some 10⁻⁴", first, {
    activation: unary(
      (z) => z.mul(z.mul(Math.SQRT1_2).erf().add(1).mul(0.5)),
      (z) => {
        const inner = z.add(z.mul(z).mul(z).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        const slope = z
          .mul(z)
          .mul(3 * 0.044715)
          .add(1)
          .mul(Math.sqrt(2 / Math.PI));
        const t = inner.tanh();
        return t
          .add(1)
          .mul(0.5)
          .add(z.mul(0.5).mul(t.mul(t).neg().add(1)).mul(slope));
      },
    ),
  }),
  late(
    network("softplus′ = 1 − σ", first, {
      activation: unary(
        (z) => z.softplus(),
        (z) => z.neg().sigmoid(),
      ),
    }),
  ),
  network("cross-entropy: ŷ − y with the classes off by one", ["b1", "b2", "w1", "w2"], {
    loss: crossEntropyWith((z) => z.softmax().sub(classes.add(1).oneHot(3))),
  }),
  network("cross-entropy: y forgotten", ["b1", "b2", "w1", "w2"], { loss: crossEntropyWith((z) => z.softmax()) }),
  late(
    network("cross-entropy: y − ŷ", ["b1", "b2", "w1", "w2"], {
      loss: crossEntropyWith((z) => oneHot.sub(z.softmax())),
    }),
  ),
  late(
    network("cross-entropy: softmax along the batch", ["b1", "b2", "w1", "w2"], {
      loss: crossEntropyWith((z) => z.softmax(0).sub(oneHot)),
    }),
  ),
  lone(
    "squared error without its 2",
    customVjp(
      (y: Tensor) => y.sub(1).square().sum(),
      ([y], _y, ct) => [y.sub(1).mul(ct)],
    ),
    draw(46, 6),
    (y) => y,
  ),
  lone(
    "batch statistics: the mean as a constant",
    (z) =>
      z
        .sub(z.mean(0).stopGradient())
        .div(z.variance(0).add(1e-3).sqrt())
        .mul(draw(47, 8, 2)),
    draw(48, 8, 2),
  ),
  late(
    lone(
      "batch statistics: the variance as a constant",
      (z) =>
        z
          .sub(z.mean(0))
          .div(z.variance(0).add(1e-3).sqrt().stopGradient())
          .mul(draw(47, 8, 2)),
      draw(49, 8, 2),
    ),
  ),
  lone(
    "batch statistics: n − 1 for n in the backward pass",
    customVjp(normalize, ([z], y, ct) => {
      const s = z.variance(0).add(1e-3).sqrt();
      return [
        ct
          .sub(ct.mean(0))
          .sub(y.mul(y.mul(ct).sum(0).div(7)))
          .div(s),
      ];
    }),
    draw(50, 8, 2),
    (y) => y.mul(draw(51, 8, 2)).sum(),
  ),
  network("dropout: no mask in the backward pass", first, {
    activation: customVjp(
      (z: Tensor) => keep(z.tanh()),
      ([z], _y, ct) => [ct.div(0.5).mul(z.tanh().square().neg().add(1))],
    ),
  }),
  late(
    network("dropout: no 1/(1 − rate) in the backward pass", first, {
      activation: customVjp(
        (z: Tensor) => keep(z.tanh()),
        ([z], _y, ct) => [where(mask, ct, 0).mul(z.tanh().square().neg().add(1))],
      ),
    }),
  ),
  lone(
    "a product rule with factors exchanged",
    customVjp(
      (x: Tensor) => x.mul(draw(52, 6)),
      (x, _y, ct) => [ct.mul(x[0])],
    ),
    draw(53, 6),
  ),
  lone(
    "the quotient rule without its minus",
    customVjp(
      (x: Tensor) => x.reciprocal(),
      (x, _y, ct) => [ct.div(x[0].square())],
    ),
    draw(54, 6).abs().add(0.5),
  ),
  late(
    lone(
      "log′ = log",
      unary(
        (x) => x.log(),
        (_x, y) => y,
      ),
      draw(55, 6).abs().add(0.5),
    ),
  ),
  lone(
    "a residual connection that is forgotten",
    customVjp(
      (x: Tensor) => x.add(x.tanh()),
      ([x], _y, ct) => [ct.mul(x.tanh().square().neg().add(1))],
    ),
    draw(56, 6),
  ),
  lone(
    "an error of 10⁻⁵",
    unary(
      (x) => x.exp(),
      (_x, y) => y.mul(1.00001),
    ),
    draw(57, 6),
  ),
  late(lone("an activation that was detached", (x) => x.tanh().stopGradient().mul(x), draw(58, 6))),
  lone(
    "maximum: the gradient to the loser",
    customVjp(
      (x: Tensor) => x.max(-1),
      ([x], y, ct) => [where(x.equal(y.expandDims(-1)), 0, ct.expandDims(-1))],
    ),
    draw(59, 4, 2),
  ),
  lone(
    "a gradient that is NaN in one place",
    unary(
      (x) => x.square(),
      (x) => x.mul(tensor([2, Number.NaN, 2])),
    ),
    draw(60, 3),
  ),
  late(
    lone(
      "a gradient that is clipped",
      customVjp(
        (x: Tensor) => x.square(),
        ([x], _y, ct) => [ct.mul(x).mul(2).clip(-1, 1)],
      ),
      tensor([3, -2, 0.1]),
    ),
  ),
  {
    name: "one wrong element of 2000, which no sample hits",
    spoils: ["x"],
    check: () => {
      const factor = new Float32Array(2000).fill(2);
      factor[777] = 2.5;
      const spoilt = unary(
        (x) => x.square(),
        (x) => x.mul(tensor(factor)),
      );
      return gradcheck((x: Tensor) => spoilt(x).sum(), draw(61, 2000));
    },
  },
  {
    name: "a layer used twice, its gradient of one use only",
    spoils: ["inner.weight"],
    check: () => {
      const model = new Tied();
      return gradcheck(model, (p) => p.square().mean(), rows, rows);
    },
  },
  {
    name: "the regularizer's gradient without its factor, the data loss right",
    spoils: ["0.weight"],
    check: () => {
      const model = sequential(dense(4, 3));
      const norm = customVjp(
        (w: Tensor) => w.square().sum().mul(0.05),
        ([w], _y, ct) => [w.mul(ct)],
      );
      const regularizer = (parameters: Readonly<Record<string, { value: Tensor }>>): Tensor =>
        norm((parameters["0.weight"] as { value: Tensor }).value);
      return gradcheck(model, softmaxCrossEntropy, rows, classes, { regularizer });
    },
  },
  late({
    name: "the data loss wrong, the regularizer right",
    spoils: ["0.bias", "0.weight"],
    check: () => {
      const model = sequential(dense(4, 3));
      const loss = crossEntropyWith((z) => z.softmax().sub(oneHot).div(5));
      return gradcheck(model, (p) => loss(p), rows, classes, { regularizer: l2(0.1) });
    },
  }),
  lone(
    "a recurrent step, in a scan, that gives the carry the gradient of the element",
    (x) => scan((c: Tensor, e: Tensor) => [recurrent(c, e), e] as const, tensor([0.3]), x)[0],
    draw(90, 6, 1),
  ),
  lone(
    "one of 4000 elements, which is not sampled, twice",
    unary(
      (t) => t.square(),
      (t) => t.mul(where(at2371, 4, 2)),
    ),
    draw(91, 4000),
    (y) => y.sum(),
  ),
  {
    name: "second order: a slope that counts as a constant",
    spoils: ["x"],
    check: () => {
      const stuck = unary(
        (x) => x.tanh(),
        (_x, y) => y.square().neg().add(1).stopGradient(),
      );
      return gradcheck((x: Tensor) => stuck(x).sum(), draw(62, 4), { order: 2 });
    },
  },
  byHand("without its mean", (w) => rows.transpose().matmul(logistic(w).sub(binary))),
  byHand("y − ŷ", (w) =>
    rows
      .transpose()
      .matmul(binary.sub(logistic(w)))
      .div(5),
  ),
  late(
    byHand("of squared error", (w) =>
      rows
        .transpose()
        .matmul(logistic(w).sub(binary).mul(logistic(w)).mul(logistic(w).neg().add(1)))
        .div(5),
    ),
  ),
  {
    name: "a bias of ill scale with the wrong sign",
    spoils: ["b"],
    check: () => {
      const shift = customVjp(
        (z: Tensor, b: Tensor) => z.add(b.mul(1e6)),
        (_a, _y, ct) => [ct, ct.sum(0).mul(-1e6)],
      );
      return gradcheck(
        ({ w, b }: { w: Tensor; b: Tensor }) => meanSquaredError(shift(rows.matmul(w), b).tanh(), draw(63, 5, 2)),
        { w: draw(64, 4, 2), b: tensor([1e-7, -2e-7]) },
      );
    },
  },
];

/** The names that a report accuses. */
export const accused = (report: GradcheckReport): string[] => [...report.wrong].sort();
