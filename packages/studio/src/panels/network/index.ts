/**
 * The network: `layout.ts` says where units stand, `stage.tsx` shows them and lets layers and units be added and removed,
 * `weights.tsx` draws the lines between them, `inspector.tsx` shows one unit and edits its weights.
 */

export { layoutOf, type Place as Spot, UNIT } from "./layout.ts";
export { nameOfUnit, namesOfWeights } from "./names.ts";
export { NetworkPanel } from "./stage.tsx";
export { linesOf, widthOf } from "./weights.tsx";
