/** Back-propagation as the page is told it: against numbers worked out by hand, and against the training itself. */
import { tensor } from "chainrule";
import { softmaxCrossEntropy } from "chainrule/loss";
import { batchNorm, dense, relu, sequential } from "chainrule/nn";
import { describe, expect, it } from "vitest";
import { type FlowTrace, flowTrace } from "../../src/engine/flow/index.ts";
import { Host } from "../../src/engine/host.ts";
import type { Asked, Kind, Request } from "../../src/engine/index.ts";
import { flowOf } from "../../src/engine/services/flow.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { change, INITIAL, type State, weightCount } from "../../src/state/index.ts";
import { MAZUR, mazur } from "../support/mazur.ts";

const state = (changes: Partial<State>): State => change(INITIAL, changes);

const node = ({ nodes }: FlowTrace, label: string) => {
  const found = nodes.find((each) => each.label === label);
  if (found === undefined) throw new Error(`There is no ${label} among ${nodes.map((each) => each.label).join(", ")}.`);
  return found;
};
const value = (trace: FlowTrace, label: string): number[] => [...node(trace, label).value.values];
const gradient = (trace: FlowTrace, label: string): number[] => [...(node(trace, label).gradient?.values ?? [])];
const close = (found: readonly number[], wanted: readonly number[]): void => {
  expect(found).toHaveLength(wanted.length);
  for (const [i, each] of found.entries()) expect(each).toBeCloseTo(wanted[i] as number, 6);
};

/** The parameters after the update that a trace shows, in the order of all weights. */
const updated = ({ nodes }: FlowTrace): number[] => nodes.flatMap((each) => [...(each.updated?.values ?? [])]);

describe("the worked example", () => {
  const trace = flowOf(new Trainer(mazur()), 0);

  it("has the values of the published one, and the δ calculated by hand", () => {
    close(value(trace, "z⁽¹⁾"), MAZUR.z1);
    close(value(trace, "a⁽¹⁾"), MAZUR.a1);
    close(value(trace, "z⁽²⁾ = ŷ"), MAZUR.z2);
    close(value(trace, "L"), MAZUR.loss);
    close(gradient(trace, "z⁽²⁾ = ŷ"), MAZUR.delta2);
    close(gradient(trace, "W⁽²⁾"), MAZUR.gradW2);
    close(gradient(trace, "a⁽¹⁾"), MAZUR.gradA1);
    close(gradient(trace, "z⁽¹⁾"), MAZUR.delta1);
    close(gradient(trace, "W⁽¹⁾"), MAZUR.gradW1);
    close([...(node(trace, "W⁽²⁾").updated?.values ?? [])], MAZUR.newW2);
  });

  it("goes forward, to the loss, backward, and to the update", () => {
    const steps = trace.steps.map(({ phase, node: id }) => `${phase} ${trace.nodes[id]?.label}`);
    expect(steps).toEqual([
      ...["forward x", "forward z⁽¹⁾", "forward a⁽¹⁾", "forward z⁽²⁾ = ŷ", "loss L"],
      ...["backward L", "backward z⁽²⁾ = ŷ", "backward W⁽²⁾", "backward b⁽²⁾", "backward a⁽¹⁾", "backward z⁽¹⁾"],
      ...["backward W⁽¹⁾", "backward b⁽¹⁾", "backward x"],
      ...["update b⁽²⁾", "update W⁽²⁾", "update b⁽¹⁾", "update W⁽¹⁾"],
    ]);
  });

  it("has the local derivatives on its edges", () => {
    const edge = (from: string, to: string) =>
      trace.edges.find((each) => trace.nodes[each.from]?.label === from && trace.nodes[each.to]?.label === to);
    expect(edge("a⁽¹⁾", "z⁽²⁾ = ŷ")).toMatchObject({
      ...{ label: "W⁽²⁾ᵀ", tex: "W^{(2)\\top}", elementwise: false },
      numbers: "\\begin{pmatrix} 0.4 & 0.45 \\end{pmatrix}",
    });
    close([...(edge("a⁽¹⁾", "z⁽²⁾ = ŷ")?.derivative?.values ?? [])], [0.4, 0.45]);
    expect(edge("z⁽¹⁾", "a⁽¹⁾")).toMatchObject({ label: "sigmoid′", elementwise: true });
    // a (1 − a)
    close(
      [...(edge("z⁽¹⁾", "a⁽¹⁾")?.derivative?.values ?? [])],
      MAZUR.a1.map((a) => a * (1 - a)),
    );
    expect(edge("b⁽¹⁾", "z⁽¹⁾")).toMatchObject({ label: "1", derivative: undefined });
    expect(edge("y", "L")).toMatchObject({ label: "" });
  });

  it("says each equation with symbols, shapes and numbers", () => {
    const lines = trace.steps.flatMap(({ lines: all }) => all);
    const line = (symbols: string) => lines.find((each) => each.symbols === symbols);
    expect(line("z^{(2)} = a^{(1)} \\cdot W^{(2)} + b^{(2)}")).toEqual({
      symbols: "z^{(2)} = a^{(1)} \\cdot W^{(2)} + b^{(2)}",
      shapes: "[1 {\\times} 1] = [1 {\\times} 2] \\cdot [2 {\\times} 1] + [1]",
      numbers:
        "= \\begin{pmatrix} 0.593 & 0.597 \\end{pmatrix} \\cdot \\begin{pmatrix} 0.4 \\\\ 0.45 \\end{pmatrix} + 0.6",
      result: "= 1.11",
    });
    expect(lines.find(({ symbols }) => symbols.startsWith("L ="))?.numbers).toBe(
      "= \\frac1{1} \\sum (\\sigma(1.11) - 0)^2",
    );
    expect(lines.find(({ symbols }) => symbols.startsWith("\\delta^{(2)}"))?.numbers).toBe(
      "= \\frac2{1} (\\sigma(1.11) - 0) \\odot \\sigma(1.11) \\odot (1 - \\sigma(1.11))",
    );
    expect(line("W^{(2)} \\leftarrow W^{(2)} - \\alpha \\cdot g")?.numbers).toBe(
      "= \\begin{pmatrix} 0.4 \\\\ 0.45 \\end{pmatrix} - 0.5 \\cdot \\begin{pmatrix} 0.167 \\\\ 0.168 \\end{pmatrix}",
    );
  });
});

