/** The messages between the page and the worker. The page asks, and each question has one answer: nothing piles up. */
import type { OwnTable, Point, State } from "../state/index.ts";
import type { WeightCheck, WeightPlace, WholeCheck } from "./checks.ts";
import type { FlowTrace } from "./flow/trace.ts";
import type { BooleanNetwork, Descent, DescentAsked, SpreadAsked, Towers } from "./ideas.ts";
import type { Case, ModelFacts, Pass, RowInput, Tried, WeightFacts } from "./model/types.ts";
import type { Advance, RaceSnapshot, RaceWanted, Snapshot, Wanted } from "./snapshot.ts";

/** What can be asked, and how it is answered. Each group has its file in `services/`. */
export interface Questions {
  /** Begin anew with a state. */
  load: {
    asked: { readonly state: State; readonly wanted: Wanted };
    answer: {
      readonly snapshot: Snapshot;
      readonly training: readonly Point[];
      readonly test: readonly Point[];
      /** The place of each of these points in the data set; −1 for those that were added. */
      readonly rows: { readonly training: readonly number[]; readonly test: readonly number[] };
    };
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
  /** Back-propagation of a training example, from 0, or of the batch of the next step, with the present weights. */
  flow: {
    asked: { readonly example: number | "batch" };
    /** And the places of the training points that it is of. */
    answer: { readonly trace: FlowTrace; readonly rows: Int32Array };
  };
  /** Read a visitor's CSV: a text, or the bytes of a file. */
  readTable: { asked: { readonly name: string; readonly content: string | ArrayBuffer }; answer: OwnTable };
  /** Check the derivative by one weight against differences. */
  check: { asked: WeightPlace; answer: WeightCheck };
  /** Check all, some at a time: from the beginning, at the present weights, or on from where the last answer ended. */
  checkAll: { asked: { readonly begin: boolean }; answer: WholeCheck };
  /** The run up to where it is, as TypeScript code. */
  program: { asked: true; answer: string };
  /** The present network as a model file. */
  modelFile: { asked: true; answer: Uint8Array<ArrayBuffer> };
  /** What the network says over the plane, [outputs, side²], for pictures that are finer than the page's. */
  fineSurface: { asked: { readonly side: number }; answer: Float32Array };
  /** Open the bytes of a model file, in place of the one that was open. */
  openModel: { asked: { readonly bytes: Uint8Array; readonly name: string }; answer: ModelFacts };
  /** One row through it. `model` is the id of its facts. */
  tryModel: { asked: { readonly model: number; readonly input: RowInput }; answer: Tried };
  /** The cells, or numbers, of a row that is written as in a CSV file. */
  modelRow: { asked: { readonly model: number; readonly text: string }; answer: RowInput };
  /** A row on its way through it, forward and backward. */
  modelFlow: { asked: { readonly model: number; readonly case: Case }; answer: FlowTrace };
  /** Every number of that, layer by layer. */
  modelPass: { asked: { readonly model: number; readonly case: Case }; answer: Pass };
  /** The numbers of a parameter; of a case, the gradient of its loss. */
  modelWeights: {
    asked: { readonly model: number; readonly name: string; readonly case?: Case | undefined };
    answer: WeightFacts;
  };
  /** Begin a race anew; the answer has the points that all lanes learn from, too. */
  race: {
    asked: { readonly state: State; readonly wanted: RaceWanted };
    answer: RaceSnapshot & { readonly points: readonly Point[] };
  };
  /** Let all lanes of the race train on, and show; without `advance` only show. */
  advanceRace: { asked: { readonly advance?: Advance; readonly wanted: RaceWanted }; answer: RaceSnapshot };
  /** Perceptrons that compute a truth table. */
  boolean: { asked: { readonly table: readonly number[] }; answer: BooleanNetwork };
  /** Sigmoid towers that approximate a function on [0, 1], given by its heights at equal distances. */
  towers: { asked: { readonly heights: readonly number[]; readonly towers: number }; answer: Towers };
  /** Ways down a hill of two weights. */
  descent: { asked: DescentAsked; answer: Descent };
  /** What a network says on a line that was trained on one draw of noisy examples. */
  spread: { asked: SpreadAsked; answer: { readonly curve: Float32Array } };
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
