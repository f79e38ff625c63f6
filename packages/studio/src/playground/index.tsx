/** The playground: a network learns what is in the plane, and everything about it can be changed. */
import {
  CurvesPanel,
  DataPanel,
  LandscapePanel,
  NetworkPanel,
  SettingsPanel,
  SurfacePanel,
  Transport,
} from "../panels/index.ts";
import type { Store } from "../store/index.ts";

export default function Playground({ store }: { readonly store: Store }) {
  const { hide } = store.state.value;
  return (
    <>
      <Transport store={store} />
      {!hide.includes("settings") && <SettingsPanel store={store} />}
      {!hide.includes("data") && <DataPanel store={store} />}
      <NetworkPanel store={store} />
      <SurfacePanel store={store} />
      {!hide.includes("curves") && <CurvesPanel store={store} />}
      {!hide.includes("landscape") && <LandscapePanel store={store} />}
    </>
  );
}
