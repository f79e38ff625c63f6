/** Files that are no models, and hostile ones. */
import { tensor } from "chainrule";
import { encode, saveModel } from "chainrule/io";
import { dense, params, relu, sequential } from "chainrule/nn";
import { describe, expect, it } from "vitest";
import { Asker, weighted } from "../support/asker.ts";

describe("what is no model", () => {
  const refusal = async (bytes: Uint8Array): Promise<string> => {
    const { answer, reason } = await new Asker().try("openModel", { bytes, name: "x" });
    expect(answer).toBeUndefined();
    return reason as string;
  };
  const metadata = (architecture: unknown, more: Record<string, string> = {}) => ({
    format: "chainrule",
    format_version: "1",
    architecture: typeof architecture === "string" ? architecture : JSON.stringify(architecture),
    record: "{}",
    ...more,
  });
  const none = tensor([0]);

  it("is refused with the library's reason", async () => {
    const good = await saveModel(dense(2, 1));
    const lying = good.slice();
    new DataView(lying.buffer).setBigUint64(0, 2n ** 60n, true);
    const dense2 = {
      type: "dense",
      config: { in: 1e9, out: 1e9, weightInit: { type: "zeros" }, biasInit: { type: "zeros" } },
    };
    const cases: [Uint8Array, string][] = [
      [new Uint8Array(), "It is empty, so it holds no model."],
      [new TextEncoder().encode("not a model at all"), "is not a valid safetensors file"],
      [good.slice(0, -3), "is truncated"],
      [lying, "claim a header of"],
      [encode({ a: none }), "is not a model file of Chainrule: its metadata have no format."],
      [encode({ a: none }, metadata("[".repeat(100_000))), "the architecture in its metadata is not a JSON object"],
      [
        encode({ a: none }, metadata({ type: "transformer<script>", config: {} })),
        'the type "transformer<script>", which is not registered',
      ],
      [encode({ a: none }, metadata(dense2)), "The file"],
      [encode({ a: none }, metadata({ type: "sequential", config: { length: 1e9 } })), "is a function of the program"],
      [encode({ a: none }, metadata({ type: "dense", config: {} }, { format_version: "99" })), "the format version 99"],
      [new Uint8Array(50_000_001), "It has 50 MB, and the studio opens files of up to 50 MB."],
    ];
    for (const [bytes, reason] of cases) {
      const told = await refusal(bytes);
      expect(told).toContain(reason);
      expect(told.length).toBeLessThanOrEqual(400);
    }
  });

  it("is refused where its description is deeper or longer than any model", async () => {
    let deep: object = { type: "relu", config: {} };
    for (let i = 0; i < 50; i++) deep = { type: "sequential", config: { length: 1 }, layers: { 0: deep } };
    expect(await refusal(encode({ a: none }, metadata(deep)))).toContain("more than 20 layers within each other");
    const layers = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [i, { type: "relu", config: {} }]));
    const long = { type: "sequential", config: { length: 600 }, layers };
    expect(await refusal(encode({ a: none }, metadata(long)))).toContain("more than 500 layers");
    // 50,000 layers within each other would overflow the stack of whatever walks them.
    const bomb = `${'{"type":"sequential","config":{"length":1},"layers":{"0":'.repeat(50_000)}{}${"}}".repeat(50_000)}`;
    expect(await refusal(encode({ a: none }, metadata(bomb)))).toContain("more than 20 layers within each other");
  });

  it("is refused where a page could not show it", async () => {
    expect(await refusal(await saveModel(dense(1, 1001)))).toBe(
      "It has 1,001 outputs, and the studio shows networks of up to 1,000.",
    );
    expect(await refusal(await saveModel(dense(100_001, 1)))).toBe(
      "It has 100,001 inputs, and the studio shows networks of up to 100,000.",
    );
    expect(await refusal(await saveModel(sequential(relu)))).toBe(
      "It has no parameters, so it cannot be told what it takes.",
    );
  });

  it("leaves open what was open", async () => {
    const asker = new Asker();
    const { id } = await asker.open(await saveModel(weighted([[3]], [1])));
    await asker.try("openModel", { bytes: new Uint8Array(9), name: "x" });
    expect([...(await asker.put(id, { values: Float32Array.of(2) })).values]).toEqual([7]);
    const other = await asker.open(await saveModel(weighted([[3]], [1])));
    expect((await asker.try("tryModel", { model: id, input: { values: Float32Array.of(2) } })).reason).toBe(
      "Another model was opened in the meantime.",
    );
    expect((await asker.try("modelWeights", { model: other.id, name: "toString" })).reason).toBe(
      "There is no such parameter.",
    );
    expect(Object.keys(params(dense(1, 1)))).toEqual(other.parameters.map(({ name }) => name));
  });
});
