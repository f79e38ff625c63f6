/** How large things may be. */

/** x and y reach from −EXTENT to EXTENT: sin x goes through one period, and x² stays below 10. */
export const EXTENT = 3;
export const MOST_LAYERS = 6;
export const MOST_UNITS = 8;
export const MOST_CLASSES = 5;
/** The most points of the visitor's own. */
export const MOST_POINTS = 200;
/** Columns of a table that are inputs besides those of the picture. */
export const MOST_MORE = 6;
/** Rows of a table that are used. */
export const MOST_ROWS = 5000;
/** Columns that a table may have. */
export const MOST_COLUMNS = 100;
/** Bytes of a model file: far more than the networks that people train on one machine with this library. */
export const MOST_MODEL = 50_000_000;
/** What is read of a table, in bytes or characters. */
export const MOST_TEXT = 2_000_000;
