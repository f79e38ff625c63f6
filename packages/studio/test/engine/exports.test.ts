/** What is taken away from a training. */
import { type Tensor, tensor } from "chainrule";
import { loadModel, readModelFile } from "chainrule/io";
import type { Sequential } from "chainrule/nn";
import { expect, it } from "vitest";
import { Host } from "../../src/engine/host.ts";
import { SURFACE_SIDE } from "../../src/engine/index.ts";
import { change, INITIAL } from "../../src/state/index.ts";

it("gives the present network as a model file, and finer surfaces", async () => {
  const host = new Host();
  const state = change(INITIAL, { data: "xor", layers: [3], features: ["x", "xy"] });
  const loaded = await host.handle({ kind: "load", asked: { state, wanted: {} } });
  const advanced = await host.handle({ kind: "advance", asked: { advance: { epochs: 3 }, wanted: { surface: true } } });
  const { answer: bytes = new Uint8Array(0) } = await host.handle({ kind: "modelFile", asked: true });
  const model = (await loadModel(bytes)) as Sequential;
  // The points of the training, through the file's network and the page's.
  const [x, y] = loaded.answer?.training[0] ?? [0, 0];
  const said = (model(tensor([[x, x * y]])) as Tensor).itemSync();
  const seen = await host.handle({
    kind: "advance",
    asked: { wanted: { space: [[0, 1]] } },
  });
  const output = seen.answer?.views.space?.stages.at(-1) as Float32Array;
  expect(Math.min(...output.filter((_, i) => i % 2 === 0).map((value) => Math.abs(value - said)))).toBeLessThan(1e-5);
  expect((await readModelFile(bytes)).record).toEqual({
    made_by: "chainrule studio",
    state: "v=1&data=xor&features=x,xy&layers=3",
    inputs: ["x", "xy"],
    steps: 42,
  });
  const { answer: fine } = await host.handle({ kind: "fineSurface", asked: { side: SURFACE_SIDE } });
  const surface = advanced.answer?.views.surface as Float32Array;
  expect(fine).toHaveLength(SURFACE_SIDE ** 2);
  for (const [i, value] of surface.entries()) expect(fine?.[i]).toBeCloseTo(value, 5);
});
