/** Keys that hold anywhere. */
import { useEffect } from "preact/hooks";
import type { Store } from "../store/index.ts";

/** What has a use for the space bar: it is pressed, scrolled or drawn on with it. */
const TAKES_SPACE = 'input, select, textarea, button, summary, a, [tabindex="0"]';
/** What undoes for itself. */
const TAKES_TEXT = 'textarea, input:not([type="range"], [type="checkbox"], [type="radio"])';

/** Space plays and pauses, Ctrl+Z undoes and Ctrl+Shift+Z or Ctrl+Y does again, where nothing else wants them. */
export function useKeys(store: Store): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const within = (places: string): boolean =>
        event.target instanceof Element && event.target.closest(places) !== null;
      // A dialog that is open hides what would be played or undone.
      if (event.defaultPrevented || document.querySelector("dialog:modal") !== null) return;
      if (act(store, event, within(TAKES_SPACE), within(TAKES_TEXT))) event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [store]);
}

/** @returns whether the key meant something */
function act(store: Store, event: KeyboardEvent, takesSpace: boolean, takesText: boolean): boolean {
  const [key, control] = [event.key.toLowerCase(), event.ctrlKey || event.metaKey];
  if (key === " " && !control && !takesSpace) store.playing.value ? store.pause() : store.play();
  else if (control && key === "z" && !takesText) event.shiftKey ? store.redo() : store.undo();
  else if (control && key === "y" && !takesText) store.redo();
  else return false;
  return true;
}
