/** The space: the plane as each layer bends it, from layer to layer and through the training. */
import { CurvesPanel, DataPanel, NetworkPanel, SettingsPanel, Transport } from "../panels/index.ts";
import { columnOf, isRegression, lastStage } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { AxesFields } from "./axes.tsx";
import { useFollowed } from "./follow.ts";
import { SpacePicture } from "./picture.tsx";
import { type Stage, stagesOf } from "./stages.ts";
import { Tour } from "./tour.tsx";
import { StageWords } from "./words.tsx";

export default function Space({ store }: { readonly store: Store }) {
  const { hide } = store.state.value;
  return (
    <>
      <Transport store={store} />
      <SpacePanel store={store} />
      <NetworkPanel store={store} />
      {!hide.includes("data") && <DataPanel store={store} />}
      {!hide.includes("settings") && <SettingsPanel store={store} />}
      {!hide.includes("curves") && <CurvesPanel store={store} />}
    </>
  );
}

function SpacePanel({ store }: { readonly store: Store }) {
  const state = store.state.value;
  const stages = stagesOf(state);
  const last = lastStage(state);
  // A network with fewer layers ends earlier.
  const at = Math.min(useFollowed(Math.min(state.stage, last)), last);
  const index = Math.round(at);
  const stage = stages[index] as Stage;
  const testable = store.shown.value?.test.length !== 0;
  return (
    <section class="card bend" aria-labelledby="bend-title">
      <h2 id="bend-title">
        How the layers bend the plane <span class="term">hidden representations</span>
      </h2>
      <Tour store={store} stages={stages} />
      <div class="scene">
        <SpacePicture store={store} stages={stages} at={at} />
        <div class="beside">
          <StageWords store={store} stage={stage} index={index} />
          <AxesFields store={store} column={columnOf(index)} stage={stage} />
          <p class="hint">
            The lines are those of the plane, carried along; their colour is what the network says of the place they
            come from{isRegression(state) ? "" : ", the stronger the surer"}.
          </p>
          {testable && (
            <label class="check">
              <input
                type="checkbox"
                checked={state.showTest === "yes"}
                onChange={({ currentTarget: { checked } }) => store.update({ showTest: checked ? "yes" : "no" })}
              />{" "}
              Show exam points <span class="term">test data</span>
            </label>
          )}
        </div>
      </div>
    </section>
  );
}
