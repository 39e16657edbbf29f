/* browser: one Chromium for all pages, and what every page must keep: no console errors, no request that leaves the
 * daemon, nothing wider than the screen. */
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export async function browserOpen() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/* A page in a context of its own, with a list of what it did wrong. */
export async function pageOpen(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const wrongs = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      wrongs.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => wrongs.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) {
      wrongs.push(`a request left: ${request.url()}`);
    }
  });
  return { context, page, wrongs };
}

export async function widthCheck(page, what) {
  const size = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(size[0] <= size[1], `${what}: ${size[0]} px wide on a screen of ${size[1]} px`);
}

/* How many different colours a canvas shows: 1 is an empty one. */
export async function coloursOf(page, selector) {
  return page.$eval(selector, (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4) {
      seen.add(`${data[at]},${data[at + 1]},${data[at + 2]},${data[at + 3]}`);
    }
    return seen.size;
  });
}

/* Everything that can be pressed or changed has a name, each picture a description. */
export async function namesCheck(page, what) {
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, select, input, a, summary, [role=img]")]
    .filter((one) => (one.getAttribute("aria-label") ?? one.closest("label")?.textContent ?? one.textContent ?? "").trim() === "")
    .map((one) => one.outerHTML.slice(0, 80)));
  assert.deepEqual(nameless, [], what);
}
