/** From which probability on the second of two classes is predicted. */
import type { TargetEncoder } from "chainrule/table";
import { Failure } from "../failure.ts";

/** @throws Failure for a threshold where the model has none */
export function requireTwoClasses({ name, classes }: TargetEncoder, threshold: number | undefined): void {
  if (threshold === undefined || classes?.length === 2) return;
  const what = classes === undefined ? "numbers" : `one of ${classes.length} classes`;
  throw new Failure(
    `--threshold is for models of two classes, and this one predicts ${what} for ${JSON.stringify(name)}. Leave it out.`,
  );
}

export const describeThreshold = ({ classes }: TargetEncoder, threshold: number): string =>
  `${JSON.stringify(classes?.[1])} is predicted where its probability is above ${threshold}.`;
