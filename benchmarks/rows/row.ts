/** What a row of the bench is. */
import type { Contenders } from "../contenders.ts";
import type { Pace } from "../measure.ts";
import type { RowResult } from "../report.ts";

export interface Context {
  readonly contenders: Contenders;
  readonly pace: Pace;
  readonly quick: boolean;
  /** For files; removed at the end. */
  readonly folder: string;
}

export interface Row {
  readonly name: string;
  readonly title: string;
  run(context: Context): Promise<Omit<RowResult, "name" | "title">>;
}
