/** The layers of the library: how their forward and backward equations are written. */
import type { Node } from "../../graph/node.ts";
import { BatchNorm, LayerNorm, Perceptron, Prelu } from "../../nn/index.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { LayerTrace } from "../flow/layers.ts";
import { formatNumber } from "../numbers.ts";
import { type Equation, HADAMARD, latexNumber, operator, PLUS, SUM, type Term, TIMES, transposed } from "./terms.ts";

/** What the equations of a layer are written with. */
export interface LayerTerms {
  readonly input: Term;
  readonly z: Term;
  readonly delta: Term;
  /** Its own parameters, by field. */
  readonly own: Readonly<Record<string, Term>>;
  readonly inputShape: Shape;
  readonly zShape: Shape;
  readonly training: boolean;
  /** How a shape is written. */
  readonly extents: (shape: Shape) => string[];
  /** A quantity of this layer that has no node, with its shape and value. */
  readonly quantity: (text: string, latex: string, shape: Shape, value: (() => Tensor) | undefined) => Term;
}

export interface LayerEquations {
  /** The last one gives z. */
  readonly forward: readonly Equation[];
  /** What the gradients need besides δ. */
  readonly backward: readonly Equation[];
  /** What comes back to the input. */
  readonly input: readonly Term[];
  /** What the gradient of each own parameter gets, by field. */
  readonly gradients: Readonly<Record<string, readonly Term[]>>;
}

/** undefined for a layer that is not the library's. */
export function equationsOfLayer({ module, type }: LayerTrace<Node>, terms: LayerTerms): LayerEquations | undefined {
  if (module instanceof BatchNorm || module instanceof LayerNorm) return normalization(module, terms);
  if (module instanceof Prelu) return rectifier(terms);
  if (module instanceof Perceptron) return perceptron(terms);
  return type === "dense" ? dense(terms) : undefined;
}

const affine = ({ input, own: { weight, bias } }: LayerTerms): Term[] => [
  input,
  TIMES,
  weight as Term,
  ...(bias === undefined ? [] : [PLUS, bias]),
];

/** ∂L/∂W = xᵀ·δ; leading axes are one long batch. */
function dense(terms: LayerTerms): LayerEquations {
  const { input, z, delta, own, inputShape, zShape, extents } = terms;
  const [x, d] = [rows(input, inputShape, extents), rows(delta, zShape, extents)];
  return {
    forward: [{ left: z, right: affine(terms) }],
    backward: [],
    input: [delta, TIMES, transposed(own.weight as Term)],
    gradients: { weight: [transposed(x), TIMES, d], bias: zShape.length === 1 ? [delta] : [SUM, d] },
  };
}

/** A step is flat on both sides, and nothing comes back through it. */
function perceptron(terms: LayerTerms): LayerEquations {
  const nothing = [operator("0, for step′ = 0", "0 \\quad (\\text{the step is flat})")];
  return {
    forward: [{ left: terms.z, right: [operator("step(", "\\operatorname{step}("), ...affine(terms), operator(")")] }],
    backward: [],
    input: nothing,
    gradients: { weight: nothing, bias: nothing },
  };
}

/** K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", 2015, section 2.1. */
function rectifier({ input, z, delta, own, zShape }: LayerTerms): LayerEquations {
  const slope = own.slope as Term;
  const negative = [operator("min(0,", "\\min(0,"), input, operator(")")];
  // One slope that all share gets the sum over all axes.
  const sum = slope.shape?.[0] === "1" && zShape.at(-1) !== 1 ? operator("Σₙⱼ", "\\sum_{n,j}") : SUM;
  return {
    forward: [
      {
        left: z,
        right: [operator("max(0,", "\\max(0,"), input, operator(") +"), slope, HADAMARD, ...negative],
      },
    ],
    backward: [],
    input: [
      ...[delta, HADAMARD, operator("(["), input, operator("> 0] +"), slope, HADAMARD],
      ...[operator("["), input, operator("≤ 0])", "\\le 0])")],
    ],
    gradients: { slope: [sum, delta, HADAMARD, ...negative] },
  };
}

