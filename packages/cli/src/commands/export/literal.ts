/** Values as TypeScript writes them. */

/** Of lines. */
export const WIDTH = 118;

type Value = string | number | boolean | undefined | readonly Value[] | { readonly [key: string]: Value };

/** A name as it stands in an interface or an object. */
export const keyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** A value on one line, or lists over several where they are long; what is undefined is left out. */
export function literal(value: Value, indent = ""): string {
  if (Array.isArray(value))
    return list(
      value.map((item: Value) => literal(item, `${indent}  `)),
      indent,
    );
  if (typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{ ${fields.map(([key, field]) => `${keyOf(key)}: ${literal(field, indent)}`).join(", ")} }`;
}

/** As many items on a line as fit. */
function list(items: readonly string[], indent: string): string {
  const line = `[${items.join(", ")}]`;
  if (line.length + indent.length <= WIDTH / 2) return line;
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const longer = `${last} ${item},`;
    if (last !== undefined && longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(`${indent}  ${item},`);
  }
  return `[\n${lines.join("\n")}\n${indent}]`;
}

/** A text inside of a comment. */
export const inComment = (text: string): string => text.replaceAll("*/", "*\\/");
