/** A trained network: what is in its file, what it says, and why. */
import { useEffect } from "preact/hooks";
import type { Store } from "../store/index.ts";
import { AboutPanel } from "./about.tsx";
import { Desk } from "./desk.ts";
import { DigitPanel } from "./digit/index.ts";
import { useDrop } from "./drop.ts";
import { OpenPanel } from "./open-panel.tsx";
import { PassPanel } from "./pass/index.ts";
import { RowPanel } from "./row/index.ts";
import { WeightsPanel } from "./weights/index.ts";

/** It stays while other parts of the studio are open. */
const desk = new Desk();

export default function Model({ store }: { readonly store: Store }) {
  const { model } = store.state.value;
  useEffect(() => desk.follow(model), [model]);
  useDrop((file) => void desk.openFile(file));
  const facts = desk.facts.value;
  return (
    <>
      <OpenPanel desk={desk} store={store} />
      {facts !== undefined && (
        <>
          {facts.picture === undefined ? (
            <RowPanel key={facts.id} desk={desk} facts={facts} />
          ) : (
            <DigitPanel key={facts.id} desk={desk} facts={facts} picture={facts.picture} />
          )}
          <PassPanel key={`pass ${facts.id}`} desk={desk} facts={facts} store={store} />
          <AboutPanel facts={facts} />
          <WeightsPanel key={`weights ${facts.id}`} desk={desk} facts={facts} />
        </>
      )}
    </>
  );
}
