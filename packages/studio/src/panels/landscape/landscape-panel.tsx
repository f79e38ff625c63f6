/** The loss around the present weights, and the way that the training has come. It is worked out while it is open. */
import { useMemo } from "preact/hooks";
import { palette, toCSS } from "../../draw/index.ts";
import { weightCount } from "../../state/index.ts";
import { type Store, useView } from "../../store/index.ts";
import { LandscapePicture } from "./picture.tsx";
import { axesOf, PlaneChoice, planeWishOf, useFresh } from "./plane-choice.tsx";

export function LandscapePanel({ store }: { readonly store: Store }) {
  const open = store.state.value.landscape === "open";
  return (
    <section class="card landscape" aria-label="Loss surface">
      <details
        open={open}
        onToggle={({ currentTarget }) => {
          if (currentTarget.open !== open) store.update({ landscape: currentTarget.open ? "open" : "closed" });
        }}
      >
        <summary>
          <h2>
            The hills it walks down <span class="term">loss surface around the weights</span>
          </h2>
        </summary>
        {open && <Inside store={store} />}
      </details>
    </section>
  );
}

function Inside({ store }: { readonly store: Store }) {
  const state = store.state.value;
  const step = store.shown.value?.snapshot.step ?? 0;
  const fresh = useFresh(store.playing.value, step + store.edits.value);
  const seen = useView(store, "landscape", { plane: planeWishOf(state), fresh });
  const { negative } = palette.value;
  const paths = useMemo(
    () => (seen === undefined ? [] : [{ places: seen.path, colour: toCSS(negative) }]),
    [seen, negative],
  );
  return (
    <div class="inside">
      <LandscapePicture
        landscape={seen}
        paths={paths}
        axes={axesOf(state)}
        label="Map of the loss around the weights, with the way that the training has come."
      />
      <div class="beside">
        <p>
          Every place of this map stands for other weights; the bluer, the lower the cost there. Lines join places of
          equal cost <span class="term">contour lines</span>. The dot is where the training is, the ring where it began.
        </p>
        <PlaneChoice store={store} />
        <p class="hint">
          {weightCount(state)} weights are as many dimensions, and a map has two.{" "}
          {seen !== undefined && seen.path.length > 2 && <Share share={seen.share} />}
        </p>
      </div>
    </div>
  );
}

/** How much of the way the map can show. */
function Share({ share }: { readonly share: number }) {
  return (
    <>
      <span data-value="share">{Math.round(100 * share)} %</span> of the way so far lies in this plane; the rest is seen
      from above <span class="term">projected</span>.
    </>
  );
}
