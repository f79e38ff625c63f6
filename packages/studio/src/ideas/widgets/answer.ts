/** Answers of the engine to what a widget asks. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Asked, Kind } from "../../engine/index.ts";
import type { Store } from "../../store/index.ts";

/**
 * The latest answer, and what it answers. While one is awaited no other is asked for: what changes quickly, as a drawing, is asked
 * about as often as answers come.
 */
export function useAnswer<K extends Kind>(
  store: Store,
  kind: K,
  asked: Asked<K>,
): { readonly of: Asked<K>; readonly answer: Answer<K> } | undefined {
  const [found, setFound] = useState<{ readonly of: Asked<K>; readonly answer: Answer<K> } | undefined>(undefined);
  const latest = useRef<Asked<K> | undefined>(undefined);
  const busy = useRef(false);
  useEffect(
    () => () => {
      latest.current = undefined;
    },
    [],
  );
  useEffect(() => {
    latest.current = asked;
    const run = async (): Promise<void> => {
      busy.current = true;
      let of: Asked<K> | undefined;
      // What was dropped because another network was loaded is asked again.
      while (latest.current !== undefined && latest.current !== of) {
        const next: Asked<K> = latest.current;
        const reply = await store.query(kind, next);
        if (reply === undefined) continue;
        of = next;
        if (reply.answer !== undefined && latest.current !== undefined) setFound({ of: next, answer: reply.answer });
      }
      busy.current = false;
    };
    if (!busy.current) void run();
  }, [JSON.stringify(asked)]);
  return found;
}
