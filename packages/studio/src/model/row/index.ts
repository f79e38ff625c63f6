/** Models of rows and of plain numbers: `panel.tsx` puts together the fields, what the model says, and what speaks for it. */
export { RowPanel } from "./panel.tsx";
