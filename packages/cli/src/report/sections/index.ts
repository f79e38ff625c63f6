/** The sections of a report, in the order in which one asks: the answer first. */
import type { ReportData } from "../data.ts";
import type { Section } from "../parts.ts";
import { answer } from "./answer.ts";
import { calibrationSection } from "./calibration.ts";
import { candidates, choices } from "./choices.ts";
import { classesSection } from "./classes.ts";
import { curves } from "./curves.ts";
import { dataOverview } from "./data-overview.ts";
import { importance } from "./importance.ts";
import { mistakes } from "./mistakes.ts";
import { residuals } from "./residuals.ts";
import { gradients, model, reproduce } from "./trust.ts";

const SECTIONS: readonly ((data: ReportData) => Section | undefined)[] = [
  answer,
  classesSection,
  residuals,
  mistakes,
  importance,
  calibrationSection,
  choices,
  dataOverview,
  curves,
  candidates,
  gradients,
  model,
  reproduce,
];

/** Those there are data for. */
export const sectionsOf = (data: ReportData): Section[] => SECTIONS.flatMap((section) => section(data) ?? []);
