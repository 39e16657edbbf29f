/* proposals: how a hall could be reached, as GET /api/proposals?hall=ID answers it. */
import { DataError } from "./data";
import type { Words } from "./words";

export interface Place {
  date: string;
  start: string;
  end: string;
  course: string;
  instructor: string | null; /* null where the public is not told who would come */
  travel: number; /* minutes that it adds to the instructor's day */
  easy: boolean; /* no holiday, market day, unwelcome hour, or session of the hall close by */
}

export interface Proposals {
  places: Place[];
  why: { zh: string; en: string } | null; /* when there is none */
}

function place(row: Record<string, unknown>): Place {
  const { date, start, end, course, instructor, travel_min: travel, easy } = row;
  for (const text of [date, start, end, course, instructor === null ? "" : instructor]) {
    if (typeof text !== "string") {
      throw new DataError("places: not a text");
    }
  }
  if (typeof travel !== "number" || typeof easy !== "boolean") {
    throw new DataError("places: no minutes");
  }
  return { date, start, end, course, instructor, travel, easy } as Place;
}

export function readProposals(json: unknown): Proposals {
  const { places, why } = (json ?? {}) as { places?: unknown; why?: { zh: string; en: string } | null };
  if (!Array.isArray(places)) {
    throw new DataError("places: not a list");
  }
  return { places: places.map((row) => place(row as Record<string, unknown>)), why: why ?? null };
}

/* "2027-04-19（周一）08:15–09:45" */
export function placeWhen(one: Place, words: Words): string {
  const weekday = words.weekdays[new Date(`${one.date}T00:00:00Z`).getUTCDay()] ?? "";
  return words.when(one.date, weekday, `${one.start}–${one.end}`);
}
