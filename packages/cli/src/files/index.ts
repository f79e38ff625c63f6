/**
 * Data files in and out: any format as a table or as batches of rows (`openTable`, `readTable`), and files that are written whole
 * or not at all (`openOutput`). Nothing here knows what the data is for.
 */
export { requireApart } from "./apart.ts";
export { formatRow } from "./csv/format.ts";
export { openTable } from "./open.ts";
export { type ReadFlags, readOptions, readOptionsOf } from "./options.ts";
export { endQuietlyOnClosedPipe, type OutputFile, openOutput, writeFile } from "./output.ts";
export { readTable, type TableData } from "./read.ts";
export type { Batch, Format, OpenOptions, ReadOptions, TableFile } from "./table-file.ts";
