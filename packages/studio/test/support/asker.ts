/** Asking the engine about model files, in Node. */
import { readFileSync } from "node:fs";
import { tensor } from "chainrule";
import { dense } from "chainrule/nn";
import { expect } from "vitest";
import { Host } from "../../src/engine/host.ts";
import type { Answer, Asked, Kind, ModelFacts, Request, RowInput } from "../../src/engine/index.ts";

/** A file that comes with the studio. */
export const sample = (name: string): Uint8Array => readFileSync(new URL(`../../models/${name}`, import.meta.url));

export class Asker {
  readonly #host = new Host();

  async try<K extends Kind>(kind: K, asked: Asked<K>) {
    return this.#host.handle<K>({ kind, asked } as Request<K>);
  }

  async ask<K extends Kind>(kind: K, asked: Asked<K>): Promise<Answer<K>> {
    const { answer, reason } = await this.try(kind, asked);
    expect(reason).toBeUndefined();
    return answer as Answer<K>;
  }

  open = (bytes: Uint8Array, name = "a file"): Promise<ModelFacts> => this.ask("openModel", { bytes, name });
  put = (model: number, input: RowInput) => this.ask("tryModel", { model, input });
}

/** A layer with these weights, a row for each input. */
export const weighted = (weight: number[][], bias: number[]) => {
  const layer = dense(weight.length, bias.length);
  layer.weight.value = tensor(weight);
  layer.bias!.value = tensor(bias);
  return layer;
};
