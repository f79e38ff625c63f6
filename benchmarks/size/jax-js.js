// @ts-nocheck: a page has no types.
// Defines, fits and predicts a multilayer perceptron, as a page would.
import { init, jit, nn, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";

await init();
const [k1, k2] = random.split(random.key(0), 2);
let parameters = {
  w1: random.normal(k1, [4, 16]).mul(0.5),
  b1: np.zeros([16]),
  w2: random.normal(k2, [16, 3]).mul(0.25),
  b2: np.zeros([3]),
};
const forward = ({ w1, b1, w2, b2 }, x) => np.matmul(nn.relu(np.matmul(x, w1).add(b1)), w2).add(b2);
const loss = (p, x, y) => nn.logSoftmax(forward(p, x)).mul(y).sum(-1).mean().neg();
const step = jit((p, x, y) => {
  const [value, gradient] = valueAndGrad(loss)(tree.ref(p), x, y);
  return [value, tree.map((a, g) => a.sub(g.mul(0.01)), p, gradient)];
});
const x = np.array([
  [5.1, 3.5, 1.4, 0.2],
  [6.2, 2.9, 4.3, 1.3],
  [5.9, 3, 5.1, 1.8],
]);
const y = np.eye(3);
for (let i = 0; i < 100; i++) {
  const [value, next] = step(parameters, x.ref, y.ref);
  value.dispose();
  parameters = next;
}
document.title = String(await forward(parameters, x).data());
