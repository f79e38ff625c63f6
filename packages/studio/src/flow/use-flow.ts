/** The trace of the network in training, which follows it. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer } from "../engine/index.ts";
import type { Store } from "../store/index.ts";

export interface Flow {
  readonly answer?: Answer<"flow">;
  /** Why there is none. */
  readonly reason?: string;
}

/** While it trains, twice a second: faster, nobody reads numbers. */
const PACE = 500;

export function useFlow(store: Store): Flow {
  const [flow, setFlow] = useState<Flow>({});
  const busy = useRef(false);
  const stale = useRef(false);
  const { example } = store.state.value;
  const snapshot = store.shown.value?.snapshot;
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  useEffect(() => {
    // A network that is refused has no trace, and that of the one before says nothing of it.
    if (snapshot === undefined) return setFlow({});
    const ask = async (): Promise<void> => {
      if (!there.current) return;
      stale.current = false;
      const { example: now } = store.state.value;
      const reply = await store.query("flow", { example: now === "batch" ? now : now - 1 });
      if (!there.current) return;
      if (reply !== undefined && store.shown.value !== undefined) setFlow(reply);
      if (stale.current) setTimeout(ask, store.playing.value ? PACE : 0);
      else busy.current = false;
    };
    stale.current = true;
    if (busy.current) return;
    busy.current = true;
    void ask();
  }, [store, snapshot, example]);
  return flow;
}