describe("the update that is shown", () => {
  const rules: Partial<State>[] = [
    { optimizer: "sgd", schedule: "cosine", decaySteps: 20 },
    { optimizer: "momentum", regularizer: "l2", penalty: 0.1 },
    { optimizer: "nesterov", schedule: "exponential", decaySteps: 10 },
    { optimizer: "adagrad", regularizer: "l1", penalty: 0.01 },
    { optimizer: "rmsprop", activation: "relu" },
    { optimizer: "adam", data: "gaussians", classes: 3, regularizer: "l2" },
    { optimizer: "adam", data: "ripple", valueLoss: "huber" },
    { optimizer: "momentum", classLoss: "squaredError", data: "spirals", classes: 4, batch: 500, layers: [8, 8] },
  ];
  it.each(rules)("is the next step of the training, $optimizer", async (rule) => {
    const trainer = new Trainer(state({ batch: 9, ...rule }));
    // Also for the last batch of an epoch, which is smaller: 140 = 15 · 9 + 5.
    for (const steps of [0, 3, 12]) {
      await trainer.advance({ steps });
      const before = [...trainer.weights];
      const trace = flowOf(trainer, "batch");
      expect([...trainer.weights]).toEqual(before);
      const shown = updated(trace);
      await trainer.advance({ steps: 1 });
      const after = [...trainer.weights];
      expect(shown).toHaveLength(weightCount(trainer.state));
      for (const [i, weight] of shown.entries()) expect(weight).toBeCloseTo(after[i] as number, 5);
      expect(after.some((weight, i) => Math.abs(weight - (before[i] as number)) > 1e-5)).toBe(true);
      // The last line of each update gives the new parameter.
      for (const { lines } of trace.steps.filter(({ phase }) => phase === "update")) {
        expect(lines.at(-1)?.symbols).toMatch(/^(.*) \\leftarrow \1 - \\alpha \\cdot /);
        expect(lines.every(({ result }) => result.startsWith("= "))).toBe(true);
      }
    }
  });

  it("is not shown of methods that need more than the gradient", () => {
    const trainer = new Trainer(state({ optimizer: "newton", layers: [2] }));
    const trace = flowOf(trainer, "batch");
    expect(trace.examples).toBe(140);
    expect(trace.steps.at(-1)).toMatchObject({ phase: "backward" });
    expect(updated(trace)).toEqual([]);
  });

  it("has the moments that Adam has after its first step", () => {
    // m = 0.1 g and s = 0.001 g², so that m̂ = g and √ŝ = |g|: each weight goes by α.
    const trainer = new Trainer(state({ optimizer: "adam", rate: 0.25, layers: [] }));
    const trace = flowOf(trainer, 3);
    const [before, after] = [trainer.weights, updated(trace)];
    for (const [i, weight] of after.entries()) expect(Math.abs(weight - before[i]!)).toBeCloseTo(0.25, 4);
    const lines = trace.steps.at(-1)?.lines.map(({ symbols }) => symbols.split(/ (?:=|\\leftarrow) /)[0]);
    expect(lines).toEqual(["g", "m", "s", "\\hat m", "\\hat s", "W^{(1)}"]);
  });

  it("adds the regularizer's part to the gradient of weights, not of biases", () => {
    const weights = [2, -4, 1];
    const trainer = new Trainer(
      state({ optimizer: "sgd", rate: 1, layers: [], regularizer: "l2", penalty: 0.5, weights }),
    );
    const trace = flowOf(trainer, 0);
    close(updated(trace), [
      ...gradient(trace, "W⁽¹⁾").map((g, i) => weights[i]! - g - 0.5 * weights[i]!),
      1 - gradient(trace, "b⁽¹⁾")[0]!,
    ]);
    // λ/2 Σ w² = 0.25 · (4 + 16)
    close(value(trace, "R"), [5]);
    expect(trace.steps.map(({ phase, node: id }) => `${phase} ${trace.nodes[id]?.label}`)).toContain("loss R");
    expect(trace.edges.filter(({ to }) => trace.nodes[to]?.label === "R").map(({ label }) => label)).toEqual(["λ·W"]);
  });
});

