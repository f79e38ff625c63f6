/** Files that are dropped on the page. */
import { useEffect, useRef } from "preact/hooks";

/** Takes the first file that is dropped anywhere; without it the browser would leave the page for the file. */
export function useDrop(take: (file: File) => void): void {
  const taker = useRef(take);
  taker.current = take;
  useEffect(() => {
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) taker.current(file);
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, []);
}
