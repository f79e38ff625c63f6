/**
 * The visitor's table: `reading.ts` takes texts and files, `source.tsx` asks for them, `roles.tsx` says what the columns are used for,
 * `table-panel.tsx` puts them together, `units.ts` tells what places of the picture are in the units of the table.
 */
export { useReading } from "./reading.ts";
export { TablePanel } from "./table-panel.tsx";
export { axisText, real, type Units, unitsOf } from "./units.ts";
