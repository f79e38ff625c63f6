/** What ends a command early, and the exit status for it. */

/** Exit statuses: 0 done, 1 the answer is no, 2 the input is at fault; a mistake of the program's own has one from sysexits.h. */
export const STATUS = { done: 0, no: 1, input: 2, bug: 70, interrupted: 130 } as const;

/** Something that a command cannot do with what it was given, and how to mend it: its message is all that is shown. */
export class Failure extends Error {
  override name = "Failure";
}

/** The answer to the question asked is no, as after a gradient check that failed. */
export class AnswerNo extends Error {
  override name = "AnswerNo";
}

/** What to show of an error, and with which status to end. Only a mistake of the program's own shows where it happened. */
export async function describeFailure(error: unknown): Promise<{ readonly text: string; readonly status: number }> {
  if (error instanceof AnswerNo) return { text: error.message, status: STATUS.no };
  if (error instanceof Failure || isSystemError(error)) return { text: messageOf(error), status: STATUS.input };
  const [{ ChainruleError }, { NonFiniteLossError }] = await Promise.all([
    import("chainrule"),
    import("chainrule/train"),
  ]);
  if (error instanceof ChainruleError || error instanceof NonFiniteLossError)
    return { text: error.message, status: STATUS.input };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `${stack}\nThis is a mistake in chainrule, not in your data. Please report it.`, status: STATUS.bug };
}

/** The file system said no: its errors have a code such as ENOENT, or are the cause of one that has. */
function isSystemError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    ("code" in error && "syscall" in error) ||
    (error.cause instanceof Error && "syscall" in error.cause && "code" in error.cause)
  );
}

/** What the file system says, in words. */
const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk takes no changes",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a folder",
  ENOSPC: "there is no space left on the disk",
  ENAMETOOLONG: "the name is too long",
};

/** Why the file system refused, without its codes and calls. */
export const systemReason = (error: unknown): string =>
  SYSTEM[(error as NodeJS.ErrnoException).code ?? ""] ?? messageOf(error);

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
