/** What `explain` prints. */
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/check/index.ts";
import { Box, compile, type Tensor, tensor, whileLoop } from "../../../src/index.ts";

const w = new Box(tensor([1, 2, 3]));
const step = (target: "js" | "wasm") =>
  compile(
    (x: Tensor) => {
      const y = w.value.mul(x);
      w.value = w.value.sub(y.mul(0.5));
      return y.sum();
    },
    { target },
  ).program(tensor([1, 1, 1]));

const section = (text: string, title: string): string => {
  const start = text.indexOf(title);
  expect(start).toBeGreaterThanOrEqual(0);
  return text.slice(start).split("\n\n")[0] as string;
};

describe.each(["js", "wasm"] as const)("explain on %s", (target) => {
  const text = explain(step(target), { measure: false });

  it("prints the graph", () => {
    expect(section(text, "Graph")).toMatchInlineSnapshot(`
      "Graph
      ─────
      (a: float32[3], b: float32[3]) =>
        c: float32[3] = mul(b, a)
        d: float32[] = constant() value=0.5 dtype=float32
        e: float32[3] = broadcast(d) shape=[3]
        f: float32[3] = mul(c, e)
        g: float32[3] = sub(b, f)
        h: float32[] = sum(c) axes=[0]
        return h, g"
    `);
  });

  it("prints the kernels with their FLOPs and bytes", () => {
    // sub: w·x, its half and the difference for each of 3 elements, which load w and x and store the new w: 3·12 bytes.
    // sum: a product and an addition for each. The old w is still read then, so the new one is copied over it at the end.
    expect(section(text, "Kernels")).toMatchInlineSnapshot(`
      "Kernels (3)
      ───────────
      #  kernel  FLOPs  bytes
      0  sub         9     36
      1  sum         6     28
      2  copy 3      0     24"
    `);
  });

  it("prints the arena with the place of every buffer", () => {
    expect(section(text, "Arena")).toMatchInlineSnapshot(`
      "Arena (256 bytes)
      ─────────────────
      buffer  offset  bytes  type        role       name
      b0           0     12  float32[3]  input      input 0
      b1          64     12  float32[3]  state      state 0
      b2         128      4  float32[1]  output     output 0
      b3         192     12  float32[3]  temporary  sub"
    `);
  });
});

describe("the code of explain", () => {
  it("is the loop IR on the interpreter", () => {
    expect(section(explain(step("js"), { measure: false }), "Code (js)")).toMatchInlineSnapshot(`
      "Code (js)
      ─────────
      program (b0, b1) -> (b2, b1), arena of 256 bytes
        b0 input input 0: float32[3] at 0
        b1 state state 0: float32[3] at 64
        b2 output output 0: float32[1] at 128
        b3 temporary sub: float32[3] at 192
      kernel sub (b0: float32[3], b1: float32[3]) -> (b3: float32[3])
        for i in 0..3
          let t0: float32 = b1[i]
          b3[i] = t0 - t0*b0[i]*0.5
      kernel sum (b0: float32[3], b1: float32[3]) -> (b2: float32[1])
        let sum: float32 = 0.0
        for r0 in 0..3
          sum += b1[r0]*b0[r0]
        b2[0] = sum
      kernel copy 3 (b3: float32[3]) -> (b1: float32[3])
        for i in 0..3
          b1[i] = b3[i]"
    `);
  });

  it("is WebAssembly text on WebAssembly", () => {
    const code = explain(step("wasm"), { measure: false }).split("Code (wasm)")[1];
    expect(code).toContain("(module");
    expect(code).toContain(";; b0");
  });
});

it("explains loops: the kernels of their bodies are listed", () => {
  const program = compile((x: Tensor) =>
    whileLoop(
      (a: Tensor) => a.sum().less(9),
      (a: Tensor) => a.exp(),
      x,
    ),
  ).program(tensor([1, 2]));
  // The start; a sum of 2 and a comparison each time, then the exponentials of 2.
  expect(section(explain(program, { measure: false }), "Kernels")).toMatchInlineSnapshot(`
    "Kernels (4)
    ───────────
    #  kernel  FLOPs  bytes
    0  copy 2      0     16
       while
    1    sum       2     12
    2    less      1      5
       do
    3    exp      16     16"
  `);
});

it("measures unless it is told not to", () => {
  const program = step("wasm");
  expect(section(explain(program), "Kernels (3)")).toMatch(
    /^# +kernel +FLOPs +bytes +µs +warm +time .*\n0 +sub +9 +36 +\d/m,
  );
  expect(explain(program, {})).toContain("whole run");
  expect(explain(program, { measure: false })).not.toContain("whole run");
});

it("refuses what is no program, options that do not exist, and values that they cannot have", () => {
  const program = step("js");
  expect(() => explain(program, { mesure: false } as object)).toThrow(
    'explain: unknown option "mesure"; there are measure.',
  );
  expect(() => explain(compile((x: Tensor) => x) as never)).toThrow(
    "explain: takes a model, such as sequential(…) or a class that extends Module, or a compiled program, from compile(f).program(...args) or trainStep(…).program(batch); it is the function compiled.",
  );
  expect(() => explain(program, { measure: 0 } as object)).toThrow("explain: measure is true or false, not 0.");
});
