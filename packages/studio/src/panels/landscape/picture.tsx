/** A map of the loss, with paths on it, its axes and its scale. */
import { useCallback, useRef } from "preact/hooks";
import { type MapPath, paintLosses, paintPaths, palette, rangeOf } from "../../draw/index.ts";
import { LANDSCAPE_SIDE, type Landscape } from "../../engine/index.ts";
import { scientific } from "../../state/index.ts";
import { Canvas } from "../../ui/index.ts";

export interface LandscapePictureProps {
  /** Undefined before it is there. */
  readonly landscape: Landscape | undefined;
  readonly paths: readonly MapPath[];
  /** What a step to the right and one upwards change. */
  readonly axes: readonly [across: string, up: string];
  /** What a person who does not see it is told. */
  readonly label: string;
}

export function LandscapePicture({ landscape, paths, axes, label }: LandscapePictureProps) {
  const colours = palette.value;
  const cells = useRef<HTMLDivElement>(null);
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      // Twice the pixels of the page, for sharp edges on every screen.
      const side = 2 * (canvas.clientWidth || 320);
      canvas.width = side;
      canvas.height = side;
      const [context, under] = [canvas.getContext("2d"), cells.current?.querySelector("canvas")];
      if (context === null || under == null || landscape === undefined) return;
      paintLosses(under, context, LANDSCAPE_SIDE, landscape.losses, colours);
      paintPaths(context, landscape, paths, colours);
    },
    [landscape, paths, colours],
  );
  return (
    <div class="map">
      <div class="picture" ref={cells} data-testid="landscape">
        <Canvas class="cells" draw={nothing} label={label} />
        <Canvas class="points" draw={draw} />
      </div>
      {landscape !== undefined && <Scales landscape={landscape} axes={axes} />}
    </div>
  );
}

const nothing = (): void => {};

function Scales({
  landscape,
  axes,
}: Required<Pick<LandscapePictureProps, "axes">> & { readonly landscape: Landscape }) {
  const { centre, half, losses } = landscape;
  const [lowest, highest] = rangeOf(losses).map((loss) => scientific(loss));
  const from = (at: 0 | 1): string => `${scientific(centre[at] - half)} to ${scientific(centre[at] + half)}`;
  return (
    <div class="scales">
      <p class="scale">
        <span>
          {lowest} <span class="term">low</span>
        </span>
        <span class="ramp" />
        <span>
          {highest} <span class="term">high cost: loss, log scale</span>
        </span>
      </p>
      <p>
        <span aria-hidden="true">→ </span>
        {axes[0]} <span class="term">{from(0)}</span>
      </p>
      <p>
        <span aria-hidden="true">↑ </span>
        {axes[1]} <span class="term">{from(1)}</span>
      </p>
    </div>
  );
}
