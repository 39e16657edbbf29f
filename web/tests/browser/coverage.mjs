/* coverage: the coverage page in Chromium against a real daemon. Called by tests/scripts/web.sh:
 *   node coverage.mjs ORIGIN EMPTY_ORIGIN REPORTS.json SHOTS COMMAND…
 * REPORTS: what `litang report coverage` says: [{query, rate, numerator, denominator}]. SHOTS: a folder for pictures, or "".
 * COMMAND: changes the published timetable. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { browserOpen, coloursOf, namesCheck, pageOpen, widthCheck } from "./browser.mjs";

const [origin, emptyOrigin, reportsFile, shots, ...command] = process.argv.slice(2);
const reports = JSON.parse(readFileSync(reportsFile, "utf8"));
const browser = await browserOpen();
const steps = [];
const step = (name, run) => steps.push({ name, run });

const api = async (query = "") => (await fetch(`${origin}/api/coverage${query}`)).json();
const text = (page, selector) => page.textContent(selector);
const number = (n) => n.toLocaleString("en-US");
const rateText = (figure) => (figure.denominator > 0 ? `${figure.rate} %` : "–");
const ready = (page) => page.waitForSelector("#map canvas");

/* Waits until the page shows this figure. */
async function shows(page, figure, what) {
  const wanted = [rateText(figure), number(figure.numerator), number(figure.denominator)];
  await page.waitForFunction(([rate, numerator, denominator]) =>
    document.querySelector("#rate")?.textContent === rate &&
    document.querySelector("#fraction")?.textContent.replace(/\s/g, "").match(/[\d,]+/g)?.join(" ") === `${numerator} ${denominator}`,
  wanted, { timeout: 10000 }).catch(async () => {
    assert.fail(`${what}: wanted ${wanted}, seen ${await text(page, "#rate")} ${await text(page, "#fraction")}`);
  });
}

async function column(page, table, at) {
  return page.$$eval(`${table} tbody tr`, (rows, index) => rows.map((row) => row.children[index].firstChild.textContent), at);
}

step("the API says what the report says", async () => {
  for (const report of reports) {
    const { coverage } = await api(report.query);
    const { rate, numerator, denominator } = coverage;
    assert.deepEqual({ query: report.query, rate, numerator, denominator }, report);
  }
});

step("the page says what the API says, in both languages and three widths", async () => {
  const data = await api();
  for (const language of ["zh", "en"]) {
    const { context, page, wrongs } = await pageOpen(browser, origin);
    for (const width of [360, 768, 1280]) {
      const what = `${language} at ${width} px`;
      await page.setViewportSize({ width, height: 900 });
      const answer = await page.goto(`${origin}/coverage${language === "en" ? "?lang=en" : ""}`);
      assert.ok(!answer.headers()["content-security-policy"].includes("unsafe"), what);
      await ready(page);
      await shows(page, data.coverage, what);
      assert.equal(await page.getAttribute("html", "lang"), language === "en" ? "en" : "zh-CN");
      assert.equal(await text(page, "#definition"), data.definition.id);
      const proof = await text(page, ".proof");
      for (const part of [data.definition[language], data.from, data.to, data.as_of, String(data.revision)]) {
        assert.ok(proof.includes(part), `${what}: ${part} is missing in ${proof}`);
      }
      assert.ok((await text(page, ".verdict")).includes(data.target), what);
      await widthCheck(page, what);
      await namesCheck(page, what);
      assert.ok(await coloursOf(page, "#map canvas") > 20, `${what}: the map is empty`);
      assert.ok(await coloursOf(page, "#trend canvas") > 20, `${what}: the trend is empty`);
      if (shots !== "") {
        await page.screenshot({ path: `${shots}/coverage-${language}-${width}.png`, fullPage: true });
      }
    }
    assert.deepEqual(wrongs, []);
    await context.close();
  }
});

step("tables hold every figure and sort by keyboard and mouse", async () => {
  const data = await api();
  const { context, page, wrongs } = await pageOpen(browser, origin);
  await page.goto(`${origin}/coverage`);
  await ready(page);
  assert.equal((await column(page, "#townships", 0)).length, data.townships.length);
  const rates = data.townships.map((one) => (one.denominator > 0 ? one.numerator / one.denominator : Infinity));
  const shown = await column(page, "#townships", 0);
  const byName = new Map(data.townships.map((one, at) => [one.name, rates[at]]));
  assert.deepEqual(shown.map((name) => byName.get(name)), [...rates].sort((a, b) => a - b), "the lowest rate is first");
  const head = page.locator("#townships th[scope=col] button", { hasText: "场次" }).first();
  await head.click();
  const sessions = (await column(page, "#townships", 5)).map((cell) => Number(cell.replace(",", "")));
  assert.deepEqual(sessions, data.townships.map((one) => one.sessions).sort((a, b) => b - a));
  assert.equal(await page.getAttribute("#townships th[aria-sort]", "aria-sort"), "descending");
  await page.keyboard.press("Enter"); /* the head has kept the focus */
  assert.equal(await page.getAttribute("#townships th[aria-sort]", "aria-sort"), "ascending");
  const visible = () => page.$$eval("#townships tbody tr", (rows) => rows.filter((row) => !row.hidden).length);
  assert.ok(await visible() < data.townships.length);
  await page.click("#townships button[data-key=all]");
  assert.equal(await visible(), data.townships.length);
  assert.deepEqual((await column(page, "#counties", 0)).sort(), data.counties.map((one) => one.name).sort());
  assert.deepEqual(wrongs, []);
  await context.close();
});

