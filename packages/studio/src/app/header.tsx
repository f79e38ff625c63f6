/** The head of every page: the parts of the studio, undo, and sharing. */
import { useEffect, useRef } from "preact/hooks";
import { PART } from "../panels/index.ts";
import { PARTS, type PartName, toLink } from "../state/index.ts";
import type { Store } from "../store/index.ts";
import { Icon } from "../ui/index.ts";
import { Export } from "./export/index.tsx";
import { Share } from "./share.tsx";

export function Header({ store }: { readonly store: Store }) {
  const { past, future } = store.history.value;
  return (
    <header>
      <p class="brand">
        <strong>Chainrule</strong> Studio
      </p>
      {PARTS.length > 1 && <Parts store={store} />}
      <div class="buttons">
        <button
          type="button"
          class="quiet"
          disabled={past.length === 0}
          onClick={() => store.undo()}
          aria-label="Undo"
          title="Undo (Ctrl+Z)"
        >
          <Icon path="M12.5 8H7.8l2.6-2.6L9 4 4 9l5 5 1.4-1.4L7.8 10h4.7a4.5 4.5 0 0 1 0 9H8v2h4.5a6.5 6.5 0 0 0 0-13z" />
        </button>
        <button
          type="button"
          class="quiet"
          disabled={future.length === 0}
          onClick={() => store.redo()}
          aria-label="Redo"
          title="Redo (Ctrl+Shift+Z)"
        >
          <Icon path="M11.5 8h4.7l-2.6-2.6L15 4l5 5-5 5-1.4-1.4L16.2 10h-4.7a4.5 4.5 0 0 0 0 9H16v2h-4.5a6.5 6.5 0 0 1 0-13z" />
        </button>
        <Export store={store} />
        <Share store={store} />
      </div>
    </header>
  );
}

/** Links, so that they can be opened in another tab; a plain click stays on the page, and the training goes on. */
function Parts({ store }: { readonly store: Store }) {
  const state = store.state.value;
  const open = (part: PartName) => (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    store.open(part);
  };
  // On a phone they are wider than the page.
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [state.part]);
  return (
    <nav class="parts" aria-label="Parts of the studio" ref={nav}>
      {PARTS.map((part) => (
        <a
          key={part}
          href={`#${toLink({ ...state, part })}`}
          aria-current={part === state.part ? "page" : undefined}
          onClick={open(part)}
        >
          {PART[part].name}
        </a>
      ))}
    </nav>
  );
}
