/** Gradient flow: back-propagation through the network in training, step by step. */
import { Transport } from "../panels/index.ts";
import type { Store } from "../store/index.ts";
import { Checks } from "./checks.tsx";

export default function Flow({ store }: { readonly store: Store }) {
  return (
    <>
      <Transport store={store} />
      <Checks store={store} />
    </>
  );
}
