/** What things are called: words that a first-year student understands, with the exact term beside them. */
import {
  columnOfFeature,
  type FEATURES,
  type FeatureName,
  type PartName,
  type SettingName,
  type State,
} from "../state/index.ts";

export interface Words {
  readonly plain: string;
  readonly term: string;
}

/** Settings with a field of their own. */
export const SETTING: Readonly<Partial<Record<SettingName, Words>>> = {
  classes: { plain: "Colours to tell apart", term: "classes" },
  points: { plain: "How many points", term: "examples" },
  noise: { plain: "How messy", term: "noise, standard deviation σ" },
  testShare: { plain: "Kept for the exam", term: "share of test data" },
  dataSeed: { plain: "Draw of the data", term: "random seed" },
  activation: { plain: "How a unit answers", term: "activation function" },
  classLoss: { plain: "What a mistake costs", term: "loss function" },
  valueLoss: { plain: "What a mistake costs", term: "loss function" },
  optimizer: { plain: "How it steps downhill", term: "optimizer" },
  rate: { plain: "Step size", term: "learning rate α" },
  momentum: { plain: "Keeps rolling", term: "momentum β" },
  schedule: { plain: "Step size over time", term: "learning-rate schedule" },
  decaySteps: { plain: "Fades within", term: "steps" },
  regularizer: { plain: "Keep weights small", term: "regularization" },
  penalty: { plain: "How strongly", term: "penalty factor λ" },
  initializer: { plain: "Weights at the start", term: "initialization" },
  batch: { plain: "Points per step", term: "batch size" },
  equal: { plain: "Every lane gets", term: "what is compared" },
  plane: { plain: "The map shows", term: "plane through weight space" },
  seed: { plain: "Luck of the start", term: "random seed" },
};

type Choices = {
  readonly [K in keyof State]?: State[K] extends string ? Readonly<Record<State[K], string>> : never;
};

export const CHOICE = {
  data: {
    circles: "Circles",
    xor: "XOR",
    gaussians: "Gaussians",
    spirals: "Spirals",
    moons: "Moons",
    own: "Your own",
    plane: "Plane",
    ripple: "Ripple",
    table: "Table",
  },
  activation: {
    tanh: "tanh",
    relu: "ReLU",
    sigmoid: "sigmoid",
    linear: "linear (none)",
    leakyRelu: "leaky ReLU",
    elu: "ELU",
    gelu: "GELU",
    silu: "SiLU (swish)",
  },
  classLoss: { crossEntropy: "cross-entropy", squaredError: "squared error" },
  valueLoss: { squaredError: "squared error", absoluteError: "absolute error", huber: "Huber" },
  optimizer: {
    sgd: "gradient descent (SGD)",
    momentum: "SGD with momentum",
    nesterov: "Nesterov momentum",
    adagrad: "AdaGrad",
    rmsprop: "RMSProp",
    adam: "Adam",
    newton: "Newton’s method",
    lbfgs: "L-BFGS (quasi-Newton)",
  },
  schedule: {
    constant: "constant",
    inverseTime: "inverse time, 1/t",
    stepDecay: "halved in jumps (step)",
    exponential: "halved smoothly (exponential)",
    cosine: "down to zero (cosine)",
  },
  regularizer: { none: "no", l1: "L1 (lasso)", l2: "L2 (ridge)" },
  initializer: {
    glorotUniform: "Glorot, uniform",
    glorotNormal: "Glorot, normal",
    heUniform: "He, uniform",
    heNormal: "He, normal",
    normal: "normal, σ = 0.5",
    zeros: "all zero",
  },
  equal: { steps: "as many steps", epochs: "as many rounds (epochs)", time: "as much time" },
  plane: { path: "the path so far", weights: "two weights", random: "two random directions" },
  model: { digits: "Handwritten digits", iris: "Iris flowers" },
  speed: { step: "step by step", epoch: "epoch by epoch", full: "full speed" },
} satisfies Choices;

/** What is made of x and y; further columns of a table have their own names, see `featureNamed`. */
export const FEATURE: Readonly<Record<(typeof FEATURES)[number], string>> = {
  x: "x",
  y: "y",
  xx: "x²",
  yy: "y²",
  xy: "xy",
  sinx: "sin x",
  siny: "sin y",
};

/** What a feature is called. */
export const featureNamed = (state: State, name: FeatureName): string =>
  (FEATURE as Partial<Record<FeatureName, string>>)[name] ?? columnOfFeature(state, name) ?? name;

export const HIDEABLE_PART: Readonly<Record<State["hide"][number], string>> = {
  data: "data",
  features: "choice of features",
  network: "buttons that change the network",
  settings: "settings of the training",
  curves: "curves",
};

/** The parts of the studio, and what each is for. */
export const PART: Readonly<Record<PartName, { readonly name: string; readonly title: string }>> = {
  playground: { name: "Playground", title: "Playground: watch a network learn" },
  space: { name: "Space", title: "Space: how each layer bends the plane" },
  flow: { name: "Gradient flow", title: "Gradient flow: back-propagation, step by step" },
  race: { name: "Race", title: "Race: several trainings from the same start" },
  model: { name: "Model", title: "Model: look into a trained network" },
  ideas: { name: "Ideas", title: "Ideas: ten short guided pages" },
};
