// Compares feeds as ical.js reads them with `litang sessions --format json`, and our jCal with the jCal of ical.js.
// usage: feed_clients.js SESSIONS.json FOLDER-OF-FEEDS HALL.ifb HALL-ID
"use strict";
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { readFeed } = require("./feed_read.js");
const { compareEvent, CHINESE, ENGLISH } = require("./feed_compare.js");

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
    const english = readFeed(ICAL, fs.readFileSync(`${base}.en`, "utf8")).events;
    const chinese = readFeed(ICAL, fs.readFileSync(`${base}.ics`, "utf8")).events;
    assert.equal(english.length, chinese.length);
    chinese.forEach((event, i) => {
      const row = rows.get(event.uid);
      assert.ok(!seen.has(event.uid), `${event.uid} twice`);
      seen.add(event.uid);
      compareEvent(event, row, CHINESE);
      compareEvent(english[i], row, ENGLISH);
      assert.ok(event.location.split("\n")[1].startsWith(`路${row.hall_id} `), event.location);
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
