/** A catalogue of functions whose gradients are right, where a checker may think otherwise. */
import { type GradcheckReport, gradcheck } from "../../src/check/index.ts";
import { cond, customVjp, scan, type Tensor, tensor, where } from "../../src/index.ts";
import { binaryCrossEntropy, meanSquaredError, softmaxCrossEntropy } from "../../src/loss/index.ts";
import { dense, dropout, elu, gelu, leakyRelu, Module, relu, sequential, zeros } from "../../src/nn/index.ts";
import { l1, l2 } from "../../src/optim/index.ts";
import { classes, draw, perceptron, rows, weights } from "./pieces.ts";

export interface HardCase {
  readonly name: string;
  readonly check: () => GradcheckReport;
  /** Kept out while the checker's bounds were chosen. */
  readonly heldOut?: true;
}

const of = (name: string, f: (x: Tensor) => Tensor, x: Tensor): HardCase => ({ name, check: () => gradcheck(f, x) });
const late = (hard: HardCase): HardCase => ({ ...hard, heldOut: true });

/** Weighs results unevenly, so that errors do not cancel. */
const sum = (y: Tensor): Tensor => y.mul(draw(80, ...y.shape)).sum();
const on = (name: string, f: (x: Tensor) => Tensor, x: Tensor): HardCase => of(name, (t) => sum(f(t)), x);
const huber = (x: Tensor): Tensor => where(x.abs().lessEqual(1), x.square().mul(0.5), x.abs().sub(0.5));
const atBorders = tensor([-1, 0, 1, 2]);

class BatchNorm extends Module {
  first = dense(4, 6);
  second = dense(6, 3);
  forward(x: Tensor): Tensor {
    const z = this.first(x);
    return this.second(z.sub(z.mean(0)).div(z.variance(0).add(1e-5).sqrt()).relu());
  }
}

class Twice extends Module {
  inner = dense(4, 4);
  forward(x: Tensor): Tensor {
    return this.inner(this.inner(x).tanh()).matmul(this.inner.weight.value.transpose());
  }
}

