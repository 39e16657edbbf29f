// solve PROBLEM SECONDS SEED > PLAN: a time-indexed mixed-integer program of the open requests, solved by HiGHS.
// One binary variable for each (request, room, instructor, day, start), a series counting as one. All hard rules are
// in it, the journeys between two sessions of a day a little too strictly (the longest way between that person's halls
// of the day counts). Of the soft terms: wishes of day and time, holidays, soft closures, halls and categories
// reached, two sessions of a hall in one week, and a way home and back for each person, hall and day; load, evenness and
// continuity are left out. Published sessions stay. Past COLUMNS_MAX variables the starts, then the days, are thinned
// out: the model is then a part of the problem, and says so on standard error.
import loadHighs from "highs";
import * as lt from "./problem.js";

const NEAREST = 4; // people tried for each request and room
const ROOMS_MAX = 4; // rooms tried for a request of an area
const GRID_MIN = 15;
const DAY_FROM = 360;
const DAY_TO = 1320;

const [path, secondsText, seedText] = process.argv.slice(2);
const began = Date.now();
const p = lt.problemRead(path);
const seconds = Number(secondsText);
const COLUMNS_MAX = Math.min(100000, 5000 + 500 * seconds); // what it can hold in the time
const published = p.sessions;

// ---- what stands ----

const taken = new Map(); // "hall:…" / "person:…" and day → published sessions
function take(key, s) {
  const full = `${key}@${s.day}`;
  taken.set(full, [...(taken.get(full) ?? []), s]);
}
const counts = new Map(); // caps already used
const bump = (map, key, by = 1) => map.set(key, (map.get(key) ?? 0) + by);
const done = new Map(); // sessions published by request

function capKeys(personId, day) {
  return [["max_day", day], ["max_week", lt.weekOf(day)], ["max_month", lt.monthOf(day)], ["max_year", lt.yearOf(day)]]
    .map(([cap, when]) => ({ cap, key: `${cap}|${personId}|${when}` }));
}
const supplyKey = (courseId, day) => `supply|${courseId}|${lt.yearOf(day)}`;
const quotaKey = (courseId, hallId, day) => `quota|${courseId}|${hallId}|${lt.yearOf(day)}`;

for (const s of published) {
  const hall = p.room.get(s.room).hall;
  take(`hall:${hall}`, s);
  for (const i of s.instructors) {
    take(`person:${i}`, s);
    capKeys(i, s.day).forEach(({ key }) => bump(counts, key));
  }
  bump(counts, supplyKey(s.course, s.day));
  bump(counts, quotaKey(s.course, hall, s.day));
  if (s.request) bump(done, s.request);
}

function standsInTheWay(course, room, person, day, start) {
  const hall = p.hall.get(room.hall);
  const from = start - (course.setup_min ?? 0);
  const to = start + course.minutes + (course.clear_min ?? 0);
  for (const s of taken.get(`hall:${hall.id}@${day}`) ?? []) {
    const other = p.room.get(s.room);
    if ((other === room || other.whole_hall || room.whole_hall) && s.start_min - s.setup_min < to && from < s.start_min + s.minutes + s.clear_min) return true;
  }
  for (const s of taken.get(`person:${person.id}@${day}`) ?? []) {
    const way = lt.travelMinutes(p, hall.end, p.hall.get(p.room.get(s.room).hall).end);
    if (start < s.start_min + s.minutes + way && s.start_min < start + course.minutes + way) return true;
  }
  if (course.audience) {
    for (const other of p.halls.filter((h) => h.area === hall.area)) {
      for (const s of taken.get(`hall:${other.id}@${day}`) ?? []) {
        if (p.course.get(s.course).audience === course.audience && s.start_min < start + course.minutes && start < s.start_min + s.minutes) return true;
      }
    }
  }
  return false;
}

// ---- columns ----

