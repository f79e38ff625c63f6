/** A plane through the space of weights, and the part of it that is looked at. */
import type { PlaneWish } from "../snapshot.ts";
import { axis, principal } from "./directions.ts";
import { along, dot, type Vector } from "./vectors.ts";

/** All places origin + a·first + b·second; the directions are orthogonal. */
export interface Plane {
  readonly origin: Vector;
  readonly first: Vector;
  readonly second: Vector;
}

/** The part of a plane within centre ± half, along both directions. */
export interface Frame {
  readonly centre: readonly [a: number, b: number];
  readonly half: number;
}

/** The plane of two weights, whose values are the coordinates; the others are as in `place`. */
export function alongWeights(place: ArrayLike<number>, first: number, second: number): Plane {
  const origin = Float64Array.from(place, (weight, i) => (i === first || i === second ? 0 : weight));
  return { origin, first: axis(origin.length, first), second: axis(origin.length, second) };
}

/**
 * The plane through a place in which others lie farthest from it. The first of them is its origin, or the foot of its
 * perpendicular.
 *
 * @param before directions that these turn towards, so that a picture does not flip
 */
export function alongPath(places: readonly ArrayLike<number>[], place: ArrayLike<number>, before?: Plane): Plane {
  const start = along(places[0] ?? place, -1, place);
  const [first, second] = principal(places, place);
  const origin = along(along(place, dot(start, first), first), dot(start, second), second);
  const turned = (direction: Vector, towards: ArrayLike<number>): Vector =>
    dot(direction, towards) < 0 ? direction.map((value) => -value) : direction;
  return { origin, first: turned(first, before?.first ?? place), second: turned(second, before?.second ?? place) };
}

export const atRandom = (place: ArrayLike<number>, [first, second]: readonly [Vector, Vector]): Plane => ({
  origin: Float64Array.from(place),
  first,
  second,
});

/** Where the feet of perpendiculars from places to the plane are: a and b of each in turn. */
export function placesOf({ origin, first, second }: Plane, places: readonly ArrayLike<number>[]): Float32Array {
  const across = [first, second].map((direction) => ({
    direction,
    from: dot(origin, direction),
    square: dot(direction, direction),
  }));
  return Float32Array.from(
    places.flatMap((place) => across.map(({ direction, from, square }) => (dot(place, direction) - from) / square)),
  );
}

/** Which share of the distances of places from the first of them lies in the plane: 1 if all does, by sums of squares. */
export function shareInPlane(plane: Plane, places: readonly ArrayLike<number>[]): number {
  const start = places[0] ?? plane.origin;
  const [first, second] = [dot(plane.first, plane.first), dot(plane.second, plane.second)];
  const seen = placesOf({ ...plane, origin: Float64Array.from(start) }, places);
  const inside = seen.reduce((sum, value, i) => sum + value * value * (i % 2 === 0 ? first : second), 0);
  let all = 0;
  for (const place of places) {
    for (let i = 0; i < place.length; i++) all += ((place[i] as number) - (start[i] as number)) ** 2;
  }
  return all === 0 ? 1 : Math.min(1, inside / all);
}

/** The least that is looked at to either side: about a weight's own size. */
export const LEAST: Readonly<Record<PlaneWish["kind"], number>> = { path: 0.25, weights: 1, random: 1 };

/**
 * A square that holds points with some room around them, and is at least so large.
 *
 * @param points a and b of each in turn
 */
export function framed(points: Float32Array, least: number): Frame {
  const range = (at: 0 | 1): readonly [number, number] => {
    const values = points.filter((_, i) => i % 2 === at);
    return [
      values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    ];
  };
  const [[left, right], [bottom, top]] = [range(0), range(1)];
  const half = Math.max(least, 0.7 * Math.max(right - left, top - bottom));
  // In steps, so that the picture stands still while a path grows a little.
  const stepped = 2 ** (Math.ceil(2 * Math.log2(half) - 1e-9) / 2);
  const middle = (from: number, to: number): number => (Math.round((2 * (from + to)) / stepped) / 4) * stepped;
  return { centre: [middle(left, right), middle(bottom, top)], half: stepped };
}
