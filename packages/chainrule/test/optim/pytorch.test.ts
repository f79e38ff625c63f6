/** The optimizers against PyTorch 1.13 (torch.optim, Python 3, CPU); the calls are in pytorch.json beside the numbers. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adagrad, adam, adamw, type Optimizer, rmsprop, sgd } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad } from "../../src/transform/index.ts";

interface Trajectory {
  readonly optimizer: keyof typeof make;
  readonly options: Record<string, never>;
  readonly call: string;
  /** Parameters after steps 1, 2, 5 and 20. */
  readonly float64: number[][];
  readonly float32: number[][];
}

const make = { sgd, adagrad, rmsprop, adam, adamw } as Readonly<Record<string, (options: never) => Optimizer>>;

const trajectories = JSON.parse(
  readFileSync(new URL("./pytorch.json", import.meta.url), "utf8"),
) as readonly Trajectory[];

/** 100·(w₁ − w₀²)² + (1 − w₀)². */
const rosenbrock = (w: Tensor): Tensor => {
  const [a, b] = [w.slice(0, 0, 1), w.slice(0, 1, 2)];
  return b.sub(a.square()).square().mul(100).add(a.neg().add(1).square()).sum();
};

describe("first-order optimizers take the steps of PyTorch", () => {
  for (const dtype of ["float64", "float32"] as const) {
    for (const { optimizer: name, options, call, ...expected } of trajectories) {
      it(`${call}, ${dtype}`, () => {
        const optimizer = (make[name] as (options: never) => Optimizer)(options as never);
        let parameter = tensor([-1.2, 1], { dtype });
        let state: Record<string, Tensor> = optimizer.init(parameter);
        const found: number[][] = [];
        for (let i = 0; i < 20; i++) {
          const gradient = grad(rosenbrock)(parameter);
          ({ parameter, state } = optimizer.update({
            gradient,
            state,
            parameter,
            step: tensor(i, { dtype: "int32" }),
          }));
          if ([1, 2, 5, 20].includes(i + 1)) found.push(parameter.arraySync() as number[]);
        }
        const tolerance = dtype === "float64" ? 1e-11 : 1e-5;
        found.flat().forEach((value, i) => {
          expect(Math.abs(value - (expected[dtype].flat()[i] as number))).toBeLessThan(tolerance);
        });
      });
    }
  }
});