function roomsOf(request, course) {
  const heads = request.heads ?? course.heads ?? 0;
  return p.rooms.filter((room) => {
    const hall = p.hall.get(room.hall);
    const there = request.hall ? hall.id === request.hall : lt.ancestors(p, hall.area).some((a) => a.id === request.area);
    return there && (course.facilities ?? []).every((f) => (room.facilities ?? []).includes(f)) && !(room.capacity && heads > room.capacity);
  }).slice(0, ROOMS_MAX);
}

function peopleOf(course, room) {
  const hall = p.hall.get(room.hall);
  return p.instructors.filter((i) => i.courses.includes(course.id))
    .map((i) => ({ person: i, home: lt.travelMinutes(p, i.end, hall.end) }))
    .sort((a, b) => a.home - b.home).slice(0, NEAREST);
}

// The starts of a course in a room on a day that nobody's time is asked for: set-up to clear-up within the hours, no
// closure, nothing published there. The same for every request, so asked once.
const openStarts = new Map();
function startsOf(course, room, day) {
  const key = `${course.id}|${room.id}|${day}`;
  if (openStarts.has(key)) return openStarts.get(key);
  const hall = p.hall.get(room.hall);
  const starts = new Set();
  if (lt.inSeason(course, day) && lt.valid(hall, day)) {
    for (let start = DAY_FROM; start < DAY_TO; start += GRID_MIN) {
      const from = start - (course.setup_min ?? 0);
      const to = start + course.minutes + (course.clear_min ?? 0);
      if (from >= DAY_FROM && to <= DAY_TO && lt.hoursCover(hall.hours, day, from, to) && !lt.closed(p, room, day, from, to, ["hard"])) starts.add(start);
    }
  }
  openStarts.set(key, starts);
  return starts;
}

function allowed(request, course, room, person, day, start) {
  return day >= request.first && day <= request.last && startsOf(course, room, day).has(start) &&
    lt.instructorFree(p, person, day, start, start + course.minutes) && !standsInTheWay(course, room, person, day, start);
}

// The days of all meetings when the first is on `day`, by the holiday rule; [] when they cannot be.
function datesOf(request, course, room, person, day, start, wanted) {
  const days = [];
  for (let step = 0; step < wanted; day += 7) {
    const blocked = request.series && (p.off.has(day) ||
      lt.closed(p, room, day, start - (course.setup_min ?? 0), start + course.minutes + (course.clear_min ?? 0), ["hard"]));
    if (day > request.last || (blocked && ((request.holiday_rule ?? "shift") === "forbid" || days.length === 0))) return [];
    if (!blocked) {
      if (!allowed(request, course, room, person, day, start)) return [];
      days.push(day);
    }
    if (!blocked || request.holiday_rule !== "shift") step++;
  }
  return 2 * days.length >= wanted ? days : [];
}

function ownCost(request, course, room, days, start) {
  const w = p.weights;
  const parts = request.parts ?? course.parts ?? [];
  let cost = 0;
  for (const day of days) {
    const from = start - (course.setup_min ?? 0);
    const to = start + course.minutes + (course.clear_min ?? 0);
    if (request.weekdays && !request.weekdays.includes(lt.weekdayOf(day))) cost += w.weekday;
    if (parts.length > 0 && !parts.includes(lt.partOf(start))) cost += w.part_of_day;
    if (course.holidays_wanted ? p.makeup.has(day) : p.off.has(day)) cost += w.holiday;
    if (lt.closed(p, room, day, from, to, ["soft", "hard"])) cost += w.soft_closure;
  }
  return cost;
}

