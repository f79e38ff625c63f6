/** What a step is about: parts of the playground, or an experiment of its own. */
import type { FunctionComponent } from "preact";
import { CurvesPanel, NetworkPanel, SurfacePanel, Transport } from "../panels/index.ts";
import type { Store } from "../store/index.ts";
import type { PanelName, Step } from "./idea.ts";
import { HillPanel } from "./widgets/hill.tsx";
import { SpreadPanel } from "./widgets/spread.tsx";
import { TablePanel } from "./widgets/table.tsx";
import { TowersPanel } from "./widgets/towers.tsx";
import { UnitPanel } from "./widgets/unit.tsx";
import { WeightsPanel } from "./widgets/weights.tsx";

export interface PanelProps {
  readonly store: Store;
  readonly step: Step;
}

const PANEL: Readonly<Record<PanelName, FunctionComponent<PanelProps>>> = {
  transport: Transport,
  network: ({ store }) => <NetworkPanel store={store} inputsFixed />,
  surface: SurfacePanel,
  curves: CurvesPanel,
  unit: UnitPanel,
  weights: WeightsPanel,
  table: TablePanel,
  towers: TowersPanel,
  hill: HillPanel,
  spread: SpreadPanel,
};

export function Panels({ store, step }: PanelProps) {
  return (
    <div class={`idea-panels of-${step.panels.length}`}>
      {step.panels.map((name) => {
        const Panel = PANEL[name];
        return <Panel key={name} store={store} step={step} />;
      })}
    </div>
  );
}
