/** What the catalogues of planted mistakes and of hard cases are made of. */
import { customVjp, random, type Tensor, tensor } from "../../src/index.ts";

/** Normal random numbers, the same for the same seed. */
export const draw = (seed: number, ...shape: number[]): Tensor => random.normal(random.key(seed), shape);

export const rows = draw(5, 5, 4);
export const classes = tensor([0, 2, 1, 2, 0], { dtype: "int32" });

export interface Weights {
  w1: Tensor;
  b1: Tensor;
  w2: Tensor;
  b2: Tensor;
}

export const weights: Weights = { w1: draw(1, 4, 6), b1: draw(2, 6), w2: draw(3, 6, 3), b2: draw(4, 3) };

export const crossEntropy = (logits: Tensor): Tensor => logits.logSoftmax().mul(classes.oneHot(3)).sum().neg();

type Affine = (a: Tensor, w: Tensor, b: Tensor) => Tensor;
const affine: Affine = (a, w, b) => a.matmul(w).add(b);

/** A perceptron whose second affine map, activation and loss may be replaced. */
export const perceptron =
  ({
    activation = (z: Tensor): Tensor => z.tanh(),
    second = affine,
    loss = crossEntropy,
  }: {
    activation?: (z: Tensor) => Tensor;
    second?: Affine;
    loss?: (logits: Tensor) => Tensor;
  } = {}) =>
  ({ w1, b1, w2, b2 }: Weights): Tensor =>
    loss(second(activation(rows.matmul(w1).add(b1)), w2, b2));

/** a·W + b with a backward rule of one's own. The right one is Ā = C̄·Wᵀ, W̄ = Aᵀ·C̄, b̄ = Σ C̄. */
export const affineWith = (
  rule: (a: Tensor, w: Tensor, ct: Tensor, right: [Tensor, Tensor, Tensor]) => [Tensor, Tensor, Tensor],
): Affine =>
  customVjp(affine, ([a, w], _y, ct) => {
    const right: [Tensor, Tensor, Tensor] = [ct.matmul(w.transpose()), a.transpose().matmul(ct), ct.sum(0)];
    return rule(a, w, ct, right);
  });

/** f element by element with a derivative of one's own, given the input and the output. */
export const unary = (f: (z: Tensor) => Tensor, slope: (z: Tensor, y: Tensor) => Tensor): ((z: Tensor) => Tensor) =>
  customVjp(f, ([z], y, ct) => [ct.mul(slope(z, y))]);
