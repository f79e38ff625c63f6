// @ts-nocheck: a page has no types.
// Defines, fits and predicts a multilayer perceptron, as a page would.
import brain from "brain.js";

const net = new brain.NeuralNetwork({ hiddenLayers: [16] });
net.train([
  { input: [5.1, 3.5, 1.4, 0.2], output: [1, 0, 0] },
  { input: [6.2, 2.9, 4.3, 1.3], output: [0, 1, 0] },
  { input: [5.9, 3, 5.1, 1.8], output: [0, 0, 1] },
]);
document.title = String(net.run([5.1, 3.5, 1.4, 0.2]));
