// Newton's method on Rosenbrock's function, with the exact gradient and Hessian.
// H. H. Rosenbrock, "An automatic method for finding the greatest or least value of a function", 1960: minimum at (1, 1).
import { compile, grad, hessian, type Tensor, tensor } from "chainrule";

const rosenbrock = (p: Tensor): Tensor => {
  const x = p.slice(0, 0, 1);
  const y = p.slice(0, 1, 2);
  return x.neg().add(1).square().add(y.sub(x.square()).square().mul(100)).sum();
};
const derivatives = compile((p: Tensor) => ({ g: grad(rosenbrock)(p), h: hessian(rosenbrock)(p) }));

let [x, y] = [-1.2, 1];
for (let i = 0; i < 8; i++) {
  const { g, h } = derivatives(tensor([x, y], { dtype: "float64" }));
  const [gx, gy] = (await g.array()) as [number, number];
  const [[a, b], [, d]] = (await h.array()) as [[number, number], [number, number]];
  // (x, y) ← (x, y) − H⁻¹g, by Cramer's rule
  const determinant = a * d - b * b;
  x -= (d * gx - b * gy) / determinant;
  y -= (a * gy - b * gx) / determinant;
}
console.log(`minimum at (${x.toFixed(6)}, ${y.toFixed(6)})`);
// prints: minimum at (1.000000, 1.000000)