/**
 * z = γ ⊙ x̂ + β with x̂ = (x − μ)/s, where s = √(σ² + ε). With g = ∂L/∂x̂ and means over what μ and σ² are taken over,
 * ∂L/∂x = (g − mean(g) − x̂ ⊙ mean(g ⊙ x̂))/s: the chain rule of S. Ioffe and C. Szegedy, "Batch normalization", 2015,
 * section 3, put together. With running statistics, which do not depend on x, only g/s is left.
 */
function normalization(module: BatchNorm | LayerNorm, terms: LayerTerms): LayerEquations {
  const { input, z, delta, own, inputShape, training, quantity } = terms;
  const [gamma, beta] = [own.gamma as Term, own.beta as Term];
  const batch = module instanceof BatchNorm;
  const running = batch && !training;
  const features = inputShape.at(-1) as number;
  const axes = inputShape.slice(0, -1).map((_, axis) => axis);
  const over = batch ? axes : [inputShape.length - 1];
  const shape = batch ? [features] : [...inputShape.slice(0, -1), 1];
  const { value: x } = input;
  const mean = (t: Tensor): Tensor => (batch ? t.mean(over) : t.mean(over, { keepDims: true }));
  const lazily = (f: (t: Tensor) => Tensor): (() => Tensor) | undefined => x && (() => f(x));
  const center = (t: Tensor): Tensor => (running ? module.mean.value : mean(t));
  const spread = (t: Tensor): Tensor =>
    (running ? module.variance.value : mean(t.sub(mean(t)).square())).add(module.epsilon).sqrt();
  const mu = quantity("μ", "\\mu", shape, lazily(center));
  const s = quantity("s", "s", shape, lazily(spread));
  const normalized = quantity(
    "x̂",
    "\\hat x",
    inputShape,
    lazily((t) => t.sub(center(t)).div(spread(t))),
  );
  const back = quantity(
    "∂L/∂x̂",
    "\\frac{\\partial L}{\\partial \\hat x}",
    inputShape,
    lazily(() => (delta.value as Tensor).mul(gamma.value as Tensor)),
  );
  const average = batch ? operator("meanₙ(", "\\operatorname{mean}_n(") : operator("meanⱼ(", "\\operatorname{mean}_j(");
  const close = operator(")");
  const epsilon = operator(`) + ${formatNumber(module.epsilon)})`, `) + ${latexNumber(module.epsilon)})`);
  const root = (text: string, latex: string): Term => operator(`√(${text}`, `\\surd(${latex}`);
  const statistics: Equation[] = running
    ? [
        { left: mu, right: [operator("running mean", "\\text{running mean}")] },
        { left: s, right: [operator("√(running variance + ε)", "\\surd(\\text{running variance} + \\varepsilon)")] },
      ]
    : [
        { left: mu, right: [average, input, close] },
        {
          left: s,
          right: [
            root(average.text, average.latex),
            operator("("),
            input,
            operator("−", "-"),
            mu,
            operator(")²", ")^2"),
            epsilon,
          ],
        },
      ];
  return {
    forward: [
      ...statistics,
      { left: normalized, right: [operator("("), input, operator("−", "-"), mu, operator(") /"), s] },
      { left: z, right: [gamma, HADAMARD, normalized, PLUS, beta] },
    ],
    backward: [{ left: back, right: [delta, HADAMARD, gamma] }],
    input: running
      ? [back, operator("/"), s]
      : [
          ...[operator("("), back, operator("−", "-"), average, back, close, operator("−", "-"), normalized, HADAMARD],
          ...[average, back, HADAMARD, normalized, close, operator(") /"), s],
        ],
    gradients: { gamma: [SUM, delta, HADAMARD, normalized], beta: [SUM, delta] },
  };
}

/** Leading axes as one; an example alone as a row. */
function rows(term: Term, shape: Shape, extents: (shape: Shape) => string[]): Term {
  if (shape.length === 2) return term;
  const [count, last] = [shape.slice(0, -1).reduce((a, b) => a * b, 1), shape.at(-1) as number];
  return {
    text: `rows(${term.text})`,
    latex: `\\operatorname{rows}(${term.latex})`,
    shape: extents([count, last]),
    value: term.value?.reshape([count, last]),
  };
}
