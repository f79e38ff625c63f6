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
  const [program, setProgram] = useState<string | undefined>(undefined);
  const name = store.state.value.data;
  /** Asks the worker; what is refused is said. */
  const ask = async <K extends Kind>(kind: K, asked: Asked<K>): Promise<Answer<K> | undefined> => {
    const reply = await store.query(kind, asked);
    if (reply?.answer === undefined) setSaid(reply?.reason ?? "The network has changed. Try again.");
    return reply?.answer;
  };
  /** Does something with what is shown. */
  const take = (make: (shown: Shown) => Promise<string | undefined>) => async (): Promise<void> => {
    const shown = store.shown.value;
    setSaid("");
    if (shown === undefined) {
      setSaid("There is nothing to take away yet.");
      return;
    }
    try {
      setSaid((await make(shown)) ?? "");
    } catch (error) {
      setSaid(`It cannot be saved: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const picture = async (shown: Shown): Promise<string | undefined> => {
    const outputs = await ask("fineSurface", { side: PICTURE_SIDE });
    // What is drawn may have been chosen since; what was trained has not.
    const { showTest, decision } = store.state.value;
    return outputs && pictureSVG({ ...shown.state, showTest, decision }, shown, outputs, palette.value);
  };
  const save = (file: string, content: Blob): string => {
    download(file, content);
    return `Saved as ${file}.`;
  };
  const pictureAs = (type: "png" | "svg") =>
    take(async (shown) => {
      const svg = await picture(shown);
      if (svg === undefined) return undefined;
      return save(`${name}.${type}`, type === "svg" ? textFile(svg, SVG) : await toPNG(svg, 2));
    });
  const network = take(async ({ state }) => {
    const seen = await ask("advance", { wanted: { units: true } });
    if (seen?.views.units === undefined) return undefined;
    return save(`${name}-network.svg`, textFile(networkSVG(state, seen.weights, seen.views.units, palette.value), SVG));
  });
  const data = take(async (shown) => save(`${name}.csv`, textFile(pointsCSV(shown), "text/csv")));
  const weights = take(async () => {
    const bytes = await ask("modelFile", true);
    return bytes && save(`${name}.safetensors`, new Blob([bytes], { type: "application/octet-stream" }));
  });
  const code = take(async () => {
    setProgram(await ask("program", true));
    return undefined;
  });
  return (
    <details class="share" name="sheet">
      <summary>Export</summary>
      <div class="sheet">
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
      {program !== undefined && (
        <ProgramDialog text={program} name={`${name}.ts`} close={() => setProgram(undefined)} />
      )}
    </details>
  );
}
