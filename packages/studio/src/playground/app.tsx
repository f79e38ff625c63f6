/** The page. */
import { useEffect, useState } from "preact/hooks";
import { PARTS, toLink } from "../state/index.ts";
import { CurvesPanel } from "./curves.tsx";
import { DataPanel } from "./data-panel.tsx";
import { NetworkPanel } from "./network/index.ts";
import { SettingsPanel } from "./settings-panel.tsx";
import type { Store } from "./store.ts";
import { SurfacePanel } from "./surface-panel.tsx";
import { Icon, Transport } from "./transport.tsx";
import { PART } from "./words.ts";

export function App({ store }: { readonly store: Store }) {
  const { hide } = store.state.value;
  useKeys(store);
  return (
    <>
      <button type="button" class="skip quiet" onClick={() => document.getElementById("main")?.focus()}>
        To the network
      </button>
      <Header store={store} />
      <main id="main" tabIndex={-1}>
        <h1 class="unseen">Playground: watch a network learn</h1>
        <Notices store={store} />
        <Transport store={store} />
        {!hide.includes("data") && <DataPanel store={store} />}
        <NetworkPanel store={store} />
        <SurfacePanel store={store} />
        {!hide.includes("settings") && <SettingsPanel store={store} />}
        {!hide.includes("curves") && <CurvesPanel store={store} />}
      </main>
    </>
  );
}

function Header({ store }: { readonly store: Store }) {
  const { past, future } = store.history.value;
  return (
    <header>
      <p class="brand">
        <strong>Chainrule</strong> Studio <span class="term">Playground</span>
      </p>
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
        <Share store={store} />
      </div>
    </header>
  );
}

/** A link to what is there now; for a lesson, parts of the page can be hidden. */
function Share({ store }: { readonly store: Store }) {
  const [said, setSaid] = useState("");
  const { hide } = store.state.value;
  const copy = async (link: string): Promise<void> => {
    const address = `${location.href.replace(/#.*$/, "")}#${link}`;
    try {
      await navigator.clipboard.writeText(address);
      setSaid("Copied.");
    } catch {
      setSaid(address);
    }
  };
  return (
    <details class="share">
      <summary>Share</summary>
      <div class="sheet">
        <p>The address of this page holds all settings and points. Who opens it sees the same numbers.</p>
        <button type="button" onClick={() => copy(toLink(store.state.value))}>
          Copy the link
        </button>
        <button type="button" onClick={() => copy(toLink(store.trained))}>
          Copy it with the present weights
        </button>
        <p class="said" role="status">
          {said}
        </p>
        <fieldset>
          <legend>For a lesson, hide</legend>
          {PARTS.map((part) => (
            <label key={part}>
              <input
                type="checkbox"
                checked={hide.includes(part)}
                onChange={({ currentTarget: { checked } }) =>
                  store.update({ hide: PARTS.filter((each) => (each === part ? checked : hide.includes(each))) })
                }
              />{" "}
              {PART[part]}
            </label>
          ))}
        </fieldset>
      </div>
    </details>
  );
}

function Notices({ store }: { readonly store: Store }) {
  const [badLink, problem] = [store.badLink.value, store.problem.value];
  const diverged = store.shown.value?.snapshot.diverged === true;
  return (
    <div class="notices" role="alert">
      {badLink !== undefined && (
        <p>
          <strong>This link cannot be opened:</strong> {badLink}. Nothing of it is used.
        </p>
      )}
      {problem !== undefined && <p>{problem}</p>}
      {diverged && (
        <p>
          <strong>The training blew up</strong> <span class="term">diverged</span>: the loss is no longer a number.
          Choose a smaller step size and reset.
        </p>
      )}
    </div>
  );
}

/** Space plays and pauses, Ctrl+Z undoes, where nothing else wants them. */
function useKeys(store: Store): void {
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
