/** What the stepper does not tell: all points and layers at once, and whether the derivatives are right. */
import { GradientCheckPanel } from "../panels/gradient-check/index.ts";
import { NetworkPanel } from "../panels/index.ts";
import { LayersPanel } from "../panels/layers/index.ts";
import type { Store } from "../store/index.ts";

export function Checks({ store }: { readonly store: Store }) {
  return (
    <div class="checks-grid">
      <NetworkPanel store={store} />
      <GradientCheckPanel store={store} />
      <LayersPanel store={store} />
    </div>
  );
}