describe("a trace", () => {
  it("shows the first of many examples, and stays small for the largest network", () => {
    const trainer = new Trainer(
      state({
        ...{ layers: Array<number>(6).fill(8), points: 500, testShare: 0, batch: 500, data: "spirals", classes: 5 },
        features: ["x", "y", "xx", "yy", "xy", "sinx", "siny"],
      }),
    );
    const trace = flowOf(trainer, "batch");
    expect(trace.examples).toBe(500);
    expect(node(trace, "a⁽³⁾").value).toMatchObject({
      shape: [500, 8],
      rows: 500,
      columns: 8,
      shownRows: 8,
      shownColumns: 8,
    });
    expect(node(trace, "y").value).toMatchObject({ shape: [500], rows: 1, columns: 500, shownColumns: 8 });
    expect(JSON.stringify(trace.steps).length).toBeLessThan(100_000);
    const [input] = trace.steps;
    expect(input?.lines[0]?.result).toMatch(/^= \\begin\{pmatrix\}.*\\cdots.*\\vdots \\end\{pmatrix\}$/);
  });

  it("is of any model, with more of its numbers on request, and no update where none is known", () => {
    const model = sequential(dense(12, 10), batchNorm(10), relu, dense(10, 3));
    const x = tensor(
      Array.from({ length: 24 }, (_, i) => Math.sin(i)),
      { shape: [2, 12] },
    );
    const y = tensor([0, 2], { dtype: "int32" });
    const trace = flowTrace({ model, loss: softmaxCrossEntropy, x, y, most: { rows: 16, columns: 16 } });
    expect(node(trace, "x").value).toMatchObject({ shownRows: 2, shownColumns: 12 });
    expect(new Set(trace.steps.map(({ phase }) => phase))).toEqual(new Set(["forward", "loss", "backward"]));
    const normalization = trace.steps.find(
      ({ phase, node: id }) => phase === "forward" && trace.nodes[id]?.label === "z⁽²⁾",
    );
    expect(normalization?.words).toEqual({ plain: "Hidden layer 2 does its work", term: "batchNorm, z⁽²⁾" });
    expect(normalization?.lines).toHaveLength(4);
  });

  it("is answered by the worker, or refused with a reason", async () => {
    const host = new Host();
    const ask = <K extends Kind>(kind: K, asked: Asked<K>) => host.handle<K>({ kind, asked } as Request<K>);
    await ask("load", { state: mazur(), wanted: {} });
    const { trace, rows } = (await ask("flow", { example: 0 })).answer ?? {};
    expect([trace?.examples, [...(rows ?? [])]]).toEqual([1, [0]]);
    expect(await ask("flow", { example: 1 })).toEqual({ reason: "There is no training point 2; there are 1." });
  });
});
