/**
 * Controls that any page of the studio may use: `fields.tsx` edits settings, `canvas.tsx` draws, `chart.tsx` plots, `formula.tsx`
 * typesets, `icon.tsx` is on buttons, `size.ts` measures, `use-latest.ts` asks about what changes.
 */
export { Canvas } from "./canvas.tsx";
export { Chart } from "./chart.tsx";
export { Name, NumberField, PlaceField, SelectField, SliderField } from "./fields.tsx";
export { Formula } from "./formula.tsx";
export { Icon } from "./icon.tsx";
export { Scroller } from "./scroller.tsx";
export { useSize } from "./size.ts";
export { useLatest } from "./use-latest.ts";