export const hardCases: readonly HardCase[] = [
  on("relu at 0", (x) => x.relu(), atBorders),
  on("|x| at 0", (x) => x.abs(), atBorders),
  late(on("leaky relu at 0", leakyRelu(0.1), atBorders)),
  on("elu at 0, with a kink in the slope", elu(), atBorders),
  late(on("elu at 0, with a kink", elu(2), atBorders)),
  on("clip at both borders", (x) => x.clip(-1, 1), atBorders),
  on("Huber's function at its border", huber, atBorders),
  late(on("hinge at the margin", (x) => x.neg().add(1).relu(), atBorders)),
  on("relu²", (x) => x.relu().square(), atBorders),
  late(on("x·|x|", (x) => x.mul(x.abs()), atBorders)),
  of("maximum of three that are equal", (x) => x.max(), tensor([2, 2, 2, 1])),
  late(
    of(
      "minimum with ties in each row",
      (x) => sum(x.min(-1)),
      tensor([
        [1, 1, 2],
        [0, 3, 0],
      ]),
    ),
  ),
  of("maximum of two that are equal", (x) => x.maximum(tensor([1, 2])).sum(), tensor([1, 2])),
  of("relu(x) − relu(−x) = x at 0, whose kinks cancel", (x) => x.relu().sub(x.neg().relu()).sum(), tensor([0, 1])),
  of(
    "kinks of two elements at 0, seen along a direction",
    (x) =>
      x
        .relu()
        .mul(tensor([1, -1]))
        .sum(),
    tensor([0, 0]),
  ),
  late(of("|x| + |y| − |x + y| at 0", (x: Tensor) => x.abs().sum().sub(x.sum().abs()), tensor([0, 0]))),
  on("a kink 10⁻⁷ away", (x) => x.relu(), tensor([1e-7, -1e-7])),
  late(on("a kink 10⁻¹² away", (x) => x.relu().add(1), tensor([1e-12, -1e-12]))),
  on("the floor, between its steps", (x) => x.floor().add(x.square()), tensor([0.4, 1.7, -2.3])),
  on("the floor, at a step", (x) => x.floor().add(x.square()), tensor([0, 1, 2])),
  late(on("a step function at its step", (x) => where(x.greater(0), 1, 0).add(x), tensor([0, 1]))),
  on("saturation: σ(±40) and tanh ±30", (x) => x.sigmoid().add(x.mul(0.75).tanh()), tensor([40, -40, 0.1])),
  on(
    "softmax at ±1000",
    (x) => x.softmax(),
    tensor([
      [1000, -1000, 999],
      [-1000, -1000, 0],
    ]),
  ),
  late(
    on(
      "log-softmax at ±1000",
      (x) => x.logSoftmax(),
      tensor([
        [1000, -1000, 999.5],
        [-1000, 2, 0],
      ]),
    ),
  ),
  late(
    on(
      "logSumExp at ±1000",
      (x) => x.logSumExp(-1),
      tensor([
        [1000, 1000, 999],
        [-1000, -1000, -1001],
      ]),
    ),
  ),
  of(
    "binary cross-entropy of logits ±1000",
    (z) => binaryCrossEntropy(z, tensor([0, 1, 1, 0])),
    tensor([-1000, 1000, -900, 3]),
  ),
  late(on("softplus at ±1000", (x) => x.softplus(), tensor([1000, -1000, 0]))),
  on("eˣ at 600", (x) => x.exp(), tensor([600, -600, 0])),
  on("values of 10⁻³⁰", (x) => x.tanh().mul(1e-30), draw(81, 4)),
  late(on("values of 10³⁰", (x) => x.tanh().mul(1e30), draw(82, 4))),
  on("parameters of 10⁻⁸ and 10⁸", (x) => x.mul(tensor([1e8, 1e-8])).tanh(), tensor([5e-9, 5e7])),
  late(on("log of 10⁻²⁰", (x) => x.log(), tensor([1e-20, 1, 1e20]))),
  on("tanh(10¹²·x) at 0", (x) => x.mul(1e12).tanh(), tensor([0, 1e-13])),
  on("sin(10⁴·x)", (x) => x.mul(1e4).sin(), draw(83, 4)),
  late(on("sin(10⁶·x)", (x) => x.mul(1e6).sin(), draw(84, 3))),
  of("cancellation: (10⁸ + x²) − 10⁸", (x) => x.square().add(1e8).sub(1e8).sum(), tensor([0.3, -2])),
  late(of("a small derivative beside a large constant", (x) => x.square().mul(1e-6).add(1e6).sum(), tensor([1, 2]))),
  on("x^1.5 at 0, the border of its domain", (x) => x.pow(1.5), tensor([0, 1, 4])),
  late(on("√x at 10⁻¹²", (x) => x.sqrt(), tensor([1e-12, 1]))),
  on("x³ and x⁴ at 0", (x) => x.mul(x).mul(x).add(x.square().square()), tensor([0, 1])),
  of("a length at the origin, kept smooth by 10⁻¹²", (x) => x.square().sum().add(1e-12).sqrt(), tensor([0, 0, 0])),
  on(
    "a product with a zero among its factors",
    (x) => x.product(-1),
    tensor([
      [0, 2, 3],
      [1, 0, 0],
    ]),
  ),
  late(on("0 · x and x · 0", (x) => x.mul(0).add(x.mul(x.sub(x))), tensor([1, -2]))),
  on("where: the branch not taken is NaN", (x) => where(x.greater(0), x.log(), 0), tensor([-1, 2, 0.5])),
  on("entropy with p = 0", (p) => where(p.greater(0), p.mul(p.log()), 0), tensor([0.5, 0.25, 0.25])),
  late(
    on("where: the branch not taken is infinite", (x) => where(x.equal(0), 1, x.sin().div(x)), tensor([1, 2, -0.5])),
  ),
  of("a constant", (x) => x.mul(0).sum().add(3), tensor([1, 2])),
  {
    name: "a parameter that is not used",
    check: () => gradcheck(({ a }: { a: Tensor; b: Tensor }) => a.sin().sum(), { a: draw(85, 3), b: draw(86, 3) }),
  },
  late(
    of(
      "a shift that softmax takes away: a gradient of 0 by cancellation",
      (x) => draw(87, 4).add(x).softmax().mul(draw(88, 4)).sum(),
      tensor([0.3]),
    ),
  ),
  { name: "a relu network with zero biases and rows of zeros", check: () => zeroRows(relu) },
  late({ name: "a leaky relu network with zero biases and rows of zeros", check: () => zeroRows(leakyRelu(0.1)) }),
  {
    name: "a wide relu network, with thousands of kinks around",
    check: () =>
      gradcheck(
        sequential(dense(16, 64), relu, dense(64, 64), relu, dense(64, 3)),
        softmaxCrossEntropy,
        draw(89, 32, 16),
        draw(90, 32, 3).argmax(-1),
      ),
  },
  late({
    name: "a dead relu layer",
    check: () => gradcheck(perceptron({ activation: (z) => z.sub(100).relu() }), weights),
  }),
  {
    name: "a layer that is used twice, and its transpose",
    check: () => gradcheck(new Twice(), meanSquaredError, rows, draw(91, 5, 4)),
  },
  { name: "batch statistics and relu", check: () => gradcheck(new BatchNorm(), softmaxCrossEntropy, rows, classes) },
  late({
    name: "gelu, second order",
    check: () =>
      gradcheck(sequential(dense(4, 6), gelu, dense(6, 3)), softmaxCrossEntropy, rows, classes, { order: 2 }),
  }),
  {
    name: "relu, second order",
    check: () => gradcheck((x: Tensor) => sum(x.relu().square().add(x.relu())), atBorders, { order: 2 }),
  },
  {
    name: "dropout in training",
    check: () =>
      gradcheck(sequential(dense(4, 32), relu, dropout(0.5), dense(32, 3)), softmaxCrossEntropy, rows, classes),
  },
  {
    name: "L1 with weights of exactly 0",
    check: () =>
      gradcheck(sequential(dense(4, 3, { weightInit: zeros })), softmaxCrossEntropy, rows, classes, {
        regularizer: l1(0.1),
      }),
  },
  late({
    name: "L2 beside the data loss",
    check: () => gradcheck(sequential(dense(4, 3)), softmaxCrossEntropy, rows, classes, { regularizer: l2(0.01) }),
  }),
  of(
    "twenty steps of a recurrence",
    (x) => scan((c: Tensor) => [c.mul(x).sin().add(x), null], x, null, { length: 20 })[0].sum(),
    draw(92, 3),
  ),
  late(
    of(
      "a branch at its border",
      (x) =>
        cond(
          x.sum().greater(0),
          (a: Tensor) => a.square().sum(),
          (a: Tensor) => a.mul(a).sum(),
          x,
        ),
      tensor([1, -1]),
    ),
  ),
  of(
    "rows that are gathered more than once",
    (x) => sum(x.gather(tensor([0, 2, 2, 0], { dtype: "int32" })).square()),
    draw(93, 3, 2),
  ),
  late(of("running sums and sorted rows", (x) => sum(x.cumsum(0).takeAlongAxis(x.argsort(0), 0)), draw(94, 5, 2))),
  of(
    "a gradient rule of one's own that is right",
    customVjp(
      (x: Tensor) => x.sigmoid().sum(),
      ([x], _y, ct) => [x.sigmoid().mul(x.neg().sigmoid()).mul(ct)],
    ),
    draw(95, 4),
  ),
  late({
    name: "a gradient written by hand that is right",
    check: () =>
      gradcheck((w: Tensor) => rows.matmul(w).square().mean(), draw(96, 4), {
        gradient: (w: Tensor) =>
          rows
            .transpose()
            .matmul(rows.matmul(w))
            .mul(2 / 5),
      }),
  }),
];

function zeroRows(activation: (x: Tensor) => Tensor): GradcheckReport {
  const x = where(tensor([true, false, true, false, true]).expandDims(-1), rows, 0);
  return gradcheck(
    sequential(dense(4, 8), activation, dense(8, 8), activation, dense(8, 3)),
    softmaxCrossEntropy,
    x,
    classes,
  );
}
