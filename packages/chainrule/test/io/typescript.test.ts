/** Exported code runs on its own, by Node, in an empty folder. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile, type Tensor, tensor } from "chainrule";
import { exportTypeScript } from "chainrule/io";
import {
  batchNorm,
  dense,
  dropout,
  gelu,
  initialize,
  layerNorm,
  Module,
  sequential,
  softmax,
  tanh,
} from "chainrule/nn";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "chainrule-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function imported(code: string): Promise<{ forward(input: ArrayLike<number>): Float32Array }> {
  const file = join(folder, `model${count++}.ts`);
  writeFileSync(file, code);
  return await import(/* @vite-ignore */ pathToFileURL(file).href);
}

class Residual extends Module {
  inner = dense(6, 6);
  forward(x: Tensor): Tensor {
    return x.add(tanh(this.inner(x)));
  }
}

const input = [0.5, -1.25, 3, 0];

test("any network: the interpreter's bits, and WebAssembly's numbers", async () => {
  const model = sequential(
    dense(4, 6),
    batchNorm(6),
    gelu,
    dropout(0.5),
    new Residual(),
    layerNorm(6),
    dense(6, 3),
    softmax,
  );
  initialize(model, { seed: 3 });
  const { forward } = await imported(exportTypeScript(model, [1, 4]));
  const outputs = [...forward(input)];
  const [exact, quick] = (["js", "wasm"] as const).map((target) => [
    ...compile(model, { target })(tensor([input])).dataSync(),
  ]);
  expect(outputs).toEqual(exact);
  outputs.forEach((y, i) => {
    expect(y).toBeCloseTo(quick?.[i] as number, 6);
  });
  // Nothing is left from one call to the next.
  expect([...forward(input)]).toEqual(exact);
});

test("several examples at once", async () => {
  const model = dense(2, 1);
  initialize(model, { seed: 1 });
  const { forward } = await imported(exportTypeScript(model, [3, 2]));
  expect([...forward([1, 2, 3, 4, 5, 6])]).toEqual([
    ...compile(model, { target: "js" })(
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ).dataSync(),
  ]);
});

test("imports nothing", () => {
  expect(exportTypeScript(dense(2, 1), [1, 2])).not.toMatch(/\bimport\b|\brequire\b/);
});

test.each([
  [() => exportTypeScript({} as never, [1, 2]), "exportTypeScript: takes a model, not an object."],
  [
    () => exportTypeScript(dense(2, 1), 2 as never),
    "exportTypeScript: the input shape must be an array such as [1, 784]; it is 2.",
  ],
  [() => exportTypeScript(dense(2, 1), [1, 3]), "dense: the input has 3 features"],
])("refuses what it cannot print", (make, message) => {
  expect(make).toThrow(message);
});
