// @ts-nocheck: a page has no types.
// Defines, fits and predicts a multilayer perceptron, as a page would.
import convnetjs from "convnetjs";

const net = new convnetjs.Net();
net.makeLayers([
  { type: "input", out_sx: 1, out_sy: 1, out_depth: 4 },
  { type: "fc", num_neurons: 16, activation: "relu" },
  { type: "softmax", num_classes: 3 },
]);
const trainer = new convnetjs.Trainer(net, { learning_rate: 0.01, batch_size: 3 });
const rows = [
  [5.1, 3.5, 1.4, 0.2],
  [6.2, 2.9, 4.3, 1.3],
  [5.9, 3, 5.1, 1.8],
].map((row) => new convnetjs.Vol(row));
for (let i = 0; i < 100; i++)
  rows.forEach((row, label) => {
    trainer.train(row, label);
  });
document.title = String(net.forward(rows[0]).w);
