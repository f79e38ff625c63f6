/** Sheets that unfold from the header: Escape closes them, and so does a click elsewhere. */
import { useEffect } from "preact/hooks";

const open = () => document.querySelectorAll<HTMLDetailsElement>('details[name="sheet"][open]');
/** What lies over a sheet is closed by itself. */
const covered = (): boolean => document.querySelector("dialog[open]") !== null;

export function useSheets(): void {
  useEffect(() => {
    const press = ({ key }: KeyboardEvent): void => {
      if (key !== "Escape" || covered()) return;
      for (const sheet of open()) {
        sheet.open = false;
        sheet.querySelector("summary")?.focus();
      }
    };
    const point = ({ target }: PointerEvent): void => {
      if (covered()) return;
      for (const sheet of open()) if (!(target instanceof Node && sheet.contains(target))) sheet.open = false;
    };
    addEventListener("keydown", press);
    addEventListener("pointerdown", point);
    return () => {
      removeEventListener("keydown", press);
      removeEventListener("pointerdown", point);
    };
  }, []);
}
