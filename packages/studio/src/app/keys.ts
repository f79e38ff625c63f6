/** Keys that hold anywhere. */
import { useEffect } from "preact/hooks";
import type { Store } from "../store/index.ts";

/** What has a use for keys itself. */
const TAKES_KEYS = "input, select, textarea, button, summary, a";
/** What is scrolled by the space bar, or drawn on with it. */
const TAKES_SPACE = '[tabindex="0"]';

/** Space plays and pauses, Ctrl+Z undoes, where nothing else wants them. */
export function useKeys(store: Store): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target } = event;
      const within = (places: string): boolean => target instanceof Element && target.closest(places) !== null;
      // A dialog that is open hides what would be played or undone.
      if (event.defaultPrevented || within(TAKES_KEYS) || document.querySelector("dialog:modal") !== null) return;
      if (event.key === " " && !event.ctrlKey) {
        if (within(TAKES_SPACE)) return;
        store.playing.value ? store.pause() : store.play();
      } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey))
        event.shiftKey ? store.redo() : store.undo();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [store]);
}
