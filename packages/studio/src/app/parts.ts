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

/** Undefined while it is fetched. */
export function usePart(name: PartName): Part | undefined {
  const [fetched, setFetched] = useState<Readonly<Partial<Record<PartName, Part>>>>({ playground: Playground });
  const part = fetched[name];
  useEffect(() => {
    if (part === undefined)
      void FETCHED[name]?.().then(({ default: found }) => setFetched((before) => ({ ...before, [name]: found })));
  }, [name, part]);
  return part;
}
