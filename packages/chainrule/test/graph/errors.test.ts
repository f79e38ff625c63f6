/** Which line of a stack trace is told. The traces are as V8 and as Firefox write them. */
import { describe, expect, it } from "vitest";
import { userLineIn } from "../../src/graph/errors.ts";

describe("the user's line", () => {
  it("is the innermost one outside the library, as V8 writes it", () => {
    const stack = [
      "Error",
      "    at userLine (file:///a%20b/node_modules/chainrule/dist/graph/errors.js:40:17)",
      "    at located (file:///a%20b/node_modules/chainrule/dist/graph/errors.js:26:41)",
      "    at Tensor.add (file:///a%20b/node_modules/chainrule/dist/ops/add.js:9:3)",
      "    at file:///a%20b/model.js:7:12",
      "    at main (file:///a%20b/main.js:2:1)",
    ];
    expect(userLineIn(stack.join("\n"))).toBe("/a b/model.js:7:12");
  });

  it("is found as Firefox writes it, and where a development server adds a query", () => {
    const stack = [
      "userLine@http://localhost:5173/src/graph/errors.ts?t=17:40:17",
      "add@http://localhost:5173/src/ops/add.ts:9:3",
      "f@http://localhost:5173/app/model.ts:7:12",
      "",
    ];
    expect(userLineIn(stack.join("\n"))).toBe("http://localhost:5173/app/model.ts:7:12");
  });

  it("is not told where a bundler has put the library and the user's code into one file", () => {
    const stack = [
      "Error",
      "    at xe (https://example.org/assets/index-Bx1.js:1:2100)",
      "    at Te (https://example.org/assets/index-Bx1.js:1:2300)",
      "    at https://example.org/assets/index-Bx1.js:1:99000",
    ];
    expect(userLineIn(stack.join("\n"))).toBeUndefined();
  });

  it("is not told where there is none", () => {
    expect(userLineIn("")).toBeUndefined();
    expect(userLineIn("Error\n    at userLine (file:///c/dist/graph/errors.js:40:17)")).toBeUndefined();
  });
});
