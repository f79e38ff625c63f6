/** The paths of all lanes on one loss surface. */
import { useEffect, useMemo } from "preact/hooks";
import { axesOf, LandscapePicture, PlaneChoice, planeWishOf, useFresh } from "../panels/index.ts";
import { type Lane, type State, weightCount } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import type { Runner } from "./runner.ts";
import { letterOf, lookOf } from "./words.ts";

export function RaceMap({ store, runner }: { readonly store: Store; readonly runner: Runner }) {
  const state = store.state.value;
  const shown = runner.shown.value;
  const fresh = useFresh(store.playing.value, shown?.snapshot.position ?? 0);
  const plane = planeWishOf(state);
  const wish = JSON.stringify([plane, fresh]);
  useEffect(
    () => () => {
      runner.wanted = { surface: true };
    },
    [runner],
  );
  useEffect(() => {
    runner.wanted = { surface: true, landscape: { plane, fresh } };
    if (!store.playing.value) runner.look();
  }, [runner, wish]);
  const landscape = shown?.snapshot.landscape;
  const looks = JSON.stringify(state.lanes.map((_, lane) => lookOf(lane)));
  const paths = useMemo(
    () => (landscape?.paths ?? []).map((places, lane) => ({ places, ...lookOf(lane) })),
    [landscape, looks],
  );
  return (
    <section class="card landscape" aria-labelledby="race-map-title">
      <h2 id="race-map-title">
        The hills they walk down <span class="term">loss surface</span>
      </h2>
      <LandscapePicture
        landscape={landscape}
        paths={paths}
        axes={axesOf(state)}
        label="Map of the loss, with the way that each lane has come."
      />
      <PlaneChoice store={store} />
      <p class="hint">
        Every place stands for other weights; the bluer, the lower the cost. All lanes start at the ring.{" "}
        {landscape !== undefined && landscape.share < 0.995 && (
          <>
            {Math.round(100 * landscape.share)} % of their ways lies in this plane, of {weightCount(state)} dimensions;
            the rest is seen from above <span class="term">projected</span>.
          </>
        )}{" "}
        {differs(state) && <>The map is that of lane {letterOf(firstOf(shown))}; others see another one.</>}
      </p>
    </section>
  );
}

/** Whether lanes have different loss surfaces. */
function differs({ lanes }: State): boolean {
  const shape = ({ activation, regularizer, penalty }: Lane) => JSON.stringify([activation, regularizer, penalty]);
  return new Set(lanes.map(shape)).size > 1;
}

const firstOf = (shown: Runner["shown"]["value"]): number =>
  Math.max(0, shown?.snapshot.lanes.findIndex(({ snapshot }) => snapshot !== undefined) ?? 0);
