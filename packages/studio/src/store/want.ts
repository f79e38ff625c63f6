/** Views that mounted parts of the page want to see with each snapshot. */
import { useLayoutEffect } from "preact/hooks";
import type { Seen, ViewName, Views } from "../engine/index.ts";
import type { Store } from "./store.ts";

/** What a view shows now, and with each snapshot from now on; undefined until it is there. */
export function useView<K extends ViewName>(store: Store, name: K, asked: Views[K]["asked"]): Seen[K] | undefined {
  // Options are small plain objects: equal ones are the same wish.
  const key = JSON.stringify(asked);
  useLayoutEffect(() => store.want(name, asked), [store, name, key]);
  return store.shown.value?.snapshot.views[name];
}
