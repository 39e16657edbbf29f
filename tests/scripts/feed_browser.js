// Township feeds of a running daemon, fetched and read by ical.js inside Chromium, compared with `litang sessions`.
// usage: feed_browser.js ADDRESS SESSIONS.json CHROMIUM PROFILE-FOLDER TOWNSHIP…
"use strict";
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");
const { readFeed } = require("./feed_read.js");
const { compareEvent, CHINESE, ENGLISH } = require("./feed_compare.js");

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

// Runs in the page: fetches a feed twice, the second time with the tag of the first, as a calendar does.
async function fetchFeed(url) {
  const first = await fetch(url, { cache: "no-store" });
  const text = await first.text();
  const again = await fetch(url, { cache: "no-store", headers: { "If-None-Match": first.headers.get("etag") } });
  return { status: first.status, again: again.status, type: first.headers.get("content-type"), feed: window.readFeed(window.ICAL, text) };
}

async function main() {
  const [address, sessionsPath, executablePath, profile, ...townships] = process.argv.slice(2);
  const rows = new Map(JSON.parse(fs.readFileSync(sessionsPath, "utf8")).map((row) => [row.uid, row]));
  const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: FLAGS, timeout: 60000 });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    // The parser comes from beside this file, under the daemon's origin, so that the page may fetch feeds.
    const parser = path.join(path.dirname(require.resolve("ical.js")), "ical.js");
    await page.route(`${address}/ical.js`, (route) => route.fulfill({ path: parser, contentType: "text/javascript" }));
    await page.goto(`${address}/robots.txt`);
    await page.evaluate(`import("/ical.js").then((module) => { window.ICAL = module.default; window.readFeed = ${readFeed}; })`);
    const seen = new Set();
    for (const township of townships) {
      for (const [query, labels] of [["", CHINESE], ["?lang=en", ENGLISH]]) {
        const got = await page.evaluate(fetchFeed, `/feed/township/${township}.ics${query}`);
        assert.equal(got.status, 200);
        assert.equal(got.again, 304);
        assert.equal(got.type, "text/calendar; charset=utf-8");
        for (const event of got.feed.events) {
          const row = rows.get(event.uid);
          assert.equal(row.township_code, township);
          assert.equal(event.offset, Date.parse(`${row.date}T${row.start}:00+08:00`) / 1000, event.uid);
          compareEvent(event, row, labels);
          seen.add(event.uid);
        }
      }
    }
    assert.deepEqual(errors, []);
    assert.ok(seen.size > 0.9 * rows.size, `${seen.size} of ${rows.size} sessions are in feeds`);
    console.log(`Chromium ${browser.browser()?.version() ?? ""}: ${seen.size} sessions of ${townships.length} township feeds equal to the database`);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
