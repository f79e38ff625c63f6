/** Where the nodes of a flow graph stand, and what is known of them after some steps. */
import { concatenate, type Tensor, tensor } from "chainrule";
import { meanSquaredError } from "chainrule/loss";
import { dense, Module, tanh } from "chainrule/nn";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FlowTrace, flowTrace } from "../../src/engine/flow/index.ts";
import { flowOf } from "../../src/engine/services/flow.ts";
import { Trainer } from "../../src/engine/trainer.ts";
import { type Box, type Layout, layoutOf } from "../../src/panels/flow/layout.ts";
import { progressOf } from "../../src/panels/flow/progress.ts";
import { change, INITIAL } from "../../src/state/index.ts";

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

function requireApart(trace: FlowTrace, { boxes, width, height }: Layout): void {
  boxes.forEach((box, i) => {
    expect(box.left).toBeGreaterThanOrEqual(0);
    expect(box.top).toBeGreaterThanOrEqual(0);
    expect(box.left + box.width).toBeLessThanOrEqual(width);
    expect(box.top + box.height).toBeLessThanOrEqual(height);
    const other = boxes.findIndex((each, j) => j > i && overlap(box, each));
    expect(other, `${trace.nodes[i]?.label} lies on ${trace.nodes[other]?.label}`).toBe(-1);
  });
}

const labelled = (trace: FlowTrace, layout: Layout, label: string): Box =>
  layout.boxes[trace.nodes.findIndex((node) => node.label === label)] as Box;
const middle = ({ top, height }: Box): number => top + height / 2;

describe("the flow graph's layout", () => {
  it("keeps nodes apart, for any network", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 6 }),
        fc.constantFrom("none", "l2"),
        fc.constantFrom("batch" as const, 0),
        (layers, regularizer, example) => {
          const trainer = new Trainer(change(INITIAL, { layers, regularizer, points: 20 }));
          const trace = flowOf(trainer, example);
          requireApart(trace, layoutOf(trace));
        },
      ),
      { numRuns: 12 },
    );
  });

  it("goes from left to right in one line, with biases above and weights below", () => {
    const trace = flowOf(new Trainer(change(INITIAL, { layers: [4, 3], regularizer: "l2" })), "batch");
    const layout = layoutOf(trace);
    const way = ["x", "z⁽¹⁾", "a⁽¹⁾", "z⁽²⁾", "a⁽²⁾", "z⁽³⁾ = ŷ", "L"].map((label) => labelled(trace, layout, label));
    for (const [i, box] of way.entries()) {
      expect(middle(box)).toBe(middle(way[0] as Box));
      if (i > 0) expect(box.left).toBeGreaterThan((way[i - 1] as Box).left + (way[i - 1] as Box).width);
    }
    const [bias, z, weight] = ["b⁽²⁾", "z⁽²⁾", "W⁽²⁾"].map((label) => labelled(trace, layout, label)) as [
      Box,
      Box,
      Box,
    ];
    expect(bias.top + bias.height).toBeLessThan(z.top);
    expect(weight.top).toBeGreaterThan(z.top + z.height);
    expect(layout.headings.map(({ text }) => text)).toEqual([
      ...["Input", "Hidden layer 1", "Hidden layer 2", "Output layer", "Loss"],
    ]);
    expect(layout.lines).toHaveLength(trace.edges.length);
  });

  it("keeps nodes apart where the network branches", () => {
    class Branches extends Module {
      left = dense(2, 2);
      right = dense(2, 2);
      last = dense(6, 1);
      forward(t: Tensor): Tensor {
        return this.last(concatenate([tanh(this.left(t)), this.right(t), t], 1));
      }
    }
    const [x, y] = [tensor([[1, -2]]), tensor([[1]])];
    const trace = flowTrace({ model: new Branches(), loss: meanSquaredError, x, y });
    requireApart(trace, layoutOf(trace));
  });
});

describe("after a step", () => {
  const trace = flowOf(new Trainer(change(INITIAL, { layers: [2] })), 0);
  const known = (cursor: number) => {
    const { hasValue, hasGradient, isUpdated } = progressOf(trace, cursor);
    const of = (has: (node: number) => boolean): string =>
      trace.nodes
        .filter(({ id }) => has(id))
        .map(({ label }) => label)
        .join(" ");
    return [of(hasValue), of(hasGradient), of(isUpdated)];
  };

  it("what was computed by then is known", () => {
    const given = "x W⁽¹⁾ b⁽¹⁾ W⁽²⁾ b⁽²⁾";
    expect(known(0)).toEqual([`${given} y`, "", ""]);
    expect(known(2)).toEqual([`${given} z⁽¹⁾ a⁽¹⁾ y`, "", ""]);
    const all = `${given} z⁽¹⁾ a⁽¹⁾ z⁽²⁾ = ŷ y L`;
    expect(known(6)).toEqual([all, "z⁽²⁾ = ŷ L", ""]);
    expect(known(14)).toEqual([all, all.replace(" y", ""), "b⁽²⁾"]);
  });

  it("a cursor beyond the end is at the end", () => {
    expect(progressOf(trace, 999).cursor).toBe(trace.steps.length - 1);
    expect(progressOf(trace, -1).cursor).toBe(0);
  });
});
