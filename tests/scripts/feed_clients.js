// Compares feeds as ical.js reads them with `litang sessions --format json`, and our jCal with the jCal of ical.js.
// usage: feed_clients.js SESSIONS.json FOLDER-OF-FEEDS HALL.ifb HALL-ID
"use strict";
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");

// What a feed makes of blanks at the ends of a text.
const clean = (text) => text.replace(/^[ \t]+|[ \t]+$/g, "");

function compareEvent(event, row, labels) {
  const get = (name) => event.getFirstPropertyValue(name);
  const local = (time) => time.toString().slice(0, 16).replace("T", " ");
  assert.equal(event.getFirstProperty("dtstart").getParameter("tzid"), row.tzid);
  assert.equal(local(get("dtstart")), `${row.date} ${row.start}`);
  if (!row.end.startsWith("+")) assert.equal(local(get("dtend")), `${row.date} ${row.end}`);
  assert.equal(get("summary"), clean(row.course));
  assert.equal(get("status"), row.status);
  assert.equal(get("sequence"), row.sequence);
  assert.equal(get("last-modified").toString(), row.last_modified);
  assert.equal(get("dtstamp").toString(), row.last_modified);
  assert.equal(get("categories"), clean(row.category));
  const [place, address] = get("location").split("\n");
  assert.equal(place, clean(row.room) === clean(row.hall) ? row.hall : `${row.hall}, ${row.room}`);
  assert.ok(address.startsWith(`路${row.hall_id} `), address);
  const lines = get("description").split("\n");
  assert.ok(lines.includes(labels.course + row.course), lines);
  if (!row.instructor_id.includes(";")) assert.ok(lines.includes(labels.instructor + row.instructor), lines);
  assert.ok(get("description").endsWith(labels.note + row.note), lines);
  assert.ok(event.getFirstProperty("organizer").getFirstValue() === "invalid:nomail");
  assert.equal(event.getAllProperties("attendee").length, 0);
}

const CHINESE = { course: "课程：", instructor: "讲师：", note: "备注：" };
const ENGLISH = { course: "Course: ", instructor: "By: ", note: "Note: " };

// ical.js does not know RFC 7986, where NAME and COLOR are texts; all else is compared as it is.
const isNewer = (property) => property[0] === "name" || property[0] === "color";

function compareJcal(ours, theirs, where) {
  ours[1].filter(isNewer).forEach((property) => assert.equal(property[2], "text"));
  assert.deepStrictEqual(ours[1].filter((p) => !isNewer(p)), theirs[1].filter((p) => !isNewer(p)), where);
  assert.equal(ours[0], theirs[0], where);
  assert.equal(ours[2].length, theirs[2].length, where);
  ours[2].forEach((component, i) => compareJcal(component, theirs[2][i], `${where}/${component[0]}${i}`));
}

async function main() {
  const ICAL = (await import("ical.js")).default;
  const [sessionsPath, folder, busyPath, hall] = process.argv.slice(2);
  const rows = new Map(JSON.parse(fs.readFileSync(sessionsPath, "utf8")).map((row) => [row.uid, row]));
  const seen = new Set();
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".ics"))) {
    const base = path.join(folder, path.basename(file, ".ics"));
    const jcal = ICAL.parse(fs.readFileSync(`${base}.ics`, "utf8"));
    compareJcal(JSON.parse(fs.readFileSync(`${base}.jcal`, "utf8")), jcal, file);
    const english = new ICAL.Component(ICAL.parse(fs.readFileSync(`${base}.en`, "utf8"))).getAllSubcomponents("vevent");
    const chinese = new ICAL.Component(jcal).getAllSubcomponents("vevent");
    assert.equal(english.length, chinese.length);
    chinese.forEach((event, i) => {
      const uid = event.getFirstPropertyValue("uid");
      assert.ok(!seen.has(uid), `${uid} twice`);
      seen.add(uid);
      compareEvent(event, rows.get(uid), CHINESE);
      compareEvent(english[i], rows.get(uid), ENGLISH);
    });
  }
  assert.ok(seen.size > 0.9 * rows.size, `${seen.size} of ${rows.size} sessions are in feeds`);
  const busy = new ICAL.Component(ICAL.parse(fs.readFileSync(busyPath, "utf8"))).getFirstSubcomponent("vfreebusy");
  const periods = busy.getAllProperties("freebusy").flatMap((property) => property.getValues());
  for (const row of rows.values()) {
    if (row.hall_id !== hall || row.status === "CANCELLED" || row.end.startsWith("+")) continue;
    const from = Date.parse(`${row.date}T${row.start}:00+08:00`);
    const to = Date.parse(`${row.date}T${row.end}:00+08:00`);
    assert.ok(periods.some((period) => period.start.toJSDate() <= from && period.end.toJSDate() >= to), row.uid);
  }
  assert.ok(periods.length > 0);
  console.log(`${seen.size} sessions in ical.js equal to the database, in Chinese, English and jCal`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