step("definition, minimum, period and area are asked for, and stand in the address", async () => {
  const { context, page, wrongs } = await pageOpen(browser, origin);
  await page.goto(`${origin}/coverage`);
  await ready(page);
  const first = await api();
  for (const definition of first.definitions) {
    await page.selectOption("#definitions", definition.id);
    await shows(page, definition, definition.id);
    assert.equal(new URL(page.url()).searchParams.get("definition"), definition.id);
  }
  await page.selectOption("#definitions", "halls-planned/1");
  await page.selectOption("#minimum", "4");
  await shows(page, (await api("?definition=halls-planned&minimum=4")).coverage, "minimum");
  const county = first.counties[1];
  await page.selectOption("#area", county.code);
  const query = `?definition=halls-planned&minimum=4&area=${county.code}`;
  await shows(page, (await api(query)).coverage, "area");
  assert.equal(await page.$$eval("#area option", (options) => options.length), first.counties.length + 1);
  const year = first.to.slice(0, 4);
  await page.selectOption("#period", `${year} h1`);
  await shows(page, (await api(`${query}&from=${year}-01-01&to=${year}-06-30`)).coverage, "first half");
  await page.selectOption("#period", "custom");
  await page.fill("#from", `${year}-03-01`);
  await page.fill("#to", `${year}-03-20`);
  await page.click(".dates button");
  await shows(page, (await api(`${query}&from=${year}-03-01&to=${year}-03-20`)).coverage, "own dates");
  /* The address alone shows the same to somebody else. */
  const other = await pageOpen(browser, origin);
  await other.page.goto(page.url());
  await ready(other.page);
  await shows(other.page, (await api(`${query}&from=${year}-03-01&to=${year}-03-20`)).coverage, "a shared address");
  assert.equal(await other.page.$eval("#area", (field) => field.value), county.code);
  await other.page.click("header .lang");
  await other.page.waitForSelector("html[lang=en] #map canvas");
  await shows(other.page, (await api(`${query}&from=${year}-03-01&to=${year}-03-20`)).coverage, "the other language");
  await other.context.close();
  await page.goBack();
  await shows(page, (await api(`${query}&from=${year}-01-01&to=${year}-06-30`)).coverage, "back");
  assert.deepEqual(wrongs, []);
  await context.close();
});

step("from the missing percent to the halls of a township", async () => {
  const data = await api();
  const unreached = data.halls.filter((hall) => hall.standing === "unreached");
  assert.ok(unreached.length > 0);
  const { context, page, wrongs } = await pageOpen(browser, origin);
  await page.goto(`${origin}/coverage?lang=en`);
  await ready(page);
  assert.equal((await page.$$("#unreached .halls li")).length, unreached.length);
  const township = data.townships.find((one) => one.code === unreached[0].township);
  const own = unreached.filter((hall) => hall.township === township.code);
  await page.selectOption("#township", township.code);
  await page.waitForFunction((count) => document.querySelectorAll("#unreached .halls li").length === count, own.length);
  assert.ok((await text(page, ".showing")).includes(township.name));
  assert.deepEqual((await page.$$eval("#unreached .halls .what", (names) => names.map((name) => name.textContent))).sort(),
    own.map((hall) => hall.name).sort());
  const id = decodeURIComponent((await page.getAttribute("#unreached .halls a", "href")).replace("/hall/", "").split("?")[0]);
  const proposals = await (await fetch(`${origin}/api/proposals?hall=${encodeURIComponent(id)}`)).json();
  await page.click("#unreached .halls button");
  if (proposals.places.length > 0) {
    await page.waitForSelector("#unreached .places-list");
    const lines = await page.$$eval("#unreached .places-list li", (items) => items.map((item) => item.textContent));
    assert.equal(lines.length, proposals.places.length);
    lines.forEach((line, at) => [proposals.places[at].date, proposals.places[at].start, proposals.places[at].course,
      proposals.places[at].instructor].forEach((part) => assert.ok(line.includes(part), `${part} in ${line}`)));
  } else {
    await page.waitForFunction((why) => document.querySelector("#unreached .answer")?.textContent === why, proposals.why.en);
  }
  const opened = await text(page, "#unreached .answer");
  await Promise.all([page.waitForResponse(/api.coverage/), page.evaluate(() => dispatchEvent(new Event("online")))]);
  await page.waitForTimeout(100);
  assert.equal(await text(page, "#unreached .answer"), opened, "asking again without news closes nothing");
  if (shots !== "") {
    await page.screenshot({ path: `${shots}/coverage-township.png`, fullPage: true });
  }
  await page.click(".showing button");
  await page.waitForFunction((count) => document.querySelectorAll("#unreached .halls li").length === count, unreached.length);
  const link = await page.getAttribute("#unreached .halls a", "href");
  assert.equal((await page.goto(`${origin}${link}`)).status(), 200);
  assert.deepEqual(wrongs, []);
  await context.close();
});

