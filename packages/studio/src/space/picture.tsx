/** The plane between two stages, with its axes. */
import { useCallback, useMemo, useRef } from "preact/hooks";
import { palette } from "../draw/index.ts";
import type { Space } from "../engine/index.ts";
import { axesAt, axesOf, columnOf, isRegression, lastStage, rounded, type State } from "../state/index.ts";
import { type Shown, type Store, useView } from "../store/index.ts";
import { Canvas } from "../ui/index.ts";
import { type Box, between, boxOf, placeIn, placesBetween } from "./boxes.ts";
import { cutLines, type Line } from "./cut.ts";
import { type Picture, paintSpace, strokesOf } from "./paint.ts";
import type { Stage } from "./stages.ts";

export interface SpacePictureProps {
  readonly store: Store;
  readonly stages: readonly Stage[];
  /** Where between the stages. */
  readonly at: number;
}

export function SpacePicture({ store, stages, at }: SpacePictureProps) {
  const [state, shown] = [store.state.value, store.shown.value];
  const seen = useView(store, "space", axesOf(state));
  const colours = palette.value;
  const boxes = useBoxes(seen, stages, store.playing.value);
  const values = isRegression(state);
  const strokes = useMemo(
    () => (seen === undefined ? [] : strokesOf(seen.outputs, colours, values)),
    [seen, colours, values],
  );
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const content = contentOf(state, shown, seen, boxes, at);
      if (content !== undefined) paintSpace(canvas, { ...content, strokes }, colours);
    },
    [state, shown, seen, boxes, at, strokes, colours],
  );
  const stage = Math.round(at);
  const column = columnOf(stage);
  const { units, name } = stages[stage] as Stage;
  const [across, up] = axesAt(state, column);
  const single = units.length === 1;
  const box = boxes[stage];
  return (
    <div class="plane">
      {single ? (
        <p class="axis up">
          <span /> spread by y, to be seen <span />
        </p>
      ) : (
        <AxisEnds class="axis up" name={units[up]} middle={box?.up} half={box?.halfUp} />
      )}
      <div class="picture still">
        <Canvas class="points" draw={draw} label={describe(name, units, across, up, shown)} />
      </div>
      <AxisEnds class="axis across" name={units[across]} middle={box?.across} half={box?.halfAcross} />
    </div>
  );
}

interface AxisEndsProps {
  readonly class: string;
  readonly name: string | undefined;
  readonly middle: number | undefined;
  readonly half: number | undefined;
}

function AxisEnds({ class: look, name, middle = 0, half = 0 }: AxisEndsProps) {
  return (
    <p class={look}>
      <span>{rounded(middle - half, 2)}</span> <span>{name}</span> <span>{rounded(middle + half, 2)}</span>
    </p>
  );
}

function describe(
  name: string,
  units: readonly string[],
  across: number,
  up: number,
  shown: Shown | undefined,
): string {
  const axes = units.length === 1 ? `along ${units[0]}` : `${units[across]} across and ${units[up]} up`;
  return `${name}: the grid of the plane and ${shown?.training.length ?? 0} training points, ${axes}.`;
}

/** The boxes of all stages. While training they follow what they hold little by little, so that the picture is calm. */
function useBoxes(seen: Space | undefined, stages: readonly Stage[], playing: boolean): readonly Box[] {
  const before = useRef<readonly Box[]>([]);
  const names = stages.map(({ units }) => units.join()).join(";");
  const shape = useRef(names);
  return useMemo(() => {
    if (seen === undefined || seen.stages.length !== stages.length) return before.current;
    const calm = playing && shape.current === names && before.current.length === stages.length;
    shape.current = names;
    before.current = seen.stages.map((plane, i) => {
      const box = boxOf(plane, stages[i]?.units.length === 1);
      return calm ? between(before.current[i] as Box, box, 0.15) : box;
    });
    return before.current;
  }, [seen, names, playing]);
}

const ORIGIN = new Float32Array(2);

/** What is to be painted; undefined while a new network's picture is not there yet. */
function contentOf(
  state: State,
  shown: Shown | undefined,
  seen: Space | undefined,
  boxes: readonly Box[],
  at: number,
): Omit<Picture, "strokes"> | undefined {
  const last = lastStage(state);
  const from = Math.min(Math.floor(at), last - 1);
  const [one, other, oneBox, otherBox] = [seen?.stages[from], seen?.stages[from + 1], boxes[from], boxes[from + 1]];
  if (seen === undefined || shown === undefined || seen.stages.length !== last + 1) return undefined;
  if (one === undefined || other === undefined || oneBox === undefined || otherBox === undefined) return undefined;
  const share = at - from;
  // The output layer cuts the stage before it; of the outputs, the larger decides.
  const cutHere = Math.abs(at - (last - 1)) < Math.abs(at - last);
  const box = boxes[cutHere ? last - 1 : last] as Box;
  const single = seen.cut.length === 3;
  const lines = cutLines(cutHere ? seen.cut : single ? [1, 0, 0] : [1, 0, 0, 0, 1, 0], box);
  return {
    places: placesBetween(one, oneBox, other, otherBox, share),
    zero: placesBetween(ORIGIN, oneBox, ORIGIN, otherBox, share),
    training: shown.training,
    test: state.showTest === "yes" ? shown.test : [],
    values: isRegression(state),
    lines: lines.map((line): Line => [placeIn(box, ...line[0]), placeIn(box, ...line[1])]),
    visible: Math.max(0, 1 - 2.5 * Math.abs(at - (cutHere ? last - 1 : last))),
  };
}
