/** Back-propagation through the network in training. */
import { useCallback, useMemo } from "preact/hooks";
import { FlowView } from "../panels/flow/index.ts";
import { isFullBatch } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { ExamplePanel } from "./example-panel.tsx";
import type { Flow } from "./use-flow.ts";

export interface FlowPanelProps {
  readonly store: Store;
  readonly flow: Flow;
}

export function FlowPanel({ store, flow: { answer, reason } }: FlowPanelProps) {
  const { cursor, example } = store.state.value;
  const move = useCallback((to: number) => store.update({ cursor: to }, "cursor"), [store]);
  // Drawn anew when the trace changes, and not with every frame of the training.
  const view = useMemo(() => {
    if (answer === undefined) return undefined;
    const take = (): void => {
      store.advance({ steps: 1 });
      move(0);
    };
    return (
      <FlowView
        trace={answer.trace}
        cursor={cursor}
        move={move}
        aside={<ExamplePanel store={store} rows={answer.rows} />}
      >
        <button type="button" onClick={take}>
          {example === "batch" ? "Take this step" : "Take the next step"}
        </button>
      </FlowView>
    );
  }, [store, answer, cursor, example, move]);
  return (
    <section class="card flow" aria-labelledby="flow-title">
      <div class="heading">
        <h2 id="flow-title">
          Who is to blame for the mistake? <span class="term">back-propagation</span>
        </h2>
        {answer !== undefined && <Note store={store} examples={answer.trace.examples} />}
      </div>
      {reason !== undefined && (
        <>
          <p class="problem" role="alert">
            {reason}
          </p>
          <ExamplePanel store={store} rows={undefined} />
        </>
      )}
      {view}
    </section>
  );
}

/** What the update that is shown has to do with the training. */
function Note({ store, examples }: { readonly store: Store; readonly examples: number }) {
  const { example } = store.state.value;
  const shown = store.shown.value?.state ?? store.state.value;
  if (isFullBatch(shown)) {
    return <p class="hint">This optimizer needs more than the gradient: its step is not shown.</p>;
  }
  if (example === "batch") {
    return (
      <p class="hint">
        {examples === 1 ? "The point" : `The ${examples} points`} of step{" "}
        {((store.shown.value?.snapshot.step ?? 0) + 1).toLocaleString("en")}: the update is the one that is done next.
      </p>
    );
  }
  return <p class="hint">The update is as if it were trained on this point alone.</p>;
}
