/**
 * What parts of the studio are put together from: each panel is a file that shows the store and changes it; `network/` draws units
 * and weights; `words.ts` says what things are called.
 */
export { CurvesPanel } from "./curves.tsx";
export { DataPanel } from "./data-panel.tsx";
export * from "./network/index.ts";
export { SettingsPanel } from "./settings-panel.tsx";
export { SurfacePanel } from "./surface-panel.tsx";
export { Transport } from "./transport.tsx";
export * from "./words.ts";
