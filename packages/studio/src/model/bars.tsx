/** Shares and signed numbers as bars. */

export interface Bar {
  readonly name: string;
  /** From 0 to 1; signed bars from −1 to 1. */
  readonly share: number;
  readonly text: string;
  readonly strong?: boolean;
}

/** With the words, so that the length says nothing that the text does not. */
export function Bars({
  bars,
  signed = false,
  label,
}: {
  readonly bars: readonly Bar[];
  readonly signed?: boolean;
  readonly label: string;
}) {
  return (
    <ul class={signed ? "share-bars signed" : "share-bars"} aria-label={label}>
      {bars.map(({ name, share, text, strong = false }) => (
        <li key={name} class={strong ? "strong" : ""}>
          <span class="bar-name">{name}</span>
          <span class="track" aria-hidden="true">
            <span class={share < 0 ? "fill negative" : "fill positive"} style={placeOf(share, signed)} />
          </span>
          <span class="bar-text">{text}</span>
        </li>
      ))}
    </ul>
  );
}

function placeOf(share: number, signed: boolean): { width: string; left: string } {
  const size = Math.min(1, Math.abs(share) || 0) * (signed ? 50 : 100);
  const left = !signed ? 0 : share < 0 ? 50 - size : 50;
  return { width: `${size}%`, left: `${left}%` };
}
