/**
 * Operations composed of primitives: they need no rules of their own, neither for derivatives nor for compilation.
 * Importing this file gives tensors their methods.
 */
import "./arithmetic.ts";
import "./one-hot.ts";
import "./statistics.ts";

export * as random from "./random.ts";
