import { expect, it } from "vitest";
import { Host } from "../../src/engine/host.ts";
import { Desk } from "../../src/model/desk.ts";
import { sample } from "../support/asker.ts";

const file = (name: string, bytes: Uint8Array): File => new File([new Uint8Array(bytes)], name);
const BAD = file("bad.safetensors", new TextEncoder().encode("not a model at all"));

/** A desk with an engine in Node, that answers question after question. @param asked told of each before its answer */
function newDesk(asked: (kind: string) => void): Desk {
  const host = new Host();
  let last: Promise<unknown> = Promise.resolve();
  return new Desk(() => ({
    ask: (request) => {
      asked(request.kind);
      const reply = last.then(() => host.handle(request));
      last = reply;
      return reply;
    },
    stop: () => undefined,
  }));
}

it("goes on with the model that the engine holds, where the file that was chosen after it is refused", async () => {
  let heard = (_kind: string): void => undefined;
  const desk = newDesk((kind) => heard(kind));
  await desk.openFile(file("iris.safetensors", sample("iris.safetensors")));
  const first = desk.facts.value?.id;
  const onItsWay = new Promise<void>((resolve) => {
    heard = (kind) => {
      if (kind === "openModel") resolve();
    };
  });
  const second = desk.openFile(file("digits.safetensors", sample("digits.safetensors")));
  await onItsWay;
  expect(desk.facts.value?.id).toBe(first);
  await Promise.all([second, desk.openFile(BAD)]);
  expect(desk.problem.value).toContain("is not a valid safetensors file");
  expect(desk.opening.value).toBeUndefined();
  const { id, picture } = desk.facts.value ?? {};
  expect(picture).toBeDefined();
  const values = new Float32Array(28 * 28);
  const { reason } = await desk.engine.ask("tryModel", { model: id as number, input: { values } });
  expect(reason ?? "").not.toContain("Another model");
});
