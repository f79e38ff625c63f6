/** Errors of the library, with the two places a user needs: the layer and the line of their own code. */
import { currentScope } from "./scope.ts";

/** The base of every error that names a mistake in how operations were put together. */
export class ChainruleError extends Error {
  override name = "ChainruleError";
}

/** Shapes that do not fit, an axis out of range. */
export class ShapeError extends ChainruleError {
  override name = "ShapeError";
}

/** An element type that an operation does not take. */
export class DTypeError extends ChainruleError {
  override name = "DTypeError";
}

/** Something that cannot be done while a function is being traced. */
export class TraceError extends ChainruleError {
  override name = "TraceError";
}

/** `message`, followed by the layer that is being called and the user's line, where they are known. */
export function located(message: string, line = userLine()): string {
  const scope = currentScope();
  const layer = scope === "" ? "" : `\n  in layer: ${scope}`;
  const place = line === undefined ? "" : `\n  at: ${line}`;
  return message + layer + place;
}

/** The present place in the program, of which `userLine` makes text: that takes much longer than to keep it. */
export function here(): Error {
  const withLimit = Error as { stackTraceLimit?: number };
  const limit = withLimit.stackTraceLimit;
  withLimit.stackTraceLimit = 200;
  const place = new Error();
  withLimit.stackTraceLimit = limit;
  return place;
}

/** "file:line:column" of the innermost stack frame outside the library; undefined when it is not to be told. */
export const userLine = (place = here()): string | undefined => userLineIn(place.stack ?? "");

/**
 * `userLine` of a stack trace whose first frame is of this file. Where a bundler has put the library into another file,
 * its frames cannot be told from the user's, and there is no answer.
 */
export function userLineIn(stack: string): string | undefined {
  let library: string | undefined;
  for (const frame of stack.split("\n")) {
    // V8 writes "at f (URL:1:2)" or "at URL:1:2"; Firefox and Safari write "f@URL:1:2".
    const match = /(?:\(|@|at (?:async )?)((?:[a-z-]+:\/\/|\/|[A-Za-z]:\\)[^()]*):(\d+):(\d+)\)?$/.exec(frame.trim());
    if (match === null) continue;
    const file = pathOf(match[1] as string);
    if (library === undefined) {
      library = /^(.*[/\\])graph[/\\]errors\.[jt]s(?:\?.*)?$/.exec(file)?.[1];
      if (library === undefined) return undefined;
    }
    if (!file.startsWith(library)) return `${file}:${match[2]}:${match[3]}`;
  }
  return undefined;
}

function pathOf(url: string): string {
  return url.startsWith("file://") ? decodeURIComponent(url.slice("file://".length)) : url;
}
