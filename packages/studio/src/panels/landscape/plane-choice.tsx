/** What the map of the loss shows. */
import { useEffect, useState } from "preact/hooks";
import type { PlaneWish } from "../../engine/index.ts";
import { planeWeightsOf, type State } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";
import { SelectField } from "../../ui/index.ts";
import { namesOfWeights } from "../network/index.ts";
import { CHOICE, SETTING } from "../words.ts";

export function planeWishOf(state: State): PlaneWish {
  const { plane, planeSeed } = state;
  if (plane === "weights") return { kind: "weights", weights: planeWeightsOf(state) };
  return plane === "random" ? { kind: "random", seed: planeSeed } : { kind: "path" };
}

/** What each axis of the map changes. */
export function axesOf(state: State): readonly [across: string, up: string] {
  if (state.plane === "path") return ["direction of most movement", "direction of most of the rest"];
  if (state.plane === "random") return ["a random direction", "another one, at a right angle"];
  const names = namesOfWeights(state);
  const [first, second] = planeWeightsOf(state);
  return [names[first] as string, names[second] as string];
}

/**
 * A number that changes when the map should be worked out anew: each second of playing, and whenever weights change in a pause.
 *
 * @param changes how often they have changed
 */
export function useFresh(playing: boolean, changes: number): number {
  const [second, setSecond] = useState(0);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setSecond((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, [playing]);
  // Seconds and changes are never the same number.
  return playing ? -1 - second : changes;
}

export function PlaneChoice({ store }: { readonly store: Store }) {
  const state = store.state.value;
  return (
    <div class="fields">
      <SelectField
        words={SETTING.plane!}
        names={CHOICE.plane}
        value={state.plane}
        onChange={(plane) => store.update({ plane })}
      />
      {state.plane === "weights" && <Weights store={store} />}
      {state.plane === "random" && (
        <button
          type="button"
          class="quiet"
          onClick={() => store.update({ planeSeed: (state.planeSeed + 1) % 1_000_000 })}
        >
          Other directions <span class="term">seed {state.planeSeed}</span>
        </button>
      )}
    </div>
  );
}

function Weights({ store }: { readonly store: Store }) {
  const state = store.state.value;
  const chosen = planeWeightsOf(state);
  const names = namesOfWeights(state);
  return ([0, 1] as const).map((axis) => (
    <label key={axis} class="field">
      <span class="name">
        <span class="plain">{axis === 0 ? "To the right" : "Upwards"}</span> <span class="term">weight</span>
      </span>
      <select
        value={chosen[axis]}
        onChange={({ currentTarget: { value } }) => {
          const weights = chosen.with(axis, Number(value)) as [number, number];
          // The other axis takes what this one had.
          if (weights[0] === weights[1]) weights[1 - axis] = chosen[axis];
          store.update({ planeWeights: weights });
        }}
      >
        {names.map((name, i) => (
          <option key={name} value={i} selected={i === chosen[axis]}>
            {name}
          </option>
        ))}
      </select>
    </label>
  ));
}
