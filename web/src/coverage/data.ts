/* data: what GET /api/coverage answers (docs/http.md), checked on its way in, so that the views need not doubt it. */

export interface Figure {
  numerator: number;
  denominator: number;
  rate: string; /* "98.17", or "–" when the denominator is 0 */
}

export interface Definition extends Figure {
  id: string;
  zh: string;
  en: string;
}

interface Load {
  sessions: number;
  held: number;
  heads: number;
}

export interface County extends Figure, Load {
  code: string;
  name: string;
}

export interface Township extends County {
  county: string;
  lat: number | null;
  lon: number | null;
  per_1000: string | null;
}

export type Standing = "reached" | "unreached" | "exempt" | "closed" | "not-in-use";

export interface Hall {
  id: string;
  name: string;
  township: string;
  lat: number | null;
  lon: number | null;
  standing: Standing;
  sessions: number;
}

export interface Month extends Figure {
  month: string; /* "2027-01" */
  planned: number;
  held: number;
  heads: number;
}

export interface Category extends Load {
  id: string;
  name: string;
}

export interface Lowest {
  code: string;
  name: string;
  per_hall: string | null;
  per_1000: string | null;
}

export interface Gap {
  township: string;
  category: string;
}

export interface Dashboard {
  revision: number;
  as_of: string;
  from: string;
  to: string;
  city: string;
  definition: { id: string; zh: string; en: string };
  minimum: number;
  coverage: Figure & { exempt: number; closed: number };
  target: string | null;
  definitions: Definition[];
  counties: County[];
  townships: Township[];
  halls: Hall[];
  months: Month[];
  categories: Category[];
  equity: { lowest_decile: Lowest[]; category_gaps: Gap[] };
}

type Json = Record<string, unknown>;

export class DataError extends Error {}

function object(value: unknown, where: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DataError(`${where}: not an object`);
  }
  return value as Json;
}

function whole(value: unknown, where: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new DataError(`${where}: not a whole number`);
  }
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== "string") {
    throw new DataError(`${where}: not a text`);
  }
  return value;
}

/* A decimal that the daemon has rounded: it is shown as it came. A number is taken, too. */
function decimal(value: unknown, where: string): string | null {
  if (value === null || value === undefined || value === "–") {
    return null;
  }
  return typeof value === "number" ? String(value) : text(value, where);
}

function degrees(value: unknown, where: string): number | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) > 180) {
    throw new DataError(`${where}: not a coordinate`);
  }
  return value;
}

function list<T>(value: unknown, where: string, read: (row: Json, where: string) => T): T[] {
  if (!Array.isArray(value)) {
    throw new DataError(`${where}: not a list`);
  }
  return value.map((row, at) => read(object(row, `${where}[${at}]`), `${where}[${at}]`));
}

function figure(row: Json, where: string): Figure {
  const numerator = whole(row["numerator"], `${where}.numerator`);
  const denominator = whole(row["denominator"], `${where}.denominator`);
  return { numerator, denominator, rate: denominator > 0 ? text(row["rate"], `${where}.rate`) : "–" };
}

function load(row: Json, where: string): Load {
  return {
    sessions: whole(row["sessions"], `${where}.sessions`),
    held: whole(row["held"], `${where}.held`),
    heads: whole(row["heads"], `${where}.heads`),
  };
}

function named(row: Json, where: string): { code: string; name: string } {
  return { code: text(row["code"], `${where}.code`), name: text(row["name"], `${where}.name`) };
}

const STANDINGS: readonly string[] = ["reached", "unreached", "exempt", "closed", "not-in-use"];

function hall(row: Json, where: string): Hall {
  const standing = text(row["standing"], `${where}.standing`);
  if (!STANDINGS.includes(standing)) {
    throw new DataError(`${where}.standing: ${standing}`);
  }
  return {
    id: text(row["id"], `${where}.id`),
    name: text(row["name"], `${where}.name`),
    township: text(row["township"] ?? "", `${where}.township`),
    lat: degrees(row["lat"], `${where}.lat`),
    lon: degrees(row["lon"], `${where}.lon`),
    standing: standing as Standing,
    sessions: whole(row["sessions"], `${where}.sessions`),
  };
}

function township(row: Json, where: string): Township {
  return {
    ...named(row, where), ...figure(row, where), ...load(row, where),
    county: text(row["county"] ?? "", `${where}.county`),
    lat: degrees(row["lat"], `${where}.lat`),
    lon: degrees(row["lon"], `${where}.lon`),
    per_1000: decimal(row["per_1000"], `${where}.per_1000`),
  };
}

function month(row: Json, where: string): Month {
  return {
    ...figure(row, where),
    month: text(row["month"], `${where}.month`),
    planned: whole(row["planned"], `${where}.planned`),
    held: whole(row["held"], `${where}.held`),
    heads: whole(row["heads"], `${where}.heads`),
  };
}

/* Throws a DataError that names the place. */
export function readDashboard(json: unknown): Dashboard {
  const root = object(json, "answer");
  const definition = object(root["definition"], "definition");
  const coverage = object(root["coverage"], "coverage");
  const equity = object(root["equity"], "equity");
  return {
    revision: whole(root["revision"], "revision"),
    as_of: text(root["as_of"], "as_of"),
    from: text(root["from"], "from"),
    to: text(root["to"], "to"),
    city: text(root["city"], "city"),
    definition: {
      id: text(definition["id"], "definition.id"),
      zh: text(definition["zh"], "definition.zh"),
      en: text(definition["en"], "definition.en"),
    },
    minimum: whole(root["minimum"], "minimum"),
    coverage: {
      ...figure(coverage, "coverage"),
      exempt: whole(coverage["exempt"], "coverage.exempt"),
      closed: whole(coverage["closed"], "coverage.closed"),
    },
    target: decimal(root["target"], "target"),
    definitions: list(root["definitions"], "definitions", (row, where) => ({
      ...figure(row, where),
      id: text(row["id"], `${where}.id`),
      zh: text(row["zh"], `${where}.zh`),
      en: text(row["en"], `${where}.en`),
    })),
    counties: list(root["counties"], "counties",
      (row, where) => ({ ...named(row, where), ...figure(row, where), ...load(row, where) })),
    townships: list(root["townships"], "townships", township),
    halls: list(root["halls"], "halls", hall),
    months: list(root["months"], "months", month),
    categories: list(root["categories"], "categories", (row, where) => ({
      ...load(row, where), id: text(row["id"], `${where}.id`), name: text(row["name"], `${where}.name`),
    })),
    equity: {
      lowest_decile: list(equity["lowest_decile"], "equity.lowest_decile", (row, where) => ({
        ...named(row, where),
        per_hall: decimal(row["per_hall"], `${where}.per_hall`),
        per_1000: decimal(row["per_1000"], `${where}.per_1000`),
      })),
      category_gaps: list(equity["category_gaps"], "equity.category_gaps", (row, where) => ({
        township: text(row["township"], `${where}.township`),
        category: text(row["category"], `${where}.category`),
      })),
    },
  };
}
