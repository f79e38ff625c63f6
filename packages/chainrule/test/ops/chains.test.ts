/** Random chains of operations: what is fused into one kernel computes what the operations do one after another. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { compile, concatenate, pad, type Tensor, tensor, where } from "../../src/index.ts";
import { range, sizeOf, stridesOf } from "../../src/tensor/shape.ts";

type Step = (x: Tensor) => Tensor;

/** A step chosen by numbers in [0, 1), so that it suits any shape that comes before it. */
function stepOf(kind: number, [p, q]: readonly [number, number]): Step {
  const pick = (n: number, u: number): number => Math.floor(u * n);
  const some = (x: Tensor): number => pick(x.rank, p);
  const steps: Step[] = [
    (x) => x.transpose(range(x.rank).toSorted((i, j) => ((i * 7 + pick(5, p)) % 3) - ((j * 7 + pick(5, p)) % 3))),
    (x) => x.flatten(),
    (x) => x.reshape(x.shape.flatMap((n) => (n % 2 === 0 && n > 0 && q < 0.7 ? [n / 2, 2] : [n]))),
    (x) =>
      x.rank < 2 ? x.expandDims(0) : x.reshape([(x.shape[0] as number) * (x.shape[1] as number), ...x.shape.slice(2)]),
    (x) => (x.rank === 0 ? x : x.flip(some(x))),
    (x) => (x.rank === 0 ? x : x.slice(some(x), pick(2, q), undefined, 1 + pick(3, q))),
    (x) =>
      pad(
        x,
        x.shape.map(() => pick(2, p)),
        x.shape.map(() => pick(3, q)),
        x.shape.map((_, i) => pick(2, (p + i * q) % 1)),
      ),
    (x) => (x.rank === 0 ? x : concatenate([x, x.mul(2)], some(x))),
    (x) => x.expandDims(pick(x.rank + 1, p)).broadcastTo(x.shape.toSpliced(pick(x.rank + 1, p), 0, 2)),
    (x) => (x.rank === 0 ? x : x.sum(some(x), { keepDims: q < 0.5 })),
    (x) => (x.rank === 0 || x.shape[some(x)] === 0 ? x : x.max(some(x))),
    (x) => (x.rank === 0 ? x : x.cumsum(some(x))),
    (x) => (x.rank === 0 || x.shape[some(x)] === 0 ? x : x.gather(tensor([0, 2, 1, 0], { dtype: "int32" }), some(x))),
    (x) => where(x.greater(0), x, x.mul(-0.5)),
    (x) => x.add(1).mul(x),
  ];
  return steps[kind % steps.length] as Step;
}

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const chains = fc.array(fc.tuple(fc.nat(14), unit, unit), { minLength: 1, maxLength: 7 });

it("compiled chains give what single operations give", () => {
  fc.assert(
    fc.property(shapes, chains, (shape, chain) => {
      const x = tensor(
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 37) % 11) - 5),
        { shape },
      );
      const f = (t: Tensor): Tensor =>
        chain.reduce((y, [kind, p, q]) => {
          const next = stepOf(kind, [p, q])(y);
          return next.size > 4000 ? y : next;
        }, t);
      const expected = f(x);
      for (const target of ["js", "wasm"] as const) {
        const found = compile(f, { target })(x);
        expect(found.shape).toEqual(expected.shape);
        // Small integers and halves: every sum and product is exact unless they have grown beyond 2²⁴.
        const large = expected.dataSync().some((value) => Math.abs(value) > 2 ** 20);
        if (!large)
          expect(found.dataSync().map((value) => value + 0)).toEqual(expected.dataSync().map((value) => value + 0));
      }
    }),
    { numRuns: 150, seed: 1 },
  );
});

it("transpose and reshape agree with index arithmetic", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), fc.nat(), (shape, seed) => {
      const x = tensor(
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => i),
        { shape },
      );
      const order = range(shape.length).toSorted((i, j) => ((i * 31 + seed) % 7) - ((j * 31 + seed) % 7));
      const strides = stridesOf(shape);
      const to = order.map((axis) => shape[axis] as number);
      const expected = Array.from({ length: x.size }, (_, at) =>
        stridesOf(to).reduce(
          (sum, stride, i) =>
            sum + (Math.floor(at / stride) % (to[i] as number)) * (strides[order[i] as number] as number),
          0,
        ),
      );
      const moved = (t: Tensor): Tensor =>
        t
          .transpose(order)
          .reshape([...to.toReversed()])
          .flatten();
      for (const target of ["js", "wasm"] as const)
        expect([...compile(moved, { target })(x).dataSync()]).toEqual(expected);
    }),
    { numRuns: 100, seed: 2 },
  );
});
