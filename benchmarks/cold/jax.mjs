// One step of the mlp row and nothing else; timed from the start of the process.
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";

/** @import { Array as Value } from "@jax-js/jax" */
/** @typedef {{ w: Value, b: Value, vw: Value, vb: Value }} Layer */

await init("wasm");
defaultDevice("wasm");

const layers = [784, 128, 64, 10];
/** @param {number[]} shape @param {() => number} f */
const make = (shape, f) => np.array(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, f)).reshape(shape);
const zero = () => 0;
/** @type {{ w: Value, b: Value }[]} */
const start = layers.slice(1).map((out, i) => {
  const inputs = /** @type {number} */ (layers[i]);
  return { w: make([inputs, out], () => (Math.random() - 0.5) / 10), b: make([out], zero) };
});
const velocity = layers.slice(1).map((out, i) => {
  const inputs = /** @type {number} */ (layers[i]);
  return { w: make([inputs, out], zero), b: make([out], zero) };
});

/** @param {typeof start} parameters @param {Value} x @param {Value} y */
function loss(parameters, x, y) {
  let value = x;
  parameters.forEach(({ w, b }, i) => {
    value = np.matmul(value, w).add(b);
    if (i < parameters.length - 1) value = nn.relu(value);
  });
  return nn.logSoftmax(value).mul(y).sum(-1).mean().neg();
}

const step = jit(
  (/** @type {typeof start} */ p, /** @type {typeof start} */ v, /** @type {Value} */ x, /** @type {Value} */ y) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(p), x, y);
    /** @param {"w" | "b"} k @param {number} i */
    const moved = (k, i) =>
      /** @type {typeof start[0]} */ (v[i])[k].mul(0.9).add(/** @type {typeof start[0]} */ (gradient[i])[k]);
    const next = p.map((_, i) => ({ w: moved("w", i), b: moved("b", i) }));
    const parameters = p.map(({ w, b }, i) => {
      const layer = /** @type {typeof start[0]} */ (next[i]);
      return { w: w.sub(layer.w.ref.mul(0.01)), b: b.sub(layer.b.ref.mul(0.01)) };
    });
    return /** @type {const} */ ([value, parameters, next]);
  },
);

const x = make([64, 784], () => 0.5);
const y = make([64, 10], zero).add(0.1);
const value = step(start, velocity, x, y)[0].dataSync()[0] ?? Number.NaN;
console.log(value > 0 ? "done" : `loss ${value}`);
