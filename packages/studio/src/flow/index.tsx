/** Gradient flow: back-propagation through the network in training, step by step. */
import { SettingsPanel, Transport } from "../panels/index.ts";
import type { Store } from "../store/index.ts";
import { Checks } from "./checks.tsx";
import { FlowPanel } from "./flow-panel.tsx";
import { useFlow } from "./use-flow.ts";

export default function GradientFlow({ store }: { readonly store: Store }) {
  const flow = useFlow(store);
  const { hide } = store.state.value;
  return (
    <>
      <Transport store={store} />
      <FlowPanel store={store} flow={flow} />
      <Checks store={store} />
      {!hide.includes("settings") && <SettingsPanel store={store} />}
    </>
  );
}
