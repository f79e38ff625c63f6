/** Movement: what is shown follows what is chosen. */
import { useEffect, useRef, useState } from "preact/hooks";

const MILLISECONDS_A_STAGE = 1100;
const MOST_MILLISECONDS = 1700;

const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A number on its way to `target`; who wants no motion has it there at once. */
export function useFollowed(target: number): number {
  const [at, setAt] = useState(target);
  const present = useRef(target);
  useEffect(() => {
    const from = present.current;
    const duration = still() ? 0 : Math.min(MOST_MILLISECONDS, MILLISECONDS_A_STAGE * Math.abs(target - from));
    let [frame, begin] = [0, 0];
    const move = (now: number): void => {
      begin ||= now;
      const share = duration === 0 ? 1 : Math.min(1, (now - begin) / duration);
      present.current = share === 1 ? target : from + (target - from) * smooth(share);
      setAt(present.current);
      if (share < 1) frame = requestAnimationFrame(move);
    };
    if (from !== target) frame = requestAnimationFrame(move);
    return () => cancelAnimationFrame(frame);
  }, [target]);
  return at;
}

/** From 0 to 1, slow at both ends. */
const smooth = (share: number): number => share * share * (3 - 2 * share);

/** Calls `next` again and again, with time to look between, while `on`. */
export function useSteps(on: boolean, next: () => void): void {
  const latest = useRef(next);
  latest.current = next;
  useEffect(() => {
    if (!on) return;
    latest.current();
    const timer = setInterval(() => latest.current(), MILLISECONDS_A_STAGE + 700);
    return () => clearInterval(timer);
  }, [on]);
}
