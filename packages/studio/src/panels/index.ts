/**
 * What parts of the studio are put together from: each panel is a file that shows the store and changes it; `network/` draws units
 * and weights, `layers/` how their values and gradients are spread, `gradient-check/` checks derivatives (these two are imported by their own, so that only the parts that show them fetch them); `words.ts` says what things are called.
 */
export { CurvesPanel } from "./curves.tsx";
export { DataPanel } from "./data-panel.tsx";
export { NetworkPanel } from "./network/index.ts";
export { SettingsPanel } from "./settings-panel.tsx";
export { SurfacePanel } from "./surface-panel.tsx";
export { Transport } from "./transport.tsx";
export * from "./words.ts";
