/** jax-js on its WebAssembly backend; the whole step in one jit. */
import {
  type Array,
  defaultDevice,
  grad,
  init,
  jit,
  jvp,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
  vmap,
} from "@jax-js/jax";
import { batchOf, type Data, type LayerValues, type Optimizer, type Problem, type Task } from "../problem.ts";
import { fingerprint } from "./fingerprint.ts";
import { oneHot } from "./one-hot.ts";
import { serve, Unsupported, type Work } from "./serve.ts";
import { versionOf } from "./version.ts";

type Layer = { w: Array; b: Array };
type Parameters = Layer[];
type Batch = { x: Array; y: Array };
/** Velocity, or Adam's two moments and the powers of its two decays. */
type State = { first: Parameters; second: Parameters; powers: Array[] };

await init("wasm");
defaultDevice("wasm");
const importedBytes = process.memoryUsage.rss();

const parametersOf = (values: readonly LayerValues[]): Parameters =>
  values.map((layer) => ({ w: np.array(layer.weight).reshape([layer.in, layer.out]), b: np.array(layer.bias) }));

function forward({ hidden, output }: Problem, parameters: Parameters, x: Array): Array {
  let value = x;
  parameters.forEach(({ w, b }, i) => {
    value = np.matmul(value, w).add(b);
    if (i < parameters.length - 1) value = hidden === "relu" ? nn.relu(value) : np.tanh(value);
    else if (output === "sigmoid") value = nn.sigmoid(value);
  });
  return value;
}

function objective(problem: Problem) {
  return (parameters: Parameters, x: Array, y: Array): Array => {
    const prediction = forward(problem, parameters, x);
    if (problem.loss === "meanSquared") return np.square(prediction.sub(y)).mean();
    return nn.logSoftmax(prediction).mul(y).sum(-1).mean().neg();
  };
}

function batches(data: Data): Batch[] {
  const { problem } = data;
  const [features, outputs] = [problem.layers[0] as number, problem.layers.at(-1) as number];
  return globalThis.Array.from({ length: problem.batches }, (_, i) => {
    const { x, y } = batchOf(data, i);
    const targets = y instanceof Int32Array ? oneHot(y, outputs) : y;
    return {
      x: np.array(x.slice()).reshape([problem.batch, features]),
      y: np.array(targets.slice()).reshape([problem.batch, outputs]),
    };
  });
}

const mapped = (a: Parameters, b: Parameters, f: (a: Array, b: Array) => Array): Parameters =>
  a.map((layer, i) => ({ w: f(layer.w, (b[i] as Layer).w), b: f(layer.b, (b[i] as Layer).b) }));

function update(optimizer: Optimizer, parameters: Parameters, gradient: Parameters, state: State): [Parameters, State] {
  if (optimizer.kind === "sgd") {
    const { learningRate, momentum } = optimizer;
    if (momentum === 0) return [mapped(parameters, gradient, (p, g) => p.sub(g.mul(learningRate))), state];
    const first = mapped(state.first, gradient, (v, g) => v.mul(momentum).add(g));
    const next = mapped(parameters, first, (p, v) => p.sub(v.ref.mul(learningRate)));
    return [next, { ...state, first }];
  }
  const { learningRate, beta1, beta2, epsilon } = optimizer;
  const power1 = (state.powers[0] as Array).mul(beta1);
  const power2 = (state.powers[1] as Array).mul(beta2);
  const first = mapped(state.first, gradient, (m, g) => m.mul(beta1).add(g.ref.mul(1 - beta1)));
  const second = mapped(state.second, gradient, (v, g) => v.mul(beta2).add(np.square(g).mul(1 - beta2)));
  const direction = mapped(first, second, (m, v) => {
    const mean = m.ref.div(power1.ref.neg().add(1));
    return mean.div(np.sqrt(v.ref.div(power2.ref.neg().add(1))).add(epsilon));
  });
  const next = mapped(parameters, direction, (p, d) => p.sub(d.mul(learningRate)));
  return [next, { first, second, powers: [power1, power2] }];
}

function train(data: Data): Work<Array> {
  const { problem } = data;
  const { optimizer } = problem;
  const withGradient = valueAndGrad(objective(problem));
  const step = jit((parameters: Parameters, state: State, x: Array, y: Array): [Array, Parameters, State] => {
    const [loss, gradient] = withGradient(tree.ref(parameters), x, y);
    return [loss, ...update(optimizer, parameters, gradient, state)];
  });
  const all = batches(data);
  const zeros = (): Parameters =>
    parametersOf(data.weights).map(({ w, b }) => ({ w: np.zerosLike(w), b: np.zerosLike(b) }));
  const [plain, isAdam] = [optimizer.kind === "sgd" && optimizer.momentum === 0, optimizer.kind === "adam"];
  const start = (): State => ({
    first: plain ? [] : zeros(),
    second: isAdam ? zeros() : [],
    powers: isAdam ? [np.array(1), np.array(1)] : [],
  });
  let parameters = parametersOf(data.weights);
  let state = start();
  return {
    step(i) {
      const { x, y } = all[i % all.length] as Batch;
      const [loss, next, nextState] = step(parameters, state, x.ref, y.ref);
      parameters = next;
      state = nextState;
      return loss;
    },
    read: (loss) => [loss.dataSync()[0] as number],
    drop: (loss) => loss.dispose(),
    restart() {
      tree.dispose(parameters);
      tree.dispose(state);
      parameters = parametersOf(data.weights);
      state = start();
    },
  };
}

function infer(data: Data): Work<Float32Array> {
  const parameters = parametersOf(data.weights);
  const f = jit((p: Parameters, x: Array) => forward(data.problem, p, x));
  const all = batches(data);
  return {
    step: (i) => f(tree.ref(parameters), (all[i % all.length] as Batch).x.ref).dataSync(),
    read: (result) => globalThis.Array.from(result),
  };
}

function derivative(data: Data, task: Task): Work<Parameters> {
  const parameters = parametersOf(data.weights);
  const direction = parametersOf(data.direction);
  const loss = objective(data.problem);
  const one = (p: Parameters, x: Array, y: Array): Array => loss(p, x.reshape([1, -1]), y.reshape([1, -1]));
  const f = jit((p: Parameters, v: Parameters, x: Array, y: Array): Parameters => {
    if (task === "hvp") return jvp((q: Parameters) => grad(loss)(q, x, y), [p], [v])[1];
    tree.dispose(v);
    return task === "gradient" ? grad(loss)(p, x, y) : vmap(grad(one), [null, 0, 0])(p, x, y);
  });
  const all = batches(data);
  return {
    step: (i) => {
      const { x, y } = all[i % all.length] as Batch;
      const result = f(tree.ref(parameters), tree.ref(direction), x.ref, y.ref);
      // What nobody waits for is never computed.
      (result.at(-1) as Layer).b.ref.dataSync();
      return result;
    },
    read: (result) => fingerprint(result.flatMap(({ w, b }) => [w.dataSync(), b.dataSync()])),
    drop: (result) => tree.dispose(result),
    done: true,
  };
}

function build(data: Data, task: Task): Work<unknown> {
  if (task === "products") throw new Unsupported("measured for NumPy only");
  return task === "train" ? train(data) : task === "infer" ? infer(data) : derivative(data, task);
}

await serve({ version: versionOf("@jax-js/jax") }, build, importedBytes);
