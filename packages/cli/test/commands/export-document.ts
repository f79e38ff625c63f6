/**
 * A reader of the JSON that `chainrule export` writes, which knows nothing but what is written about it: no line of the library or
 * of the command is used. Cells are read simply, as the tables of the test have them.
 */

interface Layer {
  readonly type: string;
  readonly config: { readonly epsilon?: number; readonly length?: number };
  readonly layers?: Readonly<Record<string, Layer>>;
}

interface Column {
  readonly name: string;
  readonly kind: "number" | "date" | "boolean" | "category";
  readonly impute: { readonly value?: number | boolean | string };
  readonly indicator: boolean;
  readonly mean: number;
  readonly deviation: number;
  readonly cycles: readonly string[];
  readonly categories: readonly string[];
  readonly other: boolean;
}

interface Document {
  readonly columns: readonly Column[];
  readonly target: { readonly task: string; readonly mean: number; readonly deviation: number };
  readonly network: Layer;
  readonly weights: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>>;
}

/** Probabilities of the classes, or one value, for each row. */
export function predictionsOf(text: string, rows: readonly { readonly [name: string]: unknown }[]): number[][] {
  const document = JSON.parse(text) as Document;
  return rows.map((row) => {
    const x = document.columns.flatMap((column) => features(column, String(row[column.name] ?? "").trim()));
    return decoded(document.target, run(document, document.network, "", x));
  });
}

function features(column: Column, cell: string): number[] {
  const { kind, impute, indicator, mean, deviation, categories, other } = column;
  const missing = ["", "NA", "?"].includes(cell);
  const gap = indicator ? [missing ? 1 : 0] : [];
  if (kind === "category") {
    const known = categories.map((category) => (category === (missing ? impute.value : cell) ? 1 : 0));
    const isOther = !missing && !categories.includes(cell);
    return [...known, ...(other ? [isOther ? 1 : 0] : []), ...gap];
  }
  if (kind === "boolean") return [Number(missing ? impute.value : cell.toLowerCase() === "yes"), ...gap];
  const value = kind === "date" ? Date.parse(cell.length > 10 ? `${cell}Z` : cell) / 86_400_000 : Number(cell);
  const z = ((missing ? (impute.value as number) : value) - mean) / deviation;
  const bounded = Math.min(10, Math.max(-10, z));
  return [bounded, ...gap, ...(kind === "date" ? column.cycles.flatMap((cycle) => turn(cycle, missing, value)) : [])];
}

function turn(cycle: string, missing: boolean, days: number): number[] {
  const phase = (2 * Math.PI * days) / ({ year: 365.2425, week: 7, day: 1 }[cycle] as number);
  return missing ? [0, 0] : [Math.sin(phase), Math.cos(phase)];
}

function run({ weights }: Document, network: Layer, at: string, input: number[]): number[] {
  const apply = ({ type, config, layers = {} }: Layer, path: string, x: number[]): number[] => {
    const get = (name: string): readonly number[] => weights[path === "" ? name : `${path}.${name}`]?.values ?? [];
    switch (type) {
      case "sequential":
        return Array.from({ length: config.length as number }, (_, i) => String(i)).reduce(
          (y, key) => apply(layers[key] as Layer, path === "" ? key : `${path}.${key}`, y),
          x,
        );
      case "dense": {
        const [weight, bias] = [get("weight"), get("bias")];
        return bias.map((b, j) => x.reduce((sum, v, i) => sum + v * (weight[i * bias.length + j] as number), b));
      }
      case "batchNorm": {
        const [mean, variance, gamma, beta] = ["mean", "variance", "gamma", "beta"].map(get) as [
          readonly number[],
          readonly number[],
          readonly number[],
          readonly number[],
        ];
        const scale = (i: number): number =>
          (gamma[i] as number) / Math.sqrt((variance[i] as number) + (config.epsilon as number));
        return x.map((v, i) => (v - (mean[i] as number)) * scale(i) + (beta[i] as number));
      }
      case "relu":
        return x.map((v) => Math.max(0, v));
      case "tanh":
        return x.map(Math.tanh);
      case "dropout":
        return x;
      default:
        throw new Error(`no such layer: ${type}`);
    }
  };
  return apply(network, at, input);
}

function decoded({ task, mean, deviation }: Document["target"], z: readonly number[]): number[] {
  if (task === "regression") return [(z[0] as number) * deviation + mean];
  if (task === "binary") return [1 / (1 + Math.exp(z[0] as number)), 1 / (1 + Math.exp(-(z[0] as number)))];
  const powers = z.map((v) => Math.exp(v));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
