/** Asking for checks, anew whenever there is something else to check. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { WeightCheck, WeightPlace, WholeCheck } from "../../engine/index.ts";
import { widthsOf } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";

/** What came of a question: an answer, or why there is none. */
export interface Found<T> {
  readonly answer?: T | undefined;
  readonly reason?: string | undefined;
}

/** The weight that is selected; of a unit without a chosen weight, the first one. Undefined if there is none. */
export function selectedPlace(store: Store): WeightPlace | undefined {
  const [selection, shown] = [store.selection.value, store.shown.value];
  if (selection === undefined || shown === undefined) return undefined;
  const { layer, unit, from = 0 } = selection;
  const widths = widthsOf(shown.state);
  return unit < (widths[layer + 1] ?? 0) && from < (widths[layer] as number) ? { layer, from, to: unit } : undefined;
}

/** The check of a weight, at the weights that there are; while the training plays, as it was when the weight was chosen. */
export function useCheck(store: Store, place: WeightPlace | undefined): Found<WeightCheck> | undefined {
  const [found, setFound] = useState<Found<WeightCheck> | undefined>(undefined);
  const still = useRef("");
  // Snapshots come with other numbers, or with the same once more.
  if (!store.playing.value) still.current = store.shown.value?.snapshot.weights.join() ?? "";
  const key = place === undefined ? undefined : [place.layer, place.from, place.to, still.current].join();
  useEffect(() => {
    if (place === undefined) return setFound(undefined);
    let current = true;
    void store.query("check", place).then((reply) => {
      if (current && reply !== undefined) setFound(reply);
    });
    return () => {
      current = false;
    };
    // Another state may have the same weights and other points.
  }, [store, store.shown.value?.state, key]);
  return found;
}

/** The check of all weights, and what begins it. It goes on in small parts, between which the training goes on, too. */
export function useWholeCheck(store: Store): [found: Found<WholeCheck> | undefined, begin: () => void] {
  const [found, setFound] = useState<Found<WholeCheck> | undefined>(undefined);
  const run = useRef(0);
  const state = store.shown.value?.state;
  // What was found of one network says nothing of another.
  useEffect(
    () => () => {
      run.current++;
      setFound(undefined);
    },
    [state],
  );
  const begin = async (): Promise<void> => {
    const mine = ++run.current;
    for (let first = true; ; first = false) {
      const reply = await store.query("checkAll", { begin: first });
      if (run.current !== mine) return;
      setFound(reply);
      if (reply?.answer === undefined || reply.answer.done === reply.answer.total) return;
    }
  };
  return [found, () => void begin()];
}
