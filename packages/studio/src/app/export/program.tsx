/** The run as a program, to be read, copied or saved. */
import { useEffect, useRef, useState } from "preact/hooks";
import { download, textFile } from "./download.ts";

export interface ProgramDialogProps {
  readonly text: string;
  /** Of the file. */
  readonly name: string;
  readonly close: () => void;
}

export function ProgramDialog({ text, name, close }: ProgramDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [said, setSaid] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied.");
    } catch {
      setSaid("This browser does not let the page copy. Save the file, or mark the text.");
    }
  };
  return (
    <dialog ref={dialog} class="program" aria-labelledby="program-title" onClose={close}>
      <div class="heading">
        <h2 id="program-title">
          This run as a program <span class="term">TypeScript</span>
        </h2>
        <div class="buttons">
          <button type="button" onClick={copy}>
            Copy
          </button>
          <button type="button" onClick={() => download(name, textFile(text, "text/typescript"))}>
            Save
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </div>
      <p class="hint">
        It trains the same network on the same points in the same order, by the library that trains this page. In Node
        it ends with the weights that are here now, to the last bit.
      </p>
      <p class="said" role="status">
        {said}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </dialog>
  );
}
