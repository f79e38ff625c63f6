/** Answers that follow what is asked. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Asked, Kind, Reply } from "../engine/index.ts";
import type { Desk } from "./desk.ts";

/**
 * Asks anew whenever `asked` is another object, one question at a time, and of those that wait only the latest.
 *
 * @returns the latest reply; undefined before the first
 */
export function useReply<K extends Kind>(desk: Desk, kind: K, asked: Asked<K> | undefined): Reply<K> | undefined {
  const [reply, setReply] = useState<Reply<K> | undefined>(undefined);
  const waiting = useRef<Asked<K> | undefined>(undefined);
  const busy = useRef(false);
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  useEffect(() => {
    const work = async (): Promise<void> => {
      busy.current = true;
      for (let next = waiting.current; next !== undefined && there.current; next = waiting.current) {
        waiting.current = undefined;
        const answer = await desk.engine.ask(kind, next);
        // What was asked since will be answered next; until then this is shown.
        if (there.current) setReply(answer);
      }
      busy.current = false;
    };
    waiting.current = asked;
    if (!busy.current) void work();
  }, [desk, kind, asked]);
  return reply;
}
