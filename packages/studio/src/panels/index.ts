/**
 * What parts of the studio are put together from: each panel is a file that shows the store and changes it; `network/` draws units
 * and weights, `landscape/` the loss around them, `table/` takes the visitor's data, `words.ts` says what things are called. `layers/`
 * (how values and gradients are spread), `gradient-check/` and `flow/` are imported by their own names, so that only the parts that
 * show them fetch them.
 */
export { CurvesPanel } from "./curves.tsx";
export { DataPanel } from "./data-panel.tsx";
export { axesOf, LandscapePanel, LandscapePicture, PlaneChoice, planeWishOf, useFresh } from "./landscape/index.ts";
export * from "./network/index.ts";
export { SettingField, SettingsPanel } from "./settings-panel.tsx";
export { SurfacePanel } from "./surface-panel.tsx";
export { real, type Units, unitsOf } from "./table/index.ts";
export { Transport, TransportButtons } from "./transport.tsx";
export * from "./words.ts";
