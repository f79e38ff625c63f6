/** The page. */
import { useEffect } from "preact/hooks";
import { PART } from "../panels/index.ts";
import type { Store } from "../store/index.ts";
import { Header } from "./header.tsx";
import { useKeys } from "./keys.ts";
import { Notices } from "./notices.tsx";
import { usePart } from "./parts.ts";
import { useSheets } from "./sheets.ts";

export function App({ store }: { readonly store: Store }) {
  const { part } = store.state.value;
  const { part: Part, lost } = usePart(part);
  useKeys(store);
  useSheets();
  useEffect(() => {
    document.title = `${PART[part].name} · Chainrule Studio`;
  }, [part]);
  return (
    <>
      <button type="button" class="skip quiet" onClick={() => document.getElementById("main")?.focus()}>
        To the content
      </button>
      <Header store={store} />
      <main id="main" class={part} tabIndex={-1}>
        <h1 class="unseen">{PART[part].title}</h1>
        <Notices store={store} lost={lost} />
        {Part !== undefined && <Part store={store} />}
      </main>
    </>
  );
}
