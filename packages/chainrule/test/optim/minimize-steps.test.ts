import { describe, expect, it } from "vitest";
import { lbfgs, minimize, minimizeSteps, newton, truncatedNewton } from "../../src/optim/index.ts";
import { type Tensor, tensor } from "../../src/tensor/index.ts";

describe("minimizeSteps", () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }) => b.sub(a.square()).square().mul(100).add(a.sub(1).square());
  const start = { a: tensor(-1.2), b: tensor(1) };

  it.each([lbfgs(), newton(), truncatedNewton()])("goes where minimize goes: $name", async (method) => {
    const values: number[] = [];
    const whole = await minimize(f, start, {
      method,
      dtype: "float64",
      onIteration: ({ value }) => void values.push(value),
    });
    const steps = minimizeSteps(f, start, { method, dtype: "float64" });
    const seen: number[] = [];
    for (let next = await steps.next(); ; next = await steps.next()) {
      if (next.done === true) {
        expect(next.value).toEqual(whole);
        break;
      }
      const { iteration, value, parameters } = next.value;
      expect([iteration, f(parameters).itemSync()]).toEqual([seen.length + 1, expect.closeTo(value, 12)]);
      seen.push(value);
    }
    expect(seen).toEqual(values);
  });

  it("keeps a limit that is set, and may be left", async () => {
    const steps = minimizeSteps(f, start, { method: newton(), iterations: 2 });
    await steps.next();
    await steps.next();
    expect(await steps.next()).toMatchObject({
      done: true,
      value: { iterations: 2, reason: "the most iterations, 2, were done" },
    });
    const left = minimizeSteps(f, start, { method: newton() });
    await left.next();
    await left.return(undefined as never);
    expect(await left.next()).toEqual({ done: true, value: undefined });
  });

  it("refuses at once what cannot be right", () => {
    const failing = (options: unknown) => () => minimizeSteps(f, start, options as never);
    expect(failing({ method: newton(), onIteration: () => true })).toThrow(
      'minimizeSteps: unknown option "onIteration"; there are method, iterations, gradientTolerance, dtype.',
    );
    expect(failing({ method: 1 })).toThrow("minimizeSteps: method must be one such as lbfgs() or newton(); it is 1.");
    expect(() => minimizeSteps(({ a, b }) => [a, b], start, { method: newton() })).toThrow(
      "minimizeSteps: the function returns a tree of 2 tensors; it must return one float scalar",
    );
  });
});
