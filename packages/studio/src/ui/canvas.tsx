/** A canvas that is drawn anew when what it shows changes. */
import { useLayoutEffect, useRef } from "preact/hooks";

export interface CanvasProps {
  readonly class: string;
  /** What a person who does not see it is told; without, it is left out. */
  readonly label?: string;
  /** Draws. It should change only when the drawing does. */
  readonly draw: (canvas: HTMLCanvasElement) => void;
}

export function Canvas({ class: name, label, draw }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null) draw(canvas.current);
  }, [draw]);
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas is not focusable.
  if (label === undefined) return <canvas ref={canvas} class={name} aria-hidden="true" />;
  return <canvas ref={canvas} class={name} role="img" aria-label={label} />;
}
