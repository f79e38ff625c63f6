/** The address: it holds the state, and going back leads to the part of the studio that was open before. */
import { effect } from "@preact/signals";
import { PARTS, type PartName, toLink } from "../state/index.ts";
import type { Store } from "../store/index.ts";

/** What the studio keeps with an entry of the browser's history. */
interface Entry {
  readonly part: PartName;
}

/** Writes the address when the state changes, and follows it when the visitor changes it. */
export function followAddress(store: Store): void {
  let part = store.state.value.part;
  let writing: ReturnType<typeof setTimeout> | undefined;
  const write = (method: "pushState" | "replaceState"): void => {
    clearTimeout(writing);
    const state = store.state.value;
    history[method]({ part: state.part } satisfies Entry, "", `#${toLink(state)}`);
  };
  let first = true;
  effect(() => {
    const state = store.state.value;
    // A link that was refused stays where it can be read.
    if (first) first = false;
    else if (state.part !== part) write("pushState");
    else {
      clearTimeout(writing);
      // Browsers limit how often an address may change.
      writing = setTimeout(() => write("replaceState"), 250);
    }
    part = state.part;
  });
  addEventListener("popstate", ({ state: entry }: PopStateEvent) => {
    if (!isEntry(entry)) return;
    // The settings stay: only the part is gone back to.
    part = entry.part;
    store.open(entry.part);
    write("replaceState");
  });
  addEventListener("hashchange", () => store.follow(location.hash));
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && "part" in value && PARTS.includes(value.part as PartName);
