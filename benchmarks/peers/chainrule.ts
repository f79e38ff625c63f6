/** Chainrule, written as its users write it. Argument: the variant, as JSON. */
import { type Box, compile, concatenate, grad, hvp, type Tensor, tensor, vmap } from "chainrule";
import { meanSquaredError, softmaxCrossEntropy } from "chainrule/loss";
import { dense, functional, type Layer, params, relu, type Sequential, sequential, sigmoid, tanh } from "chainrule/nn";
import { adam, sgd } from "chainrule/optim";
import packageFile from "chainrule/package.json" with { type: "json" };
import { trainStep, trainSteps } from "chainrule/train";
import { batchOf, type Data, type LayerValues, type Problem, type Task } from "../problem.ts";
import { apply, type Variant } from "./features.ts";
import { fingerprint } from "./fingerprint.ts";
import { serve, Unsupported, unavailable, type Work } from "./serve.ts";

const importedBytes = process.memoryUsage.rss();

type Batch = { x: Tensor; y: Tensor };
type Parameters = Record<string, Tensor>;

function modelOf({ layers, hidden, output }: Problem): Sequential {
  const activation = hidden === "relu" ? relu : tanh;
  const stack = layers.slice(1).flatMap((out, i): Layer[] => {
    const layer = dense(layers[i] as number, out);
    if (i < layers.length - 2) return [layer, activation];
    return output === "sigmoid" ? [layer, sigmoid] : [layer];
  });
  return sequential(...stack);
}

/** The values in the order and under the names in which the model holds its parameters. */
function named(names: readonly string[], values: readonly LayerValues[]): Parameters {
  const tensors = values.flatMap((layer) => [
    tensor(layer.weight, { shape: [layer.in, layer.out] }),
    tensor(layer.bias),
  ]);
  return Object.fromEntries(names.map((name, i) => [name, tensors[i] as Tensor]));
}

function batches(data: Data): Batch[] {
  const { batch, layers, loss } = data.problem;
  return Array.from({ length: data.problem.batches }, (_, i) => {
    const { x, y } = batchOf(data, i);
    const targets = loss === "crossEntropy" ? [batch] : [batch, layers.at(-1) as number];
    return { x: tensor(x, { shape: [batch, layers[0] as number] }), y: tensor(y, { shape: targets }) };
  });
}

const lossOf = (problem: Problem) => (problem.loss === "crossEntropy" ? softmaxCrossEntropy : meanSquaredError);

/** What a step is made of, with the model at its start weights; `restart` goes back there. */
function training({ problem, weights }: Data) {
  const { optimizer } = problem;
  const model = modelOf(problem);
  const boxes = params(model);
  const start = named(Object.keys(boxes), weights);
  const setWeights = (): void => {
    for (const [name, box] of Object.entries(boxes)) box.value = start[name] as Tensor;
  };
  setWeights();
  const loss = lossOf(problem);
  return {
    model,
    optimizer: optimizer.kind === "adam" ? adam(settings(optimizer)) : sgd(settings(optimizer)),
    loss: ({ x, y }: Batch): Tensor => loss(model(x), y),
    restart(state: Readonly<Record<string, Box>>): () => void {
      const zeros = Object.values(state).map((box) => [box, box.value] as const);
      return () => {
        setWeights();
        for (const [box, value] of zeros) box.value = value;
      };
    },
  };
}

function train(data: Data): Work<Tensor> {
  const { model, optimizer, loss, restart } = training(data);
  const step = trainStep(model, optimizer, loss);
  const all = batches(data);
  return {
    step: (i) => step(all[i % all.length] as Batch).loss,
    read: (result) => [result.itemSync()],
    restart: restart(step.state),
  };
}

function trainMany(data: Data): Work<Tensor> {
  const { model, optimizer, loss, restart } = training(data);
  const all = batches(data);
  const rows = { x: concatenate(all.map(({ x }) => x)), y: concatenate(all.map(({ y }) => y)) };
  const steps = trainSteps(model, optimizer, loss, rows);
  const { batch } = data.problem;
  const inOrder = (from: number, count: number): Tensor => {
    const order = new Int32Array(count * batch);
    for (let i = 0; i < order.length; i++) order[i] = (from * batch + i) % (all.length * batch);
    return tensor(order, { shape: [count, batch] });
  };
  return {
    step: (i) => steps(inOrder(i, 1)).losses,
    many: (count) => steps(inOrder(0, count)).losses.dataSync(),
    read: (result) => [...result.dataSync()],
    restart: restart(steps.state),
  };
}

/** The settings of an optimizer without its name. */
function settings<O extends { readonly kind: string }>({ kind: _, ...rest }: O): Omit<O, "kind"> {
  return rest;
}

function infer(data: Data): Work<ArrayLike<number>> {
  const model = modelOf(data.problem);
  const boxes = params(model);
  const start = named(Object.keys(boxes), data.weights);
  for (const [name, box] of Object.entries(boxes)) box.value = start[name] as Tensor;
  const forward = compile((x: Tensor) => model(x));
  const inputs = batches(data).map(({ x }) => x);
  return {
    step: (i) => forward(inputs[i % inputs.length] as Tensor).dataSync(),
    read: (result) => Array.from(result),
  };
}

function derivative(data: Data, task: "gradient" | "hvp" | "per-example"): Work<Parameters> {
  const model = modelOf(data.problem);
  const names = Object.keys(params(model));
  const theta = named(names, data.weights);
  const v = named(names, data.direction);
  const loss = lossOf(data.problem);
  const { apply: forward } = functional(model);
  const objective = (parameters: Parameters, x: Tensor, y: Tensor) => loss(forward(parameters, x), y);
  const one = (parameters: Parameters, x: Tensor, y: Tensor) => objective(parameters, x.expandDims(0), y.expandDims(0));
  // The parameters are captured, so that they stay in the program. The gradients of each example are 28 MB; as in any
  // use of them (norms, clipping) they are read before the next batch comes.
  const reuseResults = task === "per-example";
  const derivatives = (x: Tensor, y: Tensor): Parameters => {
    if (task === "gradient") return grad(objective)(theta, x, y) as Parameters;
    if (task === "hvp") return hvp((p: Parameters) => objective(p, x, y))(theta, v) as Parameters;
    return vmap(grad(one), { axes: [null, 0, 0] })(theta, x, y) as Parameters;
  };
  const f = compile(derivatives, { reuseResults });
  const all = batches(data);
  return {
    step: (i) => {
      const { x, y } = all[i % all.length] as Batch;
      return f(x, y) as Parameters;
    },
    read: (result) => fingerprint(Object.values(result).map((t) => t.dataSync())),
    done: true,
  };
}

function build(data: Data, task: Task): Work<unknown> {
  if (task === "train") return train(data);
  if (task === "train-many") return trainMany(data);
  if (task === "infer") return infer(data);
  if (task === "products") throw new Unsupported("Chainrule has no step of bare products");
  return derivative(data, task);
}

const reason = await apply(JSON.parse(process.argv[2] ?? "{}") as Variant);
if (reason === undefined) await serve({ version: packageFile.version }, build, importedBytes);
else unavailable(reason);
