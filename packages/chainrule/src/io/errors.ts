/** The error for files that cannot be read. */
import { ChainruleError } from "../graph/errors.ts";

/** A file that is damaged, of another kind or of a version that is not known. */
export class FormatError extends ChainruleError {
  override name = "FormatError";
}
