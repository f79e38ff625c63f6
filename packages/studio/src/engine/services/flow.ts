/** Back-propagation through the network in training. */
import { type Tensor, tensor } from "chainrule";
import { params } from "chainrule/nn";
import type { Part } from "../../data/index.ts";
import { Refusal } from "../../state/index.ts";
import type { NextStep } from "../courses/index.ts";
import { type FlowTrace, flowTrace, type UpdateRule } from "../flow/index.ts";
import { formulaOf, rateAfter, regularizerOf } from "../network.ts";
import type { Service } from "../protocol.ts";
import type { Session } from "../session.ts";
import type { Trainer } from "../trainer.ts";

type Rule = NonNullable<NextStep["rule"]>;

export const flow = (session: Session): Service<"flow"> => ({
  flow({ example }) {
    const { trainer } = session;
    const trace = flowOf(trainer, example);
    return { trace, rows: example === "batch" ? trainer.next.rows : Int32Array.of(example) };
  },
});

/** @param example of the training examples, from 0; or the batch of the next step @throws Refusal if there is no such one */
export function flowOf(trainer: Trainer, example: number | "batch"): FlowTrace {
  const { state, network, loss } = trainer;
  const { next } = trainer;
  const training = trainer.examples.training as Part;
  const count = training.points.length;
  if (example !== "batch" && example >= count)
    throw new Refusal(`There is no training point ${example + 1}; there are ${count}.`);
  const rows = tensor(example === "batch" ? next.rows : [example], { dtype: "int32" });
  const parameters = params(network.model);
  const update = (rule: Rule): UpdateRule => {
    const step = rule.kept.step as Tensor;
    return {
      ...{ ...rule, step, rate: rateAfter(state, step.itemSync()), regularizer: regularizerOf(state) },
      regularizes: (name) => parameters[name]?.regularize === true,
    };
  };
  return flowTrace({
    model: network.model,
    loss,
    x: training.x.gather(rows),
    y: training.y.gather(rows),
    formula: formulaOf(state),
    update: next.rule && update(next.rule),
  });
}
