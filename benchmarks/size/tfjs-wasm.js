// @ts-nocheck: a page has no types.
// Defines, fits and predicts a multilayer perceptron, as a page would; the core without its layers is the smallest way.
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";

await tf.setBackend("wasm");
const [w1, b1] = [tf.variable(tf.randomNormal([4, 16])), tf.variable(tf.zeros([16]))];
const [w2, b2] = [tf.variable(tf.randomNormal([16, 3])), tf.variable(tf.zeros([3]))];
const forward = (x) => tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x, w1), b1)), w2), b2);
const x = tf.tensor2d([
  [5.1, 3.5, 1.4, 0.2],
  [6.2, 2.9, 4.3, 1.3],
  [5.9, 3, 5.1, 1.8],
]);
const y = tf.oneHot(tf.tensor1d([0, 1, 2], "int32"), 3);
const optimizer = tf.train.adam(0.01);
for (let i = 0; i < 100; i++) optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, forward(x)));
document.title = String(await tf.tidy(() => tf.softmax(forward(x))).data());
