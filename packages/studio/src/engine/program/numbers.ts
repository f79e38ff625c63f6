/** Numbers as a program writes them. */

/** The shortest text that means a number of 32 bits to the last bit. */
export function float32(value: number): string {
  const exact = Math.fround(value);
  if (exact === 0) return Object.is(exact, -0) ? "-0" : "0";
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(exact.toPrecision(digits));
    if (Math.fround(short) === exact) return String(short);
  }
  // Nine digits tell any two of them apart: IEEE 754, 5.12.2.
  return String(Number(exact.toPrecision(9)));
}

/** Things between brackets, as many on a line as fit. */
export function list(items: readonly string[], indent: string): string {
  const flat = `[${items.join(", ")}]`;
  if (flat.length + indent.length <= 90) return flat;
  const lines: string[] = [];
  for (const item of items) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + item.length < 88 - indent.length)
      lines[lines.length - 1] = `${line} ${item},`;
    else lines.push(`${item},`);
  }
  return `[\n${lines.map((line) => `${indent}  ${line}\n`).join("")}${indent}]`;
}
