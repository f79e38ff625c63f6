/** The rows in which contenders do the same step in turns. */
import { CHAINRULE, type ContenderName, PEERS } from "../contenders.ts";
import { contest, type Entry } from "../measure.ts";
import { type Problem, type StoredProblem, store, type Task } from "../problem.ts";
import { judge, type Target } from "../target.ts";
import { deep, mlp, mlpAdam, single, wide, xor } from "./problems.ts";
import type { Context, Row } from "./row.ts";

interface Contest {
  readonly name: string;
  readonly title: string;
  readonly per: string;
  readonly problem: Problem;
  readonly entries: (problem: StoredProblem, context: Context) => Entry[];
  readonly targets: readonly Target[];
}

const one: ContenderName[] = ["chainrule", "chainrule wide"];
const two: ContenderName[] = [...CHAINRULE];
const peers = (...names: ContenderName[]): ContenderName[] => PEERS.filter((name) => names.includes(name));

const entries = (names: readonly ContenderName[], problem: StoredProblem, task: Task = "train"): Entry[] =>
  names.map((contender) => ({ contender, problem, task }));

const CONTESTS: readonly Contest[] = [
  {
    name: "xor",
    title: "2-8-1, tanh and sigmoid, batch 4, plain SGD",
    per: "a step",
    problem: xor,
    entries: (problem) => [
      ...[
        ...entries([...one, ...peers("numpy", "pytorch", "jax-js", "tfjs-wasm", "convnetjs")], problem),
        ...one.map((contender) => ({ line: `${contender} many`, contender, problem, task: "train-many" as const })),
      ].map((entry) => ({ ...entry, mostSteps: 200_000 })),
      {
        contender: "brain.js",
        problem,
        task: "train",
        mostSteps: 200_000,
        apart: "updates after each of the four examples, tanh in both layers: other mathematics, not compared",
      },
    ],
    targets: [
      { text: "one step a call ≤ 1 µs", of: "chainrule", limit: { kind: "absolute", value: 1000 } },
      { text: "many steps a call ≤ 0.4 µs a step", of: "chainrule many", limit: { kind: "absolute", value: 400 } },
    ],
  },
  {
    name: "mlp",
    title: "784-128-64-10, ReLU, batch 64, SGD with momentum 0.9",
    per: "a step",
    problem: mlp,
    entries: (problem, { quick }) =>
      entries(
        [
          ...two,
          ...peers(
            "numpy",
            "numpy x2",
            "pytorch",
            "jax-js",
            "tfjs-wasm",
            "convnetjs",
            ...(quick ? [] : (["pytorch x2"] as const)),
          ),
        ],
        problem,
      ),
    targets: [
      {
        text: "1 thread ≤ 1.1 × NumPy",
        of: "chainrule",
        limit: { kind: "times", factor: 1.1, line: "numpy" },
        productBound: true,
      },
      {
        text: "2 threads ≤ 0.65 × NumPy on one",
        of: "chainrule x2",
        limit: { kind: "times", factor: 0.65, line: "numpy" },
        productBound: true,
      },
    ],
  },
  {
    name: "mlp-adam",
    title: "784-128-64-10, ReLU, batch 64, Adam",
    per: "a step",
    problem: mlpAdam,
    entries: (problem) => entries([...one, ...peers("numpy", "pytorch", "jax-js", "tfjs-wasm")], problem),
    targets: [
      {
        text: "1 thread ≤ 0.9 × PyTorch with foreach",
        of: "chainrule",
        limit: { kind: "times", factor: 0.9, line: "pytorch" },
        productBound: true,
      },
    ],
  },
  {
    name: "wide",
    title: "1024-1024-1024-10, ReLU, batch 256, SGD with momentum 0.9",
    per: "a step",
    problem: wide,
    entries: (problem, { quick }) => [
      // A step of TensorFlow.js takes seconds; no target is set by PyTorch on two threads.
      ...entries(
        [
          ...two,
          ...peers("numpy", "numpy x2", "pytorch", "jax-js", ...(quick ? [] : (["pytorch x2", "tfjs-wasm"] as const))),
        ],
        problem,
      ),
      { line: "products alone", contender: "numpy", problem, task: "products", group: "products" },
      { line: "products alone x2", contender: "numpy x2", problem, task: "products", group: "products" },
    ],
    targets: [
      {
        text: "1 thread: 0.90 of OpenBLAS's rate",
        of: "chainrule",
        limit: { kind: "times", factor: 1 / 0.9, line: "products alone" },
        productBound: true,
      },
      {
        text: "2 threads: 0.90 of OpenBLAS's rate",
        of: "chainrule x2",
        limit: { kind: "times", factor: 1 / 0.9, line: "products alone x2" },
        productBound: true,
      },
    ],
  },
  {
    name: "deep",
    title: "20 layers, 64 wide, tanh, batch 32, SGD with momentum 0.9",
    per: "a step",
    problem: deep,
    entries: (problem) => entries([...one, ...peers("numpy", "pytorch", "jax-js", "tfjs-wasm", "convnetjs")], problem),
    // Three quarters of the step are products, by `profile`.
    targets: [
      {
        text: "≤ 0.5 × NumPy",
        of: "chainrule",
        limit: { kind: "times", factor: 0.5, line: "numpy" },
        productBound: true,
      },
    ],
  },
  {
    name: "infer",
    title: "784-128-64-10, ReLU, one example, result read",
    per: "a call",
    problem: single,
    entries: (problem) =>
      entries([...one, ...peers("numpy", "pytorch", "jax-js", "tfjs-wasm", "convnetjs")], problem, "infer").map(
        (entry) => ({
          ...entry,
          mostSteps: 20_000,
        }),
      ),
    targets: [{ text: "≤ 8 µs", of: "chainrule", limit: { kind: "absolute", value: 8000 } }],
  },
  {
    name: "hvp",
    title: "Hessian-vector product of 784-128-64-10, batch 64",
    per: "a product",
    problem: { ...mlp, name: "hvp" },
    entries: (problem) =>
      [...one, ...peers("pytorch", "jax-js", "tfjs-wasm")].flatMap((contender) => [
        { contender, problem, task: "hvp" as const, group: "hvp" },
        { line: `${contender} gradient`, contender, problem, task: "gradient" as const, group: "gradient" },
      ]),
    targets: [
      { text: "≤ 3 × its gradient", of: "chainrule", limit: { kind: "times", factor: 3, line: "chainrule gradient" } },
    ],
  },
  {
    name: "per-example",
    title: "the gradient of each of 64 examples, 784-128-64-10",
    per: "a batch",
    problem: { ...mlp, name: "per-example" },
    entries: (problem) => entries([...one, ...peers("numpy", "pytorch", "jax-js")], problem, "per-example"),
    targets: [{ text: "≤ 2 ms", of: "chainrule", limit: { kind: "absolute", value: 2e6 } }],
  },
];

export const contests: readonly Row[] = CONTESTS.map(({ name, title, per, problem, entries: make, targets }) => ({
  name,
  title,
  async run(context) {
    const stored = store(problem, context.folder);
    const lines = await contest(make(stored, context), context.contenders, context.pace);
    return { per, unit: "time", lines, verdicts: targets.map((target) => judge(target, lines)) };
  },
}));
