/** Keys that hold anywhere. */
import { useEffect } from "preact/hooks";
import type { Store } from "../store/index.ts";

/** Space plays and pauses, Ctrl+Z undoes, where nothing else wants them. */
export function useKeys(store: Store): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.target instanceof Element && event.target.closest("input, select, textarea, button, summary, a"))
        return;
      if (event.key === " " && !event.ctrlKey) store.playing.value ? store.pause() : store.play();
      else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey))
        event.shiftKey ? store.redo() : store.undo();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [store]);
}
