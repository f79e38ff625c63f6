/** Words with terms, formulas and stress in them, as `Prose` writes them. */
import { Formula } from "../ui/index.ts";
import type { Prose } from "./idea.ts";

const PIECE = /\$([^$]+)\$|\{([^}]+)\}|\*([^*]+)\*/g;

export function Words({ text }: { readonly text: Prose }) {
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(PIECE)) {
    const [whole, formula, term, stressed] = found;
    if (found.index > at) pieces.push(text.slice(at, found.index));
    if (formula !== undefined) pieces.push(<Formula key={found.index} tex={formula} />);
    else if (term !== undefined) pieces.push(<Term key={found.index} text={term} />);
    else pieces.push(<em key={found.index}>{stressed}</em>);
    at = found.index + whole.length;
  }
  pieces.push(text.slice(at));
  return <>{pieces}</>;
}

const Term = ({ text }: { readonly text: string }) => <span class="term">({text})</span>;
