/** The address: it holds the state, and going back leads to the part of the studio, and the idea, that was open before. */
import { effect } from "@preact/signals";
import { IDEAS, PARTS, type Place, placeOf, type State, toLink } from "../state/index.ts";
import type { Store } from "../store/index.ts";

/** What the studio keeps with an entry of the browser's history. */
type Entry = Place;

/** Going from one of these to another can be gone back. */
const pageOf = ({ part, idea }: State): string => `${part} ${part === "ideas" ? idea : ""}`;

/** Writes the address when the state changes, and follows it when the visitor changes it. */
export function followAddress(store: Store): void {
  // What is gone back to has a place like all others; its link stays as it was written.
  history.replaceState(placeOf(store.state.value) satisfies Entry, "");
  let page = pageOf(store.state.value);
  let writing: ReturnType<typeof setTimeout> | undefined;
  const write = (method: "pushState" | "replaceState"): void => {
    clearTimeout(writing);
    const state = store.state.value;
    history[method](placeOf(state) satisfies Entry, "", `#${toLink(state)}`);
  };
  let first = true;
  effect(() => {
    const state = store.state.value;
    // A link that was refused stays where it can be read.
    if (first) first = false;
    else if (pageOf(state) !== page) write("pushState");
    else {
      clearTimeout(writing);
      // Browsers limit how often an address may change.
      writing = setTimeout(() => write("replaceState"), 250);
    }
    page = pageOf(state);
  });
  addEventListener("popstate", ({ state: entry }: PopStateEvent) => {
    if (!isEntry(entry)) return;
    // The settings stay: only the place is gone back to.
    const { part, ...within } = entry;
    page = pageOf({ ...store.state.value, ...entry });
    store.open(part, within);
    write("replaceState");
  });
  addEventListener("hashchange", () => store.follow(location.hash));
}

const isEntry = (value: unknown): value is Entry => {
  if (typeof value !== "object" || value === null) return false;
  const { part, idea, ideaStep } = value as Partial<Entry>;
  return (
    PARTS.some((name) => name === part) &&
    ["none", ...IDEAS].some((name) => name === idea) &&
    Number.isInteger(ideaStep)
  );
};
