/**
 * Guided pages on the engine of the studio: `content/` holds what they say, set and check, `page.tsx` shows one, `list.tsx` all;
 * `widgets/` are the experiments of their own. `idea.ts` says what an idea is.
 */
import { useEffect, useRef } from "preact/hooks";
import type { Store } from "../store/index.ts";
import { IDEA } from "./content/index.ts";
import { List } from "./list.tsx";
import { Page } from "./page.tsx";

export default function Ideas({ store }: { readonly store: Store }) {
  const { idea } = store.state.value;
  // What had the focus is gone with the old page, so the new one takes it; the first page of all leaves it where it is.
  const opened = useRef(false);
  useEffect(() => {
    opened.current = true;
  }, []);
  return idea === "none" ? (
    <List store={store} opened={opened} />
  ) : (
    <Page key={idea} store={store} idea={IDEA[idea]} opened={opened} />
  );
}
