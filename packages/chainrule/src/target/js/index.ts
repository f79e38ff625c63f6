/**
 * The interpreter of the loop IR. It defines what a program means and is the oracle of every other target, so it is
 * written to be plainly right, and it checks every index against its buffer as it runs.
 */

import type { Buffer, Program, Step } from "../../loop/ir.ts";
import type { DType, TypedArray } from "../../tensor/dtype.ts";
import type { Executable, Target } from "../target.ts";
import { type Action, Frame } from "./expression.ts";
import { compileBlock, sequence } from "./kernel.ts";

type Views = ReadonlyMap<number, TypedArray>;

/** The reference target: closures over one ArrayBuffer, no code generation. */
export const js: Target = {
  name: "js",
  settings: () => "interpreter",
  instantiate,
};

function instantiate(program: Program): Executable {
  const arena = new ArrayBuffer(program.arenaBytes);
  const views: Views = new Map(program.buffers.map((buffer) => [buffer.id, viewOf(arena, buffer)]));
  return { view: (buffer) => bufferView(views, buffer), run: compileSteps(program.steps, views) };
}

const VIEWS: Record<DType, new (arena: ArrayBuffer, offset: number, length: number) => TypedArray> = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
};

const viewOf = (arena: ArrayBuffer, { dtype, offset, length }: Buffer): TypedArray =>
  new VIEWS[dtype](arena, offset, length);

function bufferView(views: Views, buffer: number): TypedArray {
  const view = views.get(buffer);
  if (view === undefined) throw new RangeError(`the program has no buffer ${buffer}`);
  return view;
}

const compileSteps = (steps: readonly Step[], views: Views): Action =>
  sequence(steps.map((step) => compileStep(step, views)));

function compileStep(step: Step, views: Views): Action {
  switch (step.kind) {
    case "kernel":
      return compileBlock(step.kernel.body, new Frame(step.kernel.name, views));
    case "if": {
      const condition = bufferView(views, step.condition);
      const then = compileSteps(step.then, views);
      const otherwise = compileSteps(step.otherwise, views);
      return () => (condition[0] ? then() : otherwise());
    }
    case "while": {
      const condition = bufferView(views, step.condition);
      const test = compileSteps(step.test, views);
      const body = compileSteps(step.body, views);
      return () => {
        for (test(); condition[0]; test()) body();
      };
    }
    case "repeat": {
      const counter = bufferView(views, step.counter);
      const body = compileSteps(step.body, views);
      return () => {
        for (let i = 0; i < step.count; i++) {
          counter[0] = i;
          body();
        }
      };
    }
  }
}
