/* verdict: the rate against the target, exactly. Rates are compared as fractions of whole numbers; a rounded "98.00"
 * that lies a hair below 98 % is not a target reached. */
import type { Figure } from "./data";

export type Grade = "reached" | "below" | "far" | "none";

/* "98.00" → 9800; null when it is no decimal with at most two places. */
export function hundredths(decimal: string | null): number | null {
  const parts = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(decimal ?? "");
  return parts === null ? null : Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0"));
}

/* How many more places a target takes; 0 when it is reached. Without a denominator there is nothing to reach. */
export function missing(figure: Figure, target: string | null): number {
  const wanted = hundredths(target);
  return wanted === null ? 0 : Math.max(0, Math.ceil((wanted * figure.denominator) / 10000) - figure.numerator);
}

/* Ten percentage points below the target are far below it. */
const FAR = 1000;

export function grade(figure: Figure, target: string | null): Grade {
  const wanted = hundredths(target) ?? 10000;
  const reached = figure.numerator * 10000;
  if (figure.denominator <= 0) {
    return "none";
  }
  return reached >= wanted * figure.denominator ? "reached"
    : reached >= (wanted - FAR) * figure.denominator ? "below" : "far";
}

/* "0.17": the distance of the rounded rate from the target in percentage points, without its sign. */
export function distance(figure: Figure, target: string | null): string {
  const rate = hundredths(figure.rate);
  const wanted = hundredths(target);
  if (rate === null || wanted === null) {
    return "";
  }
  const points = Math.abs(rate - wanted);
  return `${Math.floor(points / 100)}.${String(points % 100).padStart(2, "0")}`;
}

export function unreached(figure: Figure): number {
  return figure.denominator - figure.numerator;
}
