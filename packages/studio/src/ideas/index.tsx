/**
 * Guided pages on the engine of the studio: `content/` holds what they say, set and check, `page.tsx` shows one, `list.tsx` all;
 * `widgets/` are the experiments of their own. `idea.ts` says what an idea is.
 */
import type { Store } from "../store/index.ts";
import { IDEA } from "./content/index.ts";
import { List } from "./list.tsx";
import { Page } from "./page.tsx";

export default function Ideas({ store }: { readonly store: Store }) {
  const { idea } = store.state.value;
  return idea === "none" ? <List store={store} /> : <Page key={idea} store={store} idea={IDEA[idea]} />;
}
