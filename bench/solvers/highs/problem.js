// A litang-problem/1 as maps, with what docs/interchange.md says how to derive: ancestors, places, journeys, dates,
// and which rooms and people stand open when.
import { readFileSync } from "node:fs";

export const DAY_MINUTES = 1440;
const EARTH_RADIUS_M = 6371008.8;

export const dayOf = (date) => Math.round(Date.parse(`${date}T00:00:00Z`) / 86400000);
export const dateOf = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
export const weekdayOf = (day) => ((((day + 3) % 7) + 7) % 7) + 1; // 1 Monday
export const weekOf = (day) => day - weekdayOf(day) + 1;
export const monthOf = (day) => dateOf(day).slice(0, 7);
export const yearOf = (day) => dateOf(day).slice(0, 4);
const monthDayOf = (day) => dateOf(day).slice(5);

const byId = (rows) => new Map((rows ?? []).map((row) => [row.id, row]));

export function problemRead(path) {
  const p = JSON.parse(readFileSync(path, "utf8"));
  if (p.format !== "litang-problem/1") throw new Error(`not a litang-problem/1: ${p.format}`);
  for (const list of ["travel_classes", "areas", "travel_overrides", "categories", "courses", "halls", "rooms",
    "instructors", "holidays", "closures", "absences", "requests", "series", "sessions"]) p[list] ??= [];
  p.lines = new Map();
  p.fromDay = dayOf(p.plan.from);
  p.toDay = dayOf(p.plan.to);
  for (const name of ["area", "course", "hall", "room", "instructor", "request"]) p[name] = byId(p[`${name}s`]);
  p.off = new Set(p.holidays.filter((h) => h.is_off !== false).map((h) => dayOf(h.date)));
  p.makeup = new Set(p.holidays.filter((h) => h.is_off === false).map((h) => dayOf(h.date)));
  p.sessions.forEach((s) => (s.day = dayOf(s.date)));
  closuresIndex(p);
  p.absencesOf = new Map();
  for (const a of p.absences) {
    const row = { from: dayOf(a.from), to: dayOf(a.to), fromMin: a.from_min ?? 0, toMin: a.to_min ?? DAY_MINUTES };
    p.absencesOf.set(a.instructor, [...(p.absencesOf.get(a.instructor) ?? []), row]);
  }
  placesDerive(p);
  return p;
}

function closuresIndex(p) {
  p.closuresOf = new Map(); // "hall:H1" → closures
  for (const c of p.closures) {
    const row = { from: dayOf(c.from), to: dayOf(c.to), fromMin: c.from_min ?? 0, toMin: c.to_min ?? DAY_MINUTES,
      days: c.rule ? new Set((c.dates ?? []).map(dayOf)) : null, strength: c.strength ?? "hard" };
    const key = `${c.scope}:${c.target}`;
    p.closuresOf.set(key, [...(p.closuresOf.get(key) ?? []), row]);
  }
}

export function ancestors(p, areaId) {
  if (p.lines.has(areaId)) return p.lines.get(areaId);
  const found = [];
  for (let at = areaId; at !== undefined && p.area.has(at) && found.length < 8; at = p.area.get(at).parent) found.push(p.area.get(at));
  p.lines.set(areaId, found);
  return found;
}

const levelOf = (p, areaId, level) => ancestors(p, areaId).find((a) => a.level === level)?.id;
const placed = (row) => (row.lat_e6 === undefined ? undefined : [row.lat_e6, row.lon_e6]);

function endOf(p, place, areaId) {
  const line = ancestors(p, areaId);
  const where = place ?? line.map(placed).find((x) => x !== undefined);
  const classId = line.find((a) => a.travel_class !== undefined)?.travel_class;
  const cls = p.travel_classes.find((c) => c.id === classId) ?? p.travel_classes[0] ?? { detour_pct: 135, speed_kmh: 40, fixed_min: 5 };
  const end = { area: areaId, township: levelOf(p, areaId, "township"), county: levelOf(p, areaId, "county"), cls };
  if (where) {
    const [lat, lon] = where.map((x) => (x * Math.PI) / 180e6);
    end.xyz = [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
  }
  return end;
}

function placesDerive(p) {
  p.overrides = new Map();
  for (const o of p.travel_overrides) {
    for (const key of [`${o.from}|${o.to}`, `${o.to}|${o.from}`]) p.overrides.set(key, Math.max(o.minutes, p.overrides.get(key) ?? 0));
  }
  for (const h of p.halls) h.end = endOf(p, placed(h), h.area);
  for (const i of p.instructors) i.end = endOf(p, placed(i), i.home_area);
}

export function travelMinutes(p, from, to) {
  if (from === to) return 0;
  for (const level of ["area", "township", "county"]) {
    const minutes = p.overrides.get(`${from[level]}|${to[level]}`);
    if (minutes !== undefined) return minutes;
  }
  const slow = from.cls.detour_pct * to.cls.speed_kmh >= to.cls.detour_pct * from.cls.speed_kmh ? from.cls : to.cls;
  const fixed = Math.max(from.cls.fixed_min, to.cls.fixed_min);
  if (!from.xyz || !to.xyz) return fixed;
  const chord = Math.hypot(...from.xyz.map((x, k) => x - to.xyz[k])) / 2;
  const metres = Math.round(2 * EARTH_RADIUS_M * Math.asin(Math.min(1, chord)));
  return fixed + Math.ceil((metres * slow.detour_pct * 60) / (slow.speed_kmh * 100000));
}

// ---- standing open ----

const closureTouches = (c, day, from, to) =>
  day >= c.from && day <= c.to && (c.days === null || c.days.has(day)) && c.fromMin < to && from < c.toMin;

export function closed(p, room, day, from, to, strengths) {
  const hall = p.hall.get(room.hall);
  const keys = [`room:${room.id}`, `hall:${hall.id}`, ...ancestors(p, hall.area).map((a) => `area:${a.id}`)];
  return keys.some((key) => (p.closuresOf.get(key) ?? []).some((c) => strengths.includes(c.strength) && closureTouches(c, day, from, to)));
}

export function hoursCover(hours, day, from, to) {
  if (!hours || hours.length === 0) return true;
  return hours.some(([weekday, a, b]) => weekday === weekdayOf(day) && a <= from && to <= b);
}

export function valid(row, day) {
  row.validDays ??= [row.valid_from ? dayOf(row.valid_from) : -Infinity, row.valid_to ? dayOf(row.valid_to) : Infinity];
  return row.validDays[0] <= day && day <= row.validDays[1];
}

export function inSeason(course, day) {
  const md = monthDayOf(day);
  return !course.seasons || course.seasons.length === 0 ||
    course.seasons.some(([a, b]) => (a <= b ? a <= md && md <= b : md >= a || md <= b));
}

export function instructorFree(p, person, day, from, to) {
  return valid(person, day) && hoursCover(person.hours, day, from, to) &&
    !(p.absencesOf.get(person.id) ?? []).some((a) => closureTouches({ ...a, days: null }, day, from, to));
}

export const partOf = (start) => (start < 720 ? "morning" : start < 1050 ? "afternoon" : "evening");
