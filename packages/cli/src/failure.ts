/** Errors that are the user's to mend: their message is all that is shown. */

/** Something that a command cannot do, and how to mend it. */
export class Failure extends Error {
  override name = "Failure";
}

/** What to show of an error: the message if it tells the user enough, else the stack too, for a report. */
export async function describeFailure(error: unknown): Promise<string> {
  if (error instanceof Failure) return error.message;
  const [{ ChainruleError }, { NonFiniteLossError }] = await Promise.all([
    import("chainrule"),
    import("chainrule/train"),
  ]);
  if (error instanceof ChainruleError || error instanceof NonFiniteLossError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
