/** What happens in each step, in plain words. */
import type { Quantity } from "chainrule/check";
import type { Words } from "./trace.ts";

/** @param last the number of the output layer */
function layerName({ layer }: Quantity, last: number): string {
  if (layer === undefined) return "the network";
  return layer.number === last ? "the output layer" : `hidden layer ${layer.number}`;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What stands above the quantities of a layer. */
export function groupOf(quantity: Quantity, last: number): string {
  if (quantity.layer !== undefined) return capital(layerName(quantity, last)).replace("The o", "O");
  return { input: "Input", loss: "Loss" }[quantity.kind as string] ?? "";
}

const FIELD: Readonly<Record<string, string>> = { weight: "weights", bias: "biases" };

/** "weights of hidden layer 1" */
function parameterName(quantity: Quantity, last: number): string {
  const field = quantity.parameter?.split(".").at(-1) ?? "";
  return `${FIELD[field] ?? field} of ${layerName(quantity, last)}`;
}

/** What a quantity is. */
export function nodeWords(quantity: Quantity, last: number): Words {
  const { kind, text, isPrediction } = quantity;
  const layer = layerName(quantity, last);
  switch (kind) {
    case "input":
      return { plain: "What goes in", term: "input x" };
    case "target":
      return { plain: "What is wanted", term: "target y" };
    case "loss":
      return { plain: "What the mistake costs", term: "loss L" };
    case "parameter":
      return { plain: capital(parameterName(quantity, last)), term: `parameter ${text}` };
    case "preActivation":
      return { plain: `What ${layer} adds up`, term: isPrediction ? `output ${text}` : `pre-activation ${text}` };
    case "activation":
      return { plain: `What ${layer} answers`, term: `activation ${text}` };
    case "value":
      return { plain: "What is made between layers", term: text };
  }
}

export function forwardWords(quantity: Quantity, last: number): Words {
  const { kind, text, activations, layer } = quantity;
  const name = capital(layerName(quantity, last));
  if (kind === "loss") return { plain: "The mistake is priced", term: "loss L" };
  if (kind === "preActivation" && layer?.type === "dense")
    return { plain: `${name} weighs and adds up its inputs`, term: `pre-activation ${text}` };
  if (kind === "preActivation") return { plain: `${name} does its work`, term: `${layer?.type ?? "layer"}, ${text}` };
  if (kind === "activation") {
    return { plain: `${name} answers`, term: `activation function ${activations.map(({ type }) => type).join(", ")}` };
  }
  return { plain: "Results are put together", term: text };
}

export function backwardWords(quantity: Quantity, last: number): Words {
  const { kind, text, isPrediction } = quantity;
  const layer = layerName(quantity, last);
  if (kind === "loss") return { plain: "The way back begins at the loss", term: "∂L/∂L = 1" };
  if (kind === "input") return { plain: "How the input would change the loss", term: "gradient ∂L/∂x" };
  if (kind === "parameter")
    return { plain: `How the ${parameterName(quantity, last)} change the loss`, term: `gradient ∂L/∂${text}` };
  if (isPrediction) return { plain: "How the output changes the loss", term: "error signal δ of the output" };
  if (kind === "preActivation") return { plain: `Back through the answer of ${layer}`, term: "error signal δ" };
  if (kind === "activation") return { plain: `Back along the weights, to ${layer}`, term: `gradient ∂L/∂${text}` };
  return { plain: "Back to what was put together", term: `gradient ∂L/∂${text}` };
}

export const updateWords = (quantity: Quantity, last: number, optimizer: string): Words => ({
  plain: `The ${parameterName(quantity, last)} take a step downhill`,
  term: `update of ${quantity.text}, ${optimizer}`,
});
