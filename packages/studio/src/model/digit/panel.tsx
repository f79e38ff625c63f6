/** Draw a digit, and see what the network makes of it. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { paintInk, palette } from "../../draw/index.ts";
import type { ModelFacts, PictureFacts, RowInput, Tried } from "../../engine/index.ts";
import { Canvas } from "../../ui/index.ts";
import type { Desk } from "../desk.ts";
import { sampleDigits } from "../samples.ts";
import { Answer, Says } from "../says.tsx";
import { type Bitmap, blank, enlarged, PAD_SIDE } from "./bitmap.ts";
import { digitImage } from "./image.ts";
import { Pad } from "./pad.tsx";

export interface DigitPanelProps {
  readonly desk: Desk;
  readonly facts: ModelFacts;
  readonly picture: PictureFacts;
}

/** MNIST's. */
const SAMPLE_SIDE = 28;

export function DigitPanel({ desk, facts, picture }: DigitPanelProps) {
  const drawn = desk.drawn.value;
  const { image } = drawn;
  const samples = useSamples();
  const tried = desk.tried.value?.tried;
  const see = (bitmap: Bitmap, image: Float32Array | undefined): void => {
    desk.drawn.value = { bitmap, image, version: drawn.version + 1 };
    desk.put(inputOf(image ?? new Float32Array(picture.side ** 2), facts, picture));
  };
  const draw = (bitmap: Bitmap): void => see(bitmap, digitImage(bitmap, PAD_SIDE, picture.side));
  const show = (sample: Float32Array): void => {
    const bitmap = enlarged(sample, SAMPLE_SIDE);
    // An image of the set itself is shown to the network as it is.
    see(bitmap, picture.side === SAMPLE_SIDE ? sample : digitImage(bitmap, PAD_SIDE, picture.side));
  };
  const clear = (): void => see(blank(), undefined);
  return (
    <section class="card digit" aria-labelledby="digit-title">
      <div class="heading">
        <h2 id="digit-title">
          Draw a digit <span class="term">input</span>
        </h2>
        {/* Where the answer would be off the screen while one draws. */}
        <p class="glance" aria-hidden="true">
          {image !== undefined && tried !== undefined && <Answer facts={facts} tried={tried} />}
        </p>
      </div>
      <div class="trial">
        <div class="drawing">
          <Pad bitmap={drawn.bitmap} version={drawn.version} onDraw={draw} onClear={clear} />
          <div class="buttons">
            <button type="button" onClick={clear}>
              Clear
            </button>
            <span class="hint">Mouse, finger or pen; or with the arrow keys, where space puts the pen down.</span>
          </div>
          <Samples samples={samples} show={show} />
          {picture.side !== SAMPLE_SIDE && (
            <p class="hint">
              How the images that this model learned were prepared is known only roughly, so it may misread what a
              person reads well.
            </p>
          )}
        </div>
        <Says desk={desk} facts={facts} {...(image === undefined ? { quiet: "Draw something" } : {})} />
        <Sees desk={desk} picture={picture} image={image} />
      </div>
    </section>
  );
}

/** Undefined until they are fetched. */
type SampleDigits = readonly Float32Array[] | "lost" | undefined;

function useSamples(): SampleDigits {
  const [samples, setSamples] = useState<SampleDigits>(undefined);
  useEffect(() => {
    let current = true;
    const settle = (found: SampleDigits): void => {
      if (current) setSamples(found);
    };
    sampleDigits().then(settle, () => settle("lost"));
    return () => {
      current = false;
    };
  }, []);
  return samples;
}

/** What goes into the network for ink from 0 to 1. */
function inputOf(image: Float32Array, { kind, columns }: ModelFacts, { pixels, ink }: PictureFacts): RowInput {
  const at = (input: number): number => ink * (image[pixels?.[input] ?? input] as number);
  if (kind === "network") return { values: image.map((_, input) => at(input)) };
  return { cells: Object.fromEntries(columns.map(({ name }, input) => [name, String(Math.round(at(input)))])) };
}

/** Numbers of the network's inputs at their pixels. */
function placed(values: Float32Array, { side, pixels }: PictureFacts): Float32Array {
  if (pixels === undefined) return values;
  const all = new Float32Array(side * side);
  pixels.forEach((pixel, input) => {
    all[pixel] = values[input] as number;
  });
  return all;
}

interface SeesProps {
  readonly desk: Desk;
  readonly picture: PictureFacts;
  readonly image: Float32Array | undefined;
}

function Sees({ desk, picture, image }: SeesProps) {
  const [speaking, setSpeaking] = useState(false);
  const tried: Tried | undefined = desk.tried.value?.tried;
  const colours = palette.value;
  const { side } = picture;
  const slopes = speaking && image !== undefined ? tried?.slopes : undefined;
  const draw = useCallback(
    (canvas: HTMLCanvasElement) =>
      paintInk(
        canvas,
        side,
        image ?? new Float32Array(side * side),
        colours,
        slopes === undefined ? undefined : placed(slopes, picture),
      ),
    [side, image, colours, slopes, picture],
  );
  return (
    <div class="sees">
      <h3>
        What it gets{" "}
        <span class="term">
          {side} × {side} pixels
        </span>
      </h3>
      <Canvas
        class="cells"
        draw={draw}
        label={`The drawing as the network gets it: ${side} × ${side} pixels${slopes === undefined ? "" : ", over which of them speak for the answer"}.`}
      />
      <label class="tick">
        <input
          type="checkbox"
          checked={speaking}
          onChange={({ currentTarget }) => setSpeaking(currentTarget.checked)}
        />{" "}
        Which pixels speak for the answer <span class="term">∂ output / ∂ pixel</span>
      </label>
      {speaking && (
        <p class="hint">
          More ink where it is <span class="positive">blue</span> makes it surer of its answer, where it is{" "}
          <span class="negative">orange</span> less sure.
        </p>
      )}
    </div>
  );
}

interface SamplesProps {
  readonly samples: SampleDigits;
  readonly show: (sample: Float32Array) => void;
}

function Samples({ samples, show }: SamplesProps) {
  const colours = palette.value;
  const painters = useRef(new Map<string, (canvas: HTMLCanvasElement) => void>());
  const painter = (digit: number, sample: Float32Array) => {
    const key = `${digit} ${colours.ink}`;
    const known =
      painters.current.get(key) ?? ((canvas: HTMLCanvasElement) => paintInk(canvas, SAMPLE_SIDE, sample, colours));
    painters.current.set(key, known);
    return known;
  };
  return (
    <fieldset class="samples">
      <legend>
        Or take one that somebody wrote <span class="term">test images of MNIST</span>
      </legend>
      {samples === "lost" && (
        <p class="problem" role="alert">
          These could not be fetched. Load the page again.
        </p>
      )}
      {Array.isArray(samples) &&
        samples.map((sample, digit) => (
          <button key={digit} type="button" aria-label={`Written ${digit}`} onClick={() => show(sample)}>
            <Canvas class="thumb" draw={painter(digit, sample)} />
          </button>
        ))}
    </fieldset>
  );
}
