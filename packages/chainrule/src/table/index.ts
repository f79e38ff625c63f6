/**
 * Tables as files have them, with words, dates and gaps, and models that predict from their rows. A table (`table.ts`) has
 * cells; nothing here knows a file format, and what is a data set of numbers already belongs to `data/`.
 */
export { type Cell, type Row, Table } from "./table.ts";
