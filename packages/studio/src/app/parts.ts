/** The parts of the studio. The playground is there at once; the others are fetched when they are opened. */
import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import Playground from "../playground/index.tsx";
import type { PartName } from "../state/index.ts";
import type { Store } from "../store/index.ts";

type Part = FunctionComponent<{ readonly store: Store }>;

const FETCHED: Readonly<Partial<Record<PartName, () => Promise<{ readonly default: Part }>>>> = {
  space: () => import("../space/index.tsx"),
  flow: () => import("../flow/index.tsx"),
  race: () => import("../race/index.tsx"),
  model: () => import("../model/index.tsx"),
  ideas: () => import("../ideas/index.tsx"),
};

/** Neither while it is fetched; `lost` if it could not be. */
export function usePart(name: PartName): { readonly part?: Part | undefined; readonly lost: boolean } {
  const [fetched, setFetched] = useState<Readonly<Partial<Record<PartName, Part>>>>({ playground: Playground });
  const [lost, setLost] = useState<PartName | undefined>(undefined);
  const part = fetched[name];
  useEffect(() => {
    if (part !== undefined) return;
    setLost(undefined);
    FETCHED[name]?.().then(
      ({ default: found }) => setFetched((before) => ({ ...before, [name]: found })),
      () => setLost(name),
    );
  }, [name, part]);
  return { part, lost: part === undefined && lost === name };
}
