/** Views of a program's buffers in its memory. */
import type { Buffer } from "../../loop/ir.ts";
import type { TypedArray } from "../../tensor/dtype.ts";

/** What gives the view of each buffer by its number. */
export function viewsOf(memory: WebAssembly.Memory, buffers: readonly Buffer[]): (buffer: number) => TypedArray {
  const views: TypedArray[] = [];
  for (const buffer of buffers) views[buffer.id] = viewOf(memory, buffer);
  return (id) => {
    const view = views[id];
    if (!view) throw new RangeError(`the program has no buffer ${id}; it has ${Object.keys(views).join(", ")}`);
    return view;
  };
}

function viewOf({ buffer }: WebAssembly.Memory, { dtype, offset, length }: Buffer): TypedArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer, offset, length);
    case "float64":
      return new Float64Array(buffer, offset, length);
    case "int32":
      return new Int32Array(buffer, offset, length);
    case "bool":
      return new Uint8Array(buffer, offset, length);
  }
}
