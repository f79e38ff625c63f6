/** The row on its way through the network: forward to the loss, and back to every weight. */
import { useCallback } from "preact/hooks";
import type { ModelFacts } from "../../engine/index.ts";
import { FlowView } from "../../panels/flow/index.ts";
import { figure } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";
import type { Desk } from "../desk.ts";
import { useReply } from "../use-reply.ts";
import { EveryNumber } from "./numbers.tsx";
import { TargetField } from "./target.tsx";

interface Props {
  readonly desk: Desk;
  readonly facts: ModelFacts;
  readonly store: Store;
}

export function PassPanel({ desk, facts, store }: Props) {
  const settled = desk.settled.value;
  const asked = settled?.model === facts.id ? settled : undefined;
  const { answer: trace, reason } = useReply(desk, "modelFlow", asked) ?? {};
  const { answer: pass } = useReply(desk, "modelPass", asked) ?? {};
  const move = useCallback((cursor: number) => store.update({ cursor }, "cursor"), [store]);
  return (
    <section class="card pass" aria-labelledby="pass-title">
      <h2 id="pass-title">
        Forward and backward <span class="term">back-propagation of this row</span>
      </h2>
      <div class="wanted">
        <TargetField desk={desk} facts={facts} />
        {pass !== undefined && (
          <p class="cost">
            Then the mistake costs <strong data-value="loss">{figure(pass.loss)}</strong>{" "}
            <span class="term">loss L, {facts.reading === "values" ? "squared error" : "cross-entropy"}</span>
          </p>
        )}
      </div>
      {reason !== undefined && (
        <p class="problem" role="alert">
          {reason}
        </p>
      )}
      {trace !== undefined && <FlowView trace={trace} cursor={store.state.value.cursor} move={move} />}
      {facts.picture !== undefined && (
        <p class="hint">
          Of long rows the first 8 numbers are drawn. The first pixels are in a corner, where there is no ink; the
          pictures of the weights below show all.
        </p>
      )}
      {pass !== undefined && <EveryNumber pass={pass} facts={facts} />}
    </section>
  );
}
