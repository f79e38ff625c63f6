import { describe, expect, expectTypeOf, it } from "vitest";
import { compile } from "../../src/compile/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";
import { grad, valueAndGrad } from "../../src/transform/index.ts";

/** Σ(3w)², with what came on the way. */
const loss = (w: Tensor) => {
  const prediction = w.mul(3);
  return [prediction.square().sum(), { prediction, parts: [w.sum(), 7], name: "squares" }] as const;
};

describe("valueAndGrad with aux", () => {
  it("gives the gradient of the first and the rest beside it", () => {
    const found = valueAndGrad(loss, { aux: true })(tensor([1, 2]));
    expect(found.value.itemSync()).toBe(45);
    expect(found.gradient.arraySync()).toEqual([18, 36]);
    expect(found.aux.prediction.arraySync()).toEqual([3, 6]);
    expect(found.aux.parts[0].itemSync()).toBe(3);
    // Numbers become tensors, as in all results; what is no tensor stays.
    expect(found.aux.parts[1].itemSync()).toBe(7);
    expect(found.aux.name).toBe("squares");
    expectTypeOf(found.aux.prediction).toEqualTypeOf<Tensor>();
    expectTypeOf(found.aux.name).toBeString();
    // @ts-expect-error Without aux there is none.
    expect(valueAndGrad((w: Tensor) => w.sum())(tensor([1])).aux).toBeUndefined();
  });

  it("differentiates by the argument asked for, within compile, and again", () => {
    const f = (a: Tensor, b: { w: Tensor }) => [a.mul(b.w.square()).sum(), a] as const;
    const both = valueAndGrad(f, { argument: 1, aux: true });
    const { gradient, aux } = both(tensor([2]), { w: tensor([3]) });
    expectTypeOf(gradient).toEqualTypeOf<{ w: Tensor }>();
    expect(gradient.w.arraySync()).toEqual([12]);
    expect(aux.arraySync()).toEqual([2]);
    const compiled = compile((w: Tensor) => both(tensor([2]), { w }).gradient.w);
    expect(compiled(tensor([4])).arraySync()).toEqual([16]);
    const again = grad((w: Tensor) => both(tensor([2]), { w }).gradient.w.sum());
    expect(again(tensor([4])).arraySync()).toEqual([4]);
    // The derivative of what comes out beside it: ∂(3w)/∂w.
    expect(
      grad((w: Tensor) => valueAndGrad(loss, { aux: true })(w).aux.prediction.sum())(tensor([1])).arraySync(),
    ).toEqual([3]);
  });

  it("needs a pair, of which the first is one float", () => {
    const at = tensor([1, 2]);
    const failing = (f: unknown) => () => valueAndGrad(f as typeof loss, { aux: true })(at);
    expect(failing((w: Tensor) => w.sum())).toThrow(
      "valueAndGrad: with aux: true the function must return a pair, [value, aux]; this one returns one tensor.",
    );
    expect(failing((w: Tensor) => ({ value: w.sum() }))).toThrow("this one returns an object.");
    expect(failing(() => undefined)).toThrow("this one returns undefined.");
    expect(failing((w: Tensor) => [w, w])).toThrow(
      "valueAndGrad: the function must return one float scalar, and this one returns float32[2].",
    );
    expect(() => valueAndGrad(loss, { aux: 1 } as never)).toThrow("valueAndGrad: aux must be true or false; it is 1.");
    expect(() => valueAndGrad(loss, { auxiliary: true } as never)).toThrow(
      'valueAndGrad: unknown option "auxiliary"; there are argument, aux.',
    );
    expect(() => grad((w: Tensor) => w.sum(), { aux: true } as never)).toThrow(
      'grad: unknown option "aux"; there are argument.',
    );
  });
});
