/** Texts and files on their way to a table. */
import { useRef, useState } from "preact/hooks";
import { MOST_TEXT, quote } from "../../state/index.ts";
import type { Store } from "../../store/index.ts";

export interface Reading {
  readonly busy: boolean;
  /** Why the last one was refused. */
  readonly problem: string | undefined;
  readonly open: (file: File) => void;
  readonly paste: (text: string) => void;
}

export function useReading(store: Store): Reading {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const latest = useRef(0);
  const read = async (name: string, size: number, content: () => Promise<string | ArrayBuffer>): Promise<void> => {
    latest.current++;
    const turn = latest.current;
    setProblem(undefined);
    setBusy(true);
    const reason = await refusalOf(store, name, size, content, () => turn === latest.current);
    if (turn !== latest.current) return;
    setBusy(false);
    setProblem(reason);
  };
  return {
    busy,
    problem,
    open: (file) => void read(file.name, file.size, () => file.arrayBuffer()),
    paste: (text) => void read("the pasted text", text.length, async () => text),
  };
}

/** Reads, and learns from what is read. @returns why not, if not */
async function refusalOf(
  store: Store,
  name: string,
  size: number,
  content: () => Promise<string | ArrayBuffer>,
  current: () => boolean,
): Promise<string | undefined> {
  // What is that large is not even brought into memory.
  if (size > MOST_TEXT) {
    const [has, most] = [size, MOST_TEXT].map((bytes) =>
      (bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 }),
    );
    return `${quote(name)} cannot be read: it has ${has} MB, and at most ${most} MB are read. Leave out rows or columns.`;
  }
  let given: string | ArrayBuffer;
  try {
    given = await content();
  } catch {
    return `${quote(name)} cannot be read: the browser does not give its content. Is it a folder, or was it moved?`;
  }
  while (current()) {
    const reply = await store.query("readTable", { name, content: given });
    // Another network was loaded in the meantime, which has nothing to do with the table.
    if (reply === undefined) continue;
    if (reply.answer !== undefined && current()) store.update({ data: "table", table: reply.answer });
    return reply.reason;
  }
  return undefined;
}
