/** Answers of the engine to what a widget asks. */
import { useMemo } from "preact/hooks";
import type { Answer, Asked, Kind } from "../../engine/index.ts";
import type { Store } from "../../store/index.ts";
import { useLatest } from "../../ui/index.ts";

/** @returns the latest answer, and what it answers; undefined before the first */
export function useAnswer<K extends Kind>(
  store: Store,
  kind: K,
  asked: Asked<K> & object,
): { readonly of: Asked<K>; readonly answer: Answer<K> } | undefined {
  const same = useMemo(() => asked, [JSON.stringify(asked)]);
  const found = useLatest((each: Asked<K> & object) => store.query(kind, each), same);
  return useMemo(
    () => (found?.reply.answer === undefined ? undefined : { of: found.of, answer: found.reply.answer }),
    [found],
  );
}
