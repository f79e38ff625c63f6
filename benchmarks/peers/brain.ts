/**
 * brain.js: updates after each example, one activation for all layers, squared error. It cannot do the same as the
 * others; what it does in the meantime is timed and marked.
 */
import brain, { type NeuralNetwork } from "brain.js";
import { batchOf, type Data, type LayerValues, type Task } from "../problem.ts";
import { serve, Unsupported, type Work } from "./serve.ts";
import { versionOf } from "./version.ts";

const importedBytes = process.memoryUsage.rss();

function netOf({ problem, weights }: Data, learningRate: number): NeuralNetwork {
  // It refuses a momentum of zero.
  const options = { learningRate, momentum: 1e-30 };
  const net = new brain.NeuralNetwork({ activation: problem.hidden, ...options });
  net.sizes = [...problem.layers];
  net.initialize();
  weights.forEach(({ weight, bias, in: inputs, out }: LayerValues, i) => {
    net.biases[i + 1] = Array.from(bias);
    net.weights[i + 1] = Array.from({ length: out }, (_, o) =>
      Array.from({ length: inputs }, (_, k) => weight[k * out + o] as number),
    );
  });
  net.updateTrainingOptions(options);
  net.setActivation(problem.hidden);
  return net;
}

function train(data: Data): Work<number> {
  const { batch, batches, layers, optimizer } = data.problem;
  if (data.problem.loss === "crossEntropy") throw new Unsupported("it has no cross-entropy");
  const [features, outputs] = [layers[0] as number, layers.at(-1) as number];
  const all = Array.from({ length: batches }, (_, i) => {
    const { x, y } = batchOf(data, i);
    return Array.from({ length: batch }, (_, k) => ({
      input: Array.from(x.subarray(k * features, (k + 1) * features)),
      output: Array.from(y.subarray(k * outputs, (k + 1) * outputs)),
    }));
  });
  let net = netOf(data, optimizer.learningRate);
  return {
    step(i) {
      let sum = 0;
      for (const example of all[i % all.length] ?? []) sum += net.trainPattern(example, true) ?? 0;
      return sum / batch;
    },
    read: (loss) => [loss],
    restart() {
      net = netOf(data, optimizer.learningRate);
    },
  };
}

function build(data: Data, task: Task): Work<unknown> {
  if (task === "train") return train(data);
  throw new Unsupported("only its training is measured");
}

await serve({ version: versionOf("brain.js") }, build, importedBytes);
