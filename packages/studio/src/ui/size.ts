/** The size of an element, as the page lays it out. */
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** Its width in CSS pixels; 0 before it is known. */
export function useSize(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    setWidth(observed.clientWidth);
    const observer = new ResizeObserver(() => setWidth(observed.clientWidth));
    observer.observe(observed);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
