/** The activations and optimizers that go by a name. Nothing of the library is loaded to know them: help must come at once. */

export const ACTIVATION_NAMES = ["relu", "gelu", "silu", "elu", "tanh", "sigmoid"] as const;
export const OPTIMIZER_NAMES = ["adam", "adamw", "rmsprop", "sgd"] as const;

/** A task as --task names it: two classes are classes too. */
export const taskName = (task: string): "classification" | "regression" =>
  task === "regression" ? task : "classification";

export type ActivationName = (typeof ACTIVATION_NAMES)[number];
export type OptimizerName = (typeof OPTIMIZER_NAMES)[number];
