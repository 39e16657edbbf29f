// Reads feeds with hostile text with ical.js and compares them with what they must say.  usage: feed_hostile.js FOLDER
"use strict";
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { readFeed } = require("./feed_read.js");

// ical.js does not know that NAME (RFC 7986) and X-WR-CALNAME are texts, and gives them as they stand.
const unescape = (text) => text.replace(/\\(.)/g, (_, letter) => (letter === "n" || letter === "N" ? "\n" : letter));

async function main() {
  const ICAL = (await import("ical.js")).default;
  const folder = process.argv[2];
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".ics"));
  let events = 0;
  for (const file of files) {
    const wanted = JSON.parse(fs.readFileSync(path.join(folder, file.replace(/ics$/, "json")), "utf8"));
    const feed = readFeed(ICAL, fs.readFileSync(path.join(folder, file), "utf8"));
    assert.equal(unescape(feed.name), wanted.name, file);
    assert.equal(unescape(feed.wrName), wanted.name, file);
    assert.equal(feed.events.length, wanted.events.length, file);
    wanted.events.forEach((event, i) => {
      const { uid, summary, description, location } = feed.events[i];
      const categories = feed.events[i].categories.length === 0 ? "" : feed.events[i].categories;
      assert.deepEqual({ uid, summary, categories, description, location },
        { ...event, categories: event.categories === "" ? "" : [event.categories] }, file);
      events++;
    });
  }
  assert.ok(files.length >= 40, `${files.length} files`);
  console.log(`ical.js: ${files.length} hostile feeds, ${events} events, as they must be`);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
