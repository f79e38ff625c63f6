// One step of the mlp row and nothing else; timed from the start of the process.
import convnetjs from "convnetjs";

const net = new convnetjs.Net();
net.makeLayers([
  { type: "input", out_sx: 1, out_sy: 1, out_depth: 784 },
  { type: "fc", num_neurons: 128, activation: "relu" },
  { type: "fc", num_neurons: 64, activation: "relu" },
  { type: "softmax", num_classes: 10 },
]);
const trainer = new convnetjs.Trainer(net, { method: "sgd", learning_rate: 0.01, momentum: 0.9, batch_size: 64 });
const x = new convnetjs.Vol(1, 1, 784, 0.5);
let loss = 0;
for (let i = 0; i < 64; i++) loss += trainer.train(x, 3).cost_loss;
console.log(loss > 0 ? "done" : `loss ${loss}`);
