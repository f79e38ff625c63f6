/** What a gradient check came to, in a few numbers. */
import type { GradcheckReport } from "chainrule/check";

/** How the gradient of one parameter fared. */
export interface ParameterCheck {
  readonly name: string;
  /** Elements that were compared. */
  readonly elements: number;
  readonly maxRelativeError: number;
  readonly wrong: boolean;
}

export interface GradientSummary {
  readonly passed: boolean;
  readonly tolerance: number;
  /** Elements that were compared, of all parameters. */
  readonly elements: number;
  /** Of them, those at a kink or a jump, where there is no derivative, and those lost in rounding. */
  readonly undecided: number;
  readonly maxRelativeError: number;
  /** In the order of the check: the worst first. */
  readonly parameters: readonly ParameterCheck[];
}

/** The report by parameters, as plain data. */
export function summarizeGradients(report: GradcheckReport): GradientSummary {
  const { entries } = report;
  const names = [...new Set(entries.map(({ name }) => name))];
  return {
    passed: report.passed,
    tolerance: report.tolerance,
    elements: entries.length,
    undecided: entries.filter(({ verdict }) => verdict !== "right" && verdict !== "wrong").length,
    maxRelativeError: report.maxRelativeError,
    parameters: names.map((name) => {
      const own = entries.filter((entry) => entry.name === name);
      return {
        name,
        elements: own.length,
        maxRelativeError: own.reduce((most, { relativeError }) => Math.max(most, relativeError), 0),
        wrong: report.wrong.includes(name),
      };
    }),
  };
}
