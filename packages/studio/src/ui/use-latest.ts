/** Answers that follow what is asked. */
import { useEffect, useRef, useState } from "preact/hooks";

export interface Latest<A, R> {
  readonly of: A;
  readonly reply: R;
}

/**
 * Asks anew whenever `asked` is another object, one question at a time, and of those that wait only the latest: what changes quickly,
 * as a drawing, is asked about as often as answers come.
 *
 * @param ask undefined in place of a reply that was dropped: then it is asked again
 * @returns the latest reply, and what it answers; undefined before the first
 */
export function useLatest<A extends object, R>(
  ask: (asked: A) => Promise<R | undefined>,
  asked: A | undefined,
): Latest<A, R> | undefined {
  const [found, setFound] = useState<Latest<A, R> | undefined>(undefined);
  const latest = useRef<A | undefined>(undefined);
  const busy = useRef(false);
  useEffect(
    () => () => {
      latest.current = undefined;
    },
    [],
  );
  useEffect(() => {
    latest.current = asked;
    const work = async (): Promise<void> => {
      busy.current = true;
      let done: A | undefined;
      while (latest.current !== undefined && latest.current !== done) {
        const of: A = latest.current;
        const reply = await ask(of);
        if (reply === undefined) continue;
        done = of;
        // What was asked since will be answered next; until then this is shown.
        if (latest.current !== undefined) setFound({ of, reply });
      }
      busy.current = false;
    };
    if (!busy.current) void work();
  }, [asked]);
  return found;
}
