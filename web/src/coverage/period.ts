/* period: the periods that offices report by, of one year. */

export const PERIODS = ["year", "to-date", "h1", "h2", "q1", "q2", "q3", "q4"] as const;
export type PeriodName = (typeof PERIODS)[number];

export interface Period {
  from: string;
  to: string;
}

export function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}

/* `asOf` ends "to-date"; before the year that is its first day, after it its last. */
export function periodOf(name: PeriodName, year: number, asOf: string): Period {
  const first = `${year}-01-01`;
  const last = `${year}-12-31`;
  switch (name) {
    case "year": return { from: first, to: last };
    case "to-date": return { from: first, to: asOf < first ? first : asOf > last ? last : asOf };
    case "h1": return { from: first, to: `${year}-06-30` };
    case "h2": return { from: `${year}-07-01`, to: last };
    case "q1": return { from: first, to: `${year}-03-31` };
    case "q2": return { from: `${year}-04-01`, to: `${year}-06-30` };
    case "q3": return { from: `${year}-07-01`, to: `${year}-09-30` };
    case "q4": return { from: `${year}-10-01`, to: last };
  }
}

/* Which of them a period is; null: none, the reader's own dates. */
export function periodName(from: string, to: string, asOf: string): PeriodName | null {
  const year = yearOf(to);
  return PERIODS.find((name) => {
    const period = periodOf(name, year, asOf);
    return period.from === from && period.to === to;
  }) ?? null;
}

export function periodValid(from: string, to: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/;
  return day.test(from) && day.test(to) && from <= to;
}