step("what cannot be asked is said; a lost connection keeps the figures", async () => {
  const data = await api();
  const { context, page } = await pageOpen(browser, origin);
  for (const path of ["/coverage?definition=none", "/api/coverage?from=2027-02-30", "/api/coverage?no=1"]) {
    assert.equal((await page.goto(`${origin}${path}`)).status(), 400, path);
  }
  for (const path of ["/coverage?area=none", "/api/coverage?area=none", "/api/proposals?hall=none", "/api/proposals?township=none"]) {
    assert.equal((await page.goto(`${origin}${path}`)).status(), 404, path);
  }
  assert.match(await (await fetch(`${origin}/api/coverage?minimum=0`)).text(), /"status":400.*minimum/);
  await page.goto(`${origin}/coverage`);
  await ready(page);
  await page.selectOption("#period", "custom");
  await page.fill("#from", "1950-01-01"); /* longer than a report may be */
  await page.click(".dates button");
  await page.waitForSelector(".status .trouble");
  await page.click(".status .trouble button");
  await page.waitForSelector(".status .trouble", { state: "detached" });
  await shows(page, data.coverage, "after the refusal");
  await context.setOffline(true);
  await page.evaluate(() => dispatchEvent(new Event("online"))); /* it asks again */
  await page.waitForSelector(".status .trouble");
  assert.ok((await text(page, ".status")).includes(`版本 ${data.revision}`));
  await shows(page, data.coverage, "offline");
  await context.setOffline(false); /* the browser says so, and the page asks again by itself */
  await page.waitForSelector(".status .trouble", { state: "detached" });
  await context.close();
});

step("a commit is seen", async () => {
  const { context, page, wrongs } = await pageOpen(browser, origin);
  await page.goto(`${origin}/coverage`);
  await ready(page);
  const before = await api();
  execFileSync(command[0], command.slice(1));
  let after = before;
  for (let i = 0; i < 200 && after.revision === before.revision; i++) {
    await new Promise((done) => setTimeout(done, 50));
    after = await api();
  }
  assert.equal(after.revision, before.revision + 1);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.waitForSelector(".status .news");
  assert.ok((await text(page, "#dates")).includes(`版本 ${after.revision}`));
  assert.deepEqual(wrongs, []);
  await context.close();
});

step("without scripts the same figures stand in tables", async () => {
  const data = await api();
  const { context, page, wrongs } = await pageOpen(browser, origin, { javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
  await page.goto(`${origin}/coverage`);
  assert.ok(await page.isVisible(".without-script"));
  assert.ok((await text(page, ".figures")).includes(rateText(data.coverage)));
  const cells = await page.$$eval("table tbody tr", (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  for (const place of [...data.counties, ...data.townships]) {
    assert.ok(cells.some((row) => row[0] === place.name && row[1] === rateText(place) &&
      row[2] === `${place.numerator} ÷ ${place.denominator}` && row[3] === String(place.sessions)), place.name);
  }
  await widthCheck(page, "plain tables");
  await page.selectOption("select[name=definition]", "villages/1");
  await page.click("form button");
  const villages = data.definitions.find((one) => one.id === "villages/1");
  assert.ok((await text(page, ".figures")).includes(rateText(villages)));
  assert.deepEqual(wrongs, []);
  await context.close();
});

step("on paper: no buttons, every row", async () => {
  const data = await api();
  const { context, page } = await pageOpen(browser, origin);
  await page.goto(`${origin}/coverage`);
  await ready(page);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.isVisible(".controls"), false);
  assert.equal(await page.isVisible(".tools"), false);
  assert.equal(await page.locator("#townships tbody tr:visible").count(), data.townships.length);
  await context.close();
});

step("a city without anything is said to be so, not reached", async () => {
  const { context, page, wrongs } = await pageOpen(browser, emptyOrigin);
  await page.goto(`${emptyOrigin}/coverage`);
  await page.waitForSelector("#rate");
  assert.equal(await text(page, "#rate"), "–");
  assert.ok((await text(page, ".status")).includes("还没有镇街和礼堂"));
  assert.equal(await page.isVisible("#map"), false);
  await widthCheck(page, "an empty city");
  if (shots !== "") {
    await page.screenshot({ path: `${shots}/coverage-empty.png`, fullPage: true });
  }
  assert.deepEqual(wrongs, []);
  await context.close();
});

let failed = 0;
for (const { name, run } of steps) {
  const began = Date.now();
  try {
    await run();
    console.log(`ok      ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (cause) {
    failed++;
    console.log(`FAILED  ${name}\n${cause.stack ?? cause}`);
  }
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
