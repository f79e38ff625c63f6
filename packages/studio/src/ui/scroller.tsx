/** What may be wider than its place. */
import type { ComponentChildren } from "preact";

export interface ScrollerProps {
  readonly class: string;
  /** What a person who does not see it is told. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Scrolls sideways, by keyboard too. */
export function Scroller({ class: name, label, children }: ScrollerProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard.
    <div class={`scroller ${name}`} tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}
