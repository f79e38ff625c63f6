/** A worked example of back-propagation, as a link. */
import { change, INITIAL, type State } from "../../src/state/index.ts";

/**
 * The inputs, the hidden layer and the first output of M. Mazur, "A step by step backpropagation example", 2015: i = (0.05,
 * 0.10), w₁ … w₄ = 0.15, 0.20, 0.25, 0.30, b₁ = 0.35, w₅ = 0.40, w₆ = 0.45, b₂ = 0.60, rate 0.5, sigmoid units. The target is
 * class 0 in place of 0.01, and the squared error has no ½: L = (σ(z²) − 0)².
 */
export const mazur = (changes: Partial<State> = {}): State =>
  change(INITIAL, {
    ...{
      data: "own",
      own: [[0.05, 0.1, 0]],
      testShare: 0,
      layers: [2],
      activation: "sigmoid",
      classLoss: "squaredError",
    },
    ...{ optimizer: "sgd", rate: 0.5, batch: 1 },
    // By rows, one for each input: w₁ and w₃ are those of i₁.
    weights: [0.15, 0.25, 0.2, 0.3, 0.35, 0.35, 0.4, 0.45, 0.6],
    ...changes,
  });

const [H1, H2, O1] = [0.593269992, 0.596884378, 0.75136507];
/** By hand: 2·(0.75136507 − 0)·0.75136507·(1 − 0.75136507) = 1.50273014·0.18681560. */
const DELTA2 = 0.280733435;

/** Values as published; gradients by hand. */
export const MAZUR = {
  /** 0.15·0.05 + 0.20·0.10 + 0.35 and 0.25·0.05 + 0.30·0.10 + 0.35 */
  z1: [0.3775, 0.3925],
  a1: [H1, H2],
  /** 0.40·0.593269992 + 0.45·0.596884378 + 0.60 */
  z2: [1.105905967],
  /** 0.75136507² */
  loss: [O1 * O1],
  delta2: [DELTA2],
  /** a¹·δ²: 0.593269992·0.280733434 and 0.596884378·0.280733434 */
  gradW2: [0.166550722, 0.167565401],
  /** δ²·w₅ and δ²·w₆ */
  gradA1: [0.112293374, 0.126330045],
  /** 0.112293374·0.593269992·0.406730008 and 0.126330045·0.596884378·0.403115622 */
  delta1: [0.027096471, 0.030396704],
  /** i₁·δ¹, i₂·δ¹ */
  gradW1: [0.001354824, 0.001519835, 0.002709647, 0.00303967],
  /** 0.40 − 0.5·0.166550722 and 0.45 − 0.5·0.167565401 */
  newW2: [0.316724639, 0.3662173],
} as const;
