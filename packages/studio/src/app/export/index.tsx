/** Taking away what is there: pictures, data, weights, and the run as a program. */
import { useState } from "preact/hooks";
import { palette } from "../../draw/index.ts";
import type { Answer, Asked, Kind } from "../../engine/index.ts";
import type { Shown, Store } from "../../store/index.ts";
import { pointsCSV } from "./csv.ts";
import { download, textFile, toPNG } from "./download.ts";
import { networkSVG } from "./network.ts";
import { PICTURE_SIDE, pictureSVG } from "./picture.ts";
import { ProgramDialog } from "./program.tsx";

const SVG = "image/svg+xml";

export function Export({ store }: { readonly store: Store }) {
  const [said, setSaid] = useState("");
  const [program, setProgram] = useState<{ readonly text: string; readonly name: string } | undefined>(undefined);
  /** What is shown, or asked about it. */
  const current = (): Shown => {
    const shown = store.shown.value;
    if (shown === undefined) throw new Error("There is nothing to take away yet.");
    return shown;
  };
  /** Asks the worker. @returns what it says, and what it says it of: another network may be shown since it was asked */
  const ask = async <K extends Kind>(kind: K, asked: Asked<K>): Promise<readonly [Answer<K>, Shown]> => {
    current();
    const reply = await store.query(kind, asked);
    if (reply?.answer === undefined) throw new Error(reply?.reason ?? "The network has changed. Try again.");
    return [reply.answer, current()];
  };
  /** Does something with what is shown, and says what came of it. */
  const take = (make: () => string | Promise<string>) => async (): Promise<void> => {
    setSaid("");
    try {
      setSaid(await make());
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  const save = ({ state }: Shown, ending: string, content: Blob): string => {
    const file = `${state.data}${ending}`;
    download(file, content);
    return `Saved as ${file}.`;
  };
  const pictureAs = (type: "png" | "svg") =>
    take(async () => {
      const [outputs, shown] = await ask("fineSurface", { side: PICTURE_SIDE });
      // What is drawn may have been chosen since; what was trained has not.
      const { showTest, decision } = store.state.value;
      const svg = pictureSVG({ ...shown.state, showTest, decision }, shown, outputs, palette.value);
      return save(shown, `.${type}`, type === "svg" ? textFile(svg, SVG) : await toPNG(svg, 2));
    });
  const network = take(async () => {
    const [{ weights, views }, shown] = await ask("advance", { wanted: { units: true } });
    if (views.units === undefined) throw new Error("The network has changed. Try again.");
    return save(shown, "-network.svg", textFile(networkSVG(shown.state, weights, views.units, palette.value), SVG));
  });
  const data = take(() => save(current(), ".csv", textFile(pointsCSV(current()), "text/csv")));
  const weights = take(async () => {
    const [bytes, shown] = await ask("modelFile", true);
    return save(shown, ".safetensors", new Blob([bytes], { type: "application/octet-stream" }));
  });
  const code = take(async () => {
    const [text, { state }] = await ask("program", true);
    setProgram({ text, name: `${state.data}.ts` });
    return "";
  });
  // These show networks of their own.
  const other = ["race", "ideas", "model"].includes(store.state.value.part);
  return (
    <details class="share" name="sheet">
      <summary>Export</summary>
      <div class="sheet">
        {other && <p class="hint">All of this is of the network in the playground.</p>}
        <p>
          <span class="plain">Picture</span> <span class="term">decision surface and points</span>
        </p>
        <div class="pair">
          <button type="button" onClick={pictureAs("png")}>
            PNG
          </button>
          <button type="button" onClick={pictureAs("svg")}>
            SVG
          </button>
        </div>
        <button type="button" onClick={network}>
          Network <span class="term">SVG</span>
        </button>
        <button type="button" onClick={data}>
          Data <span class="term">CSV</span>
        </button>
        <button type="button" onClick={weights}>
          Weights <span class="term">model file, safetensors</span>
        </button>
        <button type="button" onClick={code}>
          This run as a program <span class="term">TypeScript</span>
        </button>
        <p class="said" role="status">
          {said}
        </p>
      </div>
      {program !== undefined && <ProgramDialog {...program} close={() => setProgram(undefined)} />}
    </details>
  );
}
