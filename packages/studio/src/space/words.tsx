/** What is seen, in words. */
import { isRegression, lastStage, outputsOf, type State, widthsOf } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import type { Stage } from "./stages.ts";

export interface WordsProps {
  readonly store: Store;
  readonly stage: Stage;
  readonly index: number;
}

export function StageWords({ store, stage: { name, term, words }, index }: WordsProps) {
  const state = store.state.value;
  const last = lastStage(state);
  return (
    <div class="telling">
      <h3>
        {name} <span class="term">{term}</span>
      </h3>
      <p>{words}</p>
      {index === last - 1 && <LastHidden store={store} />}
      {index === last && <Right store={store} />}
    </div>
  );
}

/** The point of it all: what the layers before the last one are for. */
function LastHidden({ store }: { readonly store: Store }) {
  const state = store.state.value;
  const units = widthsOf(state).at(-2) ?? 1;
  const value = isRegression(state);
  return (
    <>
      <p>
        {value ? (
          "From here a tilted plane must do: the output grows evenly across the picture, and is 0 on the line."
        ) : (
          <>
            <strong>From here a straight cut must do.</strong> The output layer can only draw straight lines, so this is
            where the colours have to be apart <span class="term">linearly separable</span>.
          </>
        )}
      </p>
      <Right store={store} />
      <p class="hint">{heldOf(state, units)}</p>
    </>
  );
}

function heldOf(state: State, units: number): string {
  const line = outputsOf(state) === 1 ? "line is" : "lines are";
  const meaning = isRegression(state) ? "the output is 0" : "the network decides";
  if (units <= 2) return `The ${line} exactly where ${meaning}.`;
  const others = units === 3 ? "other unit is held at its mean" : `other ${units - 2} units are held at their mean`;
  const view = `This is one view of ${units} dimensions: the ${line} where ${meaning} if the ${others}.`;
  return isRegression(state) ? view : `${view} A point may lie on the wrong side here and be right.`;
}

function Right({ store }: { readonly store: Store }) {
  const training = store.shown.value?.snapshot.training;
  if (training?.accuracy === undefined) return null;
  return (
    <p>
      Now <strong data-value="separated">{(100 * training.accuracy).toFixed(training.accuracy === 1 ? 0 : 1)} %</strong>{" "}
      of the training points are on the right side.
    </p>
  );
}
