/** The messages between the page and the worker. The page asks, and each question has one answer: nothing piles up. */
import type { Point, State } from "../state/index.ts";
import type { Advance, RaceSnapshot, RaceWanted, Snapshot, Wanted } from "./snapshot.ts";

/** What can be asked, and how it is answered. Each group has its file in `services/`. */
export interface Questions {
  /** Begin anew with a state. */
  load: {
    asked: { readonly state: State; readonly wanted: Wanted };
    answer: { readonly snapshot: Snapshot; readonly training: readonly Point[]; readonly test: readonly Point[] };
  };
  /** Set a weight of layer `layer` (0 is the first hidden one); from −1 is the bias. */
  weight: {
    asked: {
      readonly layer: number;
      readonly from: number;
      readonly to: number;
      readonly value: number;
      readonly wanted: Wanted;
    };
    answer: Snapshot;
  };
  /** Train on, and show; without `advance` only show. */
  advance: { asked: { readonly advance?: Advance; readonly wanted: Wanted }; answer: Snapshot };
  /** Begin a race anew. */
  race: { asked: { readonly state: State; readonly wanted: RaceWanted }; answer: RaceSnapshot };
  /** Let all lanes of the race train on, and show; without `advance` only show. */
  advanceRace: { asked: { readonly advance?: Advance; readonly wanted: RaceWanted }; answer: RaceSnapshot };
}

export type Kind = keyof Questions;
export type Asked<K extends Kind> = Questions[K]["asked"];
export type Answer<K extends Kind> = Questions[K]["answer"];
export type Request<K extends Kind = Kind> = { readonly [P in K]: { readonly kind: P; readonly asked: Asked<P> } }[K];
export type Reply<K extends Kind = Kind> =
  | { readonly answer: Answer<K>; readonly reason?: undefined }
  /** Something the visitor can mend, in words. */
  | { readonly answer?: undefined; readonly reason: string };

/** How a group of questions is answered. @throws Refusal with what the visitor can mend */
export type Service<K extends Kind> = { readonly [P in K]: (asked: Asked<P>) => Answer<P> | Promise<Answer<P>> };
