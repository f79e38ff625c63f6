/** Controls that any page of the studio may use: `fields.tsx` edits settings, `canvas.tsx` draws, `formula.tsx` typesets,
 * `size.ts` measures. */
export { Canvas } from "./canvas.tsx";
export { Name, NumberField, SelectField, SliderField } from "./fields.tsx";
export { Formula } from "./formula.tsx";
export { useSize } from "./size.ts";