function columnsMake(startStep, dayStep) {
  const columns = [];
  for (const [r, request] of p.requests.entries()) {
    const course = p.course.get(request.course);
    const missing = (request.sessions ?? 1) - (done.get(request.id) ?? 0);
    if (request.withdrawn || missing <= 0) continue;
    const wanted = request.series ? missing : 1;
    request.first = Math.max(p.fromDay, lt.dayOf(request.from));
    request.last = Math.min(p.toDay, lt.dayOf(request.to));
    for (const room of roomsOf(request, course)) {
      for (const { person } of peopleOf(course, room)) {
        for (let day = request.first + (r % dayStep); day <= request.last; day += dayStep) {
          let next = 0; // thinned out: the earliest start, then each a step later
          for (const start of startsOf(course, room, day)) {
            if (start < next || !allowed(request, course, room, person, day, start)) continue;
            const days = datesOf(request, course, room, person, day, start, wanted);
            if (days.length === 0) continue;
            next = start + startStep;
            columns.push({ request, course, room, person, start, days, missing, cost: ownCost(request, course, room, days, start) });
            if (columns.length > COLUMNS_MAX) return null;
          }
        }
      }
    }
  }
  return columns;
}

let columns = null;
for (const [startStep, dayStep] of [[15, 1], [60, 1], [120, 1], [240, 1], [240, 2], [240, 3], [240, 5], [720, 8], [720, 13], [720, 29]]) {
  columns = columnsMake(startStep, dayStep);
  if (columns) {
    if (startStep > GRID_MIN) console.error(`highs: starts every ${startStep} minutes, every ${dayStep}. day: a part of the problem`);
    break;
  }
}
columns ??= [];

// ---- the program ----

const rows = [];
const objective = [];
const binaries = columns.map((_, k) => `x${k}`);
const sum = (list) => list.map((k) => `+ x${k}`).join(" ");
const groups = new Map(); // name → Map(key → column numbers)
function group(name, key, k) {
  if (!groups.has(name)) groups.set(name, new Map());
  const map = groups.get(name);
  if (!map.has(key)) map.set(key, []);
  map.get(key).push(k);
}

columns.forEach((c, k) => {
  const hall = p.hall.get(c.room.hall);
  const value = (c.request.priority ?? 5) * c.days.length * 10000;
  objective.push(`${c.cost - value >= 0 ? "+" : "-"} ${Math.abs(c.cost - value)} x${k}`);
  group("request", c.request.id, k);
  group("hall", hall.id, k);
  const township = hall.end.township;
  if (township) group("reach", `${township}|${c.course.category}`, k);
  for (const day of c.days) {
    group("room", `${hall.id}|${day}`, k);
    group("person", `${c.person.id}|${day}`, k);
    group("way", `${c.person.id}|${hall.id}|${day}`, k);
    if (!c.request.series) group("week", `${hall.id}|${lt.weekOf(day)}`, k);
    capKeys(c.person.id, day).forEach(({ cap, key }) => c.person[cap] && group("cap", `${key}|${c.person[cap]}`, k));
    if (c.course.supply_limit) group("cap", `${supplyKey(c.course.id, day)}|${c.course.supply_limit}`, k);
    if (c.course.hall_quota) group("cap", `${quotaKey(c.course.id, hall.id, day)}|${c.course.hall_quota}`, k);
    if (c.course.audience) group("audience", `${hall.area}|${c.course.audience}|${day}`, k);
  }
});

// At most one of the columns whose spans hold the same moment; spans' beginnings are moments enough.
function cliques(list, from, to) {
  const seen = new Set();
  for (const at of new Set(list.map((k) => from(columns[k])))) {
    const clique = list.filter((k) => from(columns[k]) <= at && at < to(columns[k]));
    const key = clique.join(",");
    if (clique.length > 1 && !seen.has(key)) {
      seen.add(key);
      rows.push(`${sum(clique)} <= 1`);
    }
  }
}
const each = (name, visit) => (groups.get(name) ?? new Map()).forEach((list, key) => visit(list, key));

