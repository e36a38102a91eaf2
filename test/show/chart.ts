/** What tests ask of a chart. */
import { compile, type TopLevelSpec } from "vega-lite";
import type { Chart } from "../../lib/show/style";

/** What vega-lite warns of, and what it calls errors, while it compiles the chart. */
export function warningsOf(chart: Chart): unknown[] {
  const warnings: unknown[] = [];
  const log = (...words: readonly unknown[]) => {
    warnings.push(...words);
    return logger;
  };
  const logger = { level: () => logger, error: log, warn: log, info: () => logger, debug: () => logger };
  compile(JSON.parse(JSON.stringify(chart)) as TopLevelSpec, { logger: logger as never });
  return warnings;
}

/** The rows that the chart holds. */
export const valuesOf = (chart: Chart) =>
  (chart.data as unknown as { values: Record<string, number | string>[] }).values;
