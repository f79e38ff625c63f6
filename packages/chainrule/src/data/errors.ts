/** The error for data that cannot be used. */
import { ChainruleError } from "../graph/errors.ts";

/** Data that are malformed or do not belong together; the message names the place. */
export class DataError extends ChainruleError {
  override name = "DataError";
}
