/** ConvNetJS: one example at a time in plain JavaScript, updates after each batch. */
import convnetjs, { type Layer, type Net, type Vol } from "convnetjs";
import { batchOf, type Data, type Problem, type Task } from "../problem.ts";
import { serve, Unsupported, type Work } from "./serve.ts";
import { versionOf } from "./version.ts";

const importedBytes = process.memoryUsage.rss();

interface Example {
  readonly x: Vol;
  readonly y: number | number[];
}

function volume(values: ArrayLike<number>): Vol {
  const result = new convnetjs.Vol(1, 1, values.length, 0);
  result.w.set(values);
  return result;
}

function netOf({ problem, weights }: Data): Net {
  const { layers, hidden, output, loss } = problem;
  const net = new convnetjs.Net();
  const outputs = layers.at(-1) as number;
  net.makeLayers([
    { type: "input", out_sx: 1, out_sy: 1, out_depth: layers[0] },
    ...layers.slice(1, -1).map((width) => ({ type: "fc", num_neurons: width, activation: hidden })),
    // A fully connected layer before the loss belongs to it.
    loss === "crossEntropy" ? { type: "softmax", num_classes: outputs } : { type: "regression", num_neurons: outputs },
  ]);
  if (output === "sigmoid") {
    net.layers.splice(-1, 0, new convnetjs.SigmoidLayer({ in_sx: 1, in_sy: 1, in_depth: outputs }));
  }
  const dense = net.layers.filter(
    (layer): layer is Layer & { filters: Vol[]; biases: Vol } => layer.filters !== undefined,
  );
  dense.forEach(({ filters, biases }, i) => {
    const { weight, bias, in: inputs, out } = weights[i] as Data["weights"][number];
    filters.forEach((filter, o) => {
      for (let k = 0; k < inputs; k++) filter.w[k] = weight[k * out + o] as number;
    });
    biases.w.set(bias);
  });
  return net;
}

function examplesOf(data: Data): Example[][] {
  const { batch, batches, layers } = data.problem;
  const [features, outputs] = [layers[0] as number, layers.at(-1) as number];
  return Array.from({ length: batches }, (_, i) => {
    const { x, y } = batchOf(data, i);
    return Array.from({ length: batch }, (_, k) => ({
      x: volume(x.subarray(k * features, (k + 1) * features)),
      y: y instanceof Int32Array ? (y[k] as number) : Array.from(y.subarray(k * outputs, (k + 1) * outputs)),
    }));
  });
}

/**
 * For the mean of e² over the outputs. Its regression layer takes the derivative of ½ Σ e², so that the learning rate
 * makes up for the factor, and reports 2 Σ e².
 */
function scales({ loss, layers }: Problem): { rate: number; report: number } {
  if (loss === "crossEntropy") return { rate: 1, report: 1 };
  const outputs = layers.at(-1) as number;
  return { rate: 2 / outputs, report: 1 / (2 * outputs) };
}

function train(data: Data): Work<number> {
  const { problem } = data;
  const { optimizer, batch } = problem;
  if (optimizer.kind !== "sgd") throw new Unsupported("it has no Adam");
  const { rate, report } = scales(problem);
  const trainer = () =>
    new convnetjs.Trainer(netOf(data), {
      method: "sgd",
      learning_rate: optimizer.learningRate * rate,
      momentum: optimizer.momentum,
      batch_size: batch,
    });
  const all = examplesOf(data);
  let current = trainer();
  return {
    step(i) {
      let sum = 0;
      for (const { x, y } of all[i % all.length] as Example[]) sum += current.train(x, y).cost_loss;
      return (sum * report) / batch;
    },
    read: (loss) => [loss],
    restart() {
      current = trainer();
    },
  };
}

function infer(data: Data): Work<Vol> {
  const net = netOf(data);
  const all = examplesOf(data);
  // What enters the last layer is our result; the softmax on top of it is part of the call.
  const last = net.layers.at(-1) as Layer;
  return {
    step: (i) => {
      net.forward((all[i % all.length] as Example[])[0]?.x as Vol);
      return last.in_act as Vol;
    },
    read: ({ w }) => Array.from(w),
  };
}

function build(data: Data, task: Task): Work<unknown> {
  if (task === "train") return train(data);
  if (task === "infer" && data.problem.batch === 1) return infer(data);
  throw new Unsupported("it trains and predicts only");
}

await serve({ version: versionOf("convnetjs") }, build, importedBytes);
