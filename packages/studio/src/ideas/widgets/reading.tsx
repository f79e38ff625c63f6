/** A number that a widget tells, in a list of such. */
export interface ReadingProps {
  readonly name: string;
  readonly term: string;
  readonly value: string;
}

export function Reading({ name, term, value }: ReadingProps) {
  return (
    <div>
      <dt>
        {name} <span class="term">{term}</span>
      </dt>
      <dd>{value}</dd>
    </div>
  );
}
