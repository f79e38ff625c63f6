/** Ways down a hill over two weights, by the library's optimizers. */
import { compile, grad, hessian, type Tensor, tensor } from "chainrule";
import { dense } from "chainrule/nn";
import { trainStep } from "chainrule/train";
import { INITIAL } from "../../state/index.ts";
import type { DescentAsked, Hill, Walk } from "../ideas.ts";
import { heightOf } from "../ideas.ts";
import { optimizerOf } from "../network.ts";
import type { Service } from "../protocol.ts";

export const descent: Service<"descent"> = {
  descent(asked) {
    const paths = asked.walks.map((walk) => pathOf(asked, walk));
    const losses = paths.map((path) =>
      Float32Array.from({ length: path.length / 2 }, (_, i) =>
        heightOf[asked.hill](path[2 * i] as number, path[2 * i + 1] as number),
      ),
    );
    return { paths, losses };
  },
};

/** The hills of `heightOf` as the library sees them, of w = (u, v). */
const LOSS: Readonly<Record<Hill, (w: Tensor) => Tensor>> = {
  bowl: (w) => w.square().sum().mul(0.5),
  ravine: (w) =>
    w
      .square()
      .mul(tensor([0.5, 12.5]))
      .sum(),
  saddle: (w) =>
    w
      .square()
      .mul(tensor([0.5, -0.5]))
      .sum()
      .add(
        w
          .square()
          .square()
          .mul(tensor([0, 0.25]))
          .sum(),
      ),
};

function pathOf({ hill, start, steps }: DescentAsked, walk: Walk): Float32Array {
  const path = Float32Array.from({ length: 2 * (steps + 1) }, (_, i) => start[i % 2] as number);
  const step = walk.optimizer === "bareNewton" ? newtonStep(hill, start) : optimizerStep(hill, start, walk);
  for (let i = 1; i <= steps; i++) path.set(step(), 2 * i);
  return path;
}

/** An optimizer of the library, on the weights of a layer of one input that is 1. */
function optimizerStep(hill: Hill, start: readonly number[], walk: Walk): () => ArrayLike<number> {
  const place = dense(1, 2, { bias: false });
  place.weight.value = tensor([[...start]]);
  const optimizer = optimizerOf({ ...INITIAL, ...walk, optimizer: walk.optimizer as (typeof INITIAL)["optimizer"] });
  const step = trainStep(place, optimizer, ({ x }: { x: Tensor }) => LOSS[hill](place(x).reshape([2])));
  const one = { x: tensor([[1]]) };
  return () => {
    step(one);
    return place.weight.value.dataSync();
  };
}

/** w − H⁻¹·g: to the bottom, the top or the saddle of the parabola that touches the hill here. */
function newtonStep(hill: Hill, start: readonly number[]): () => ArrayLike<number> {
  const [f, w] = [LOSS[hill], Float32Array.from(start)];
  const derivatives = compile((at: Tensor) => ({ g: grad(f)(at), h: hessian(f)(at) }));
  return () => {
    const { g, h } = derivatives(tensor(w)) as { g: Tensor; h: Tensor };
    const [g0, g1] = g.dataSync() as unknown as [number, number];
    const [a, b, c, d] = h.dataSync() as unknown as [number, number, number, number];
    const determinant = a * d - b * c;
    w[0] = (w[0] as number) - (d * g0 - b * g1) / determinant;
    w[1] = (w[1] as number) - (a * g1 - c * g0) / determinant;
    return w;
  };
}
