import type { ViewName, Views } from "../snapshot.ts";
import type { Trainer } from "../trainer.ts";

/** Prepares what a view needs of a training once, and gives what shows it whenever it is asked for. */
export type View<K extends ViewName> = (trainer: Trainer) => (asked: Views[K]["asked"]) => Views[K]["seen"];