each("request", (list) => rows.push(`${sum(list)} <= ${columns[list[0]].request.series ? 1 : columns[list[0]].missing}`));
each("room", (list) => {
  for (const room of new Set(list.map((k) => columns[k].room))) {
    const here = list.filter((k) => columns[k].room === room || columns[k].room.whole_hall);
    cliques(here, (c) => c.start - (c.course.setup_min ?? 0), (c) => c.start + c.course.minutes + (c.course.clear_min ?? 0));
  }
});
each("audience", (list) => cliques(list, (c) => c.start, (c) => c.start + c.course.minutes));
each("person", (list) => {
  const halls = [...new Set(list.map((k) => columns[k].room.hall))].map((id) => p.hall.get(id).end);
  let way = 0;
  for (const a of halls) for (const b of halls) way = Math.max(way, lt.travelMinutes(p, a, b));
  cliques(list, (c) => c.start, (c) => c.start + c.course.minutes + way);
});
each("cap", (list, key) => {
  const at = key.lastIndexOf("|");
  rows.push(`${sum(list)} <= ${Math.max(0, Number(key.slice(at + 1)) - (counts.get(key.slice(0, at)) ?? 0))}`);
});

let extra = 0;
const bounds = [];
function extraVariable(cost, upper) {
  const name = `e${extra++}`;
  objective.push(`+ ${cost} ${name}`);
  bounds.push(`0 <= ${name} <= ${upper}`);
  return name;
}
const reachedHalls = new Set(published.map((s) => p.room.get(s.room).hall));
const reachedPairs = new Set(published.map((s) => `${p.hall.get(p.room.get(s.room).hall).end.township}|${p.course.get(s.course).category}`));
each("hall", (list, id) => {
  if (!reachedHalls.has(id) && !p.hall.get(id).exempt) rows.push(`${sum(list)} + ${extraVariable(p.weights.hall_unreached, 1)} >= 1`);
});
each("reach", (list, key) => {
  if (!reachedPairs.has(key)) rows.push(`${sum(list)} + ${extraVariable(p.weights.category_missing, 1)} >= 1`);
});
each("way", (list) => {
  const c = columns[list[0]];
  const home = lt.travelMinutes(p, c.person.end, p.hall.get(c.room.hall).end);
  rows.push(`${sum(list)} - ${Math.min(list.length, c.person.max_day ?? 4)} ${extraVariable(2 * home * p.weights.travel, 1)} <= 0`);
});
each("week", (list) => {
  if (new Set(list.map((k) => columns[k].request.id)).size > 1 || columns[list[0]].missing > 1) rows.push(`${sum(list)} - ${extraVariable(p.weights.spacing, 1000)} <= 1`);
});

// ---- solving ----

async function solve() {
  if (columns.length === 0) return [];
  const wrap = (words) => words.join("\n"); // the LP form bounds the length of a line
  const model = `Minimize\n obj: ${wrap(objective)}\nSubject To\n${rows.map((row, n) => ` c${n}: ${row.replace(/ ([+-]) /g, "\n $1 ")}`).join("\n")}\n` +
    `Bounds\n${bounds.join("\n")}\nBinary\n${wrap(binaries)}\nEnd\n`;
  const highs = await loadHighs();
  const left = Math.max(0.1, seconds - (Date.now() - began) / 1000);
  console.error(`highs: ${columns.length} columns, ${rows.length} rows, ${left.toFixed(1)} s left`);
  const result = highs.solve(model, { time_limit: left, random_seed: Number(seedText) % 2147483647, output_flag: false });
  console.error(`highs: ${result.Status}`);
  return columns.filter((_, k) => (result.Columns?.[`x${k}`]?.Primal ?? 0) > 0.5);
}

const chosen = await solve();
const series = [];
const items = [];
for (const c of chosen) {
  const asSeries = c.request.series && c.missing > 1;
  if (asSeries) series.push({ request: c.request.id });
  for (const day of c.days) {
    items.push({ action: "create", request: c.request.id, room: c.room.id, instructors: [c.person.id], date: lt.dateOf(day), start_min: c.start,
      ...(asSeries ? { new_series: series.length - 1 } : {}) });
  }
}
process.stdout.write(JSON.stringify({ format: "litang-plan/1", solver: "HiGHS", series, items }) + "\n");
