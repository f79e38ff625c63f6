/** Answers of the engine that holds the model. */
import type { Asked, Kind, Reply } from "../engine/index.ts";
import { useLatest } from "../ui/index.ts";
import type { Desk } from "./desk.ts";

/** @returns the latest reply; undefined before the first */
export const useReply = <K extends Kind>(
  desk: Desk,
  kind: K,
  asked: (Asked<K> & object) | undefined,
): Reply<K> | undefined => useLatest((of: Asked<K> & object) => desk.engine.ask(kind, of), asked)?.reply;
