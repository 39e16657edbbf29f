import { describe, expect, it } from "vitest";
import { choiceAddress, choiceApi, choiceRead, NO_CHOICE } from "../src/coverage/choice";
import { periodName, periodOf, PERIODS, periodValid } from "../src/coverage/period";
import { sorted, turned } from "../src/coverage/sort";
import { distance, grade, hundredths, missing } from "../src/coverage/verdict";
import { count, wordsOf } from "../src/coverage/words";

const figure = (numerator: number, denominator: number, rate = "–") => ({ numerator, denominator, rate });

describe("the rate against the target", () => {
  it.each([["98.00", 9800], ["100", 10000], ["0.5", 50], ["–", null], ["98.001", null], ["", null], [null, null]])(
    "%s is %s hundredths", (text, value) => expect(hundredths(text)).toBe(value));

  it("is exact where rounding would flatter", () => {
    /* 97.996 % is written 98.00 %, and is not 98 % */
    const close = figure(24499, 25000, "98.00");
    expect(grade(close, "98.00")).toBe("below");
    expect(missing(close, "98.00")).toBe(1);
    expect(distance(close, "98.00")).toBe("0.00");
    expect(grade(figure(24500, 25000), "98.00")).toBe("reached");
    expect(missing(figure(24500, 25000), "98.00")).toBe(0);
  });

  it("says how many are missing: that many reach it, one less does not", () => {
    for (let denominator = 1; denominator <= 300; denominator++) {
      for (const numerator of [0, Math.floor(denominator / 2), denominator]) {
        const gap = missing(figure(numerator, denominator), "97.68");
        const rate = (n: number): number => (n * 10000) / denominator;
        expect(rate(numerator + gap)).toBeGreaterThanOrEqual(9768);
        if (gap > 0) {
          expect(rate(numerator + gap - 1)).toBeLessThan(9768);
        }
      }
    }
  });

  it("is none, and never full, without a denominator", () => {
    expect(grade(figure(0, 0), "98.00")).toBe("none");
    expect(missing(figure(0, 0), "98.00")).toBe(0);
    expect(distance(figure(0, 0), "98.00")).toBe("");
  });

  it("is far when ten points are missing", () => {
    expect(grade(figure(88, 100), "98.00")).toBe("below");
    expect(grade(figure(87, 100), "98.00")).toBe("far");
    expect(distance(figure(87, 100, "87.00"), "98.00")).toBe("11.00");
    expect(distance(figure(982, 1000, "98.17"), "98.00")).toBe("0.17");
  });
});

describe("the reader's choice", () => {
  it("is what the address says, there and back", () => {
    const search = "?definition=halls-held%2F1&from=2027-01-01&to=2027-06-30&area=331002&minimum=2&lang=en";
    const choice = choiceRead(search);
    expect(choice).toEqual({ language: "en", definition: "halls-held/1", from: "2027-01-01", to: "2027-06-30", area: "331002", minimum: 2 });
    expect(choiceRead(new URL(choiceAddress(choice), "http://x").search)).toEqual(choice);
    expect(choiceApi(choice)).toBe("/api/coverage?definition=halls-held%2F1&from=2027-01-01&to=2027-06-30&area=331002&minimum=2");
  });

  it("is the daemon's default when nothing is said", () => {
    expect(choiceRead("")).toEqual(NO_CHOICE);
    expect(choiceApi(NO_CHOICE)).toBe("/api/coverage");
    expect(choiceAddress(NO_CHOICE)).toBe("/coverage");
    expect(choiceRead("?minimum=-3&lang=fr&minimum=x").minimum).toBe(0);
  });

  it("cannot put options into each other's values", () => {
    const sly = { ...NO_CHOICE, area: "a&minimum=9#" };
    expect(choiceRead(new URL(choiceAddress(sly), "http://x").search)).toEqual(sly);
  });
});

describe("periods", () => {
  it("are found again by their dates", () => {
    for (const name of PERIODS) {
      const period = periodOf(name, 2027, "2027-05-20");
      expect(periodName(period.from, period.to, "2027-05-20")).toBe(name);
      expect(periodValid(period.from, period.to)).toBe(true);
    }
    expect(periodName("2027-01-02", "2027-12-31", "2027-05-20")).toBeNull();
  });

  it("end to-date within their year", () => {
    expect(periodOf("to-date", 2027, "2026-11-27")).toEqual({ from: "2027-01-01", to: "2027-01-01" });
    expect(periodOf("to-date", 2027, "2028-03-01")).toEqual({ from: "2027-01-01", to: "2027-12-31" });
    expect(periodName("2027-01-01", "2027-12-31", "2028-03-01")).toBe("year");
  });

  it("must be two days in order", () => {
    expect(periodValid("2027-02-01", "2027-01-31")).toBe(false);
    expect(periodValid("", "2027-01-31")).toBe(false);
  });
});

describe("sorting", () => {
  const rows = [{ n: 2, k: "b" }, { n: null, k: "a" }, { n: 10, k: "c" }, { n: 2, k: "a" }];

  it("goes by number, the empty ones last either way", () => {
    expect(sorted(rows, (row) => row.n, "ascending").map((row) => row.n)).toEqual([2, 2, 10, null]);
    expect(sorted(rows, (row) => row.n, "descending").map((row) => row.n)).toEqual([10, 2, 2, null]);
  });

  it("keeps the order of equals and the rows themselves", () => {
    expect(sorted(rows, (row) => row.n, "ascending").slice(0, 2).map((row) => row.k)).toEqual(["b", "a"]);
    expect(rows[0]?.n).toBe(2);
  });

  it("goes by Chinese sound", () => {
    expect(sorted(["玉环市", "椒江区", "临海市"], (name) => name, "ascending")).toEqual(["椒江区", "临海市", "玉环市"]);
  });

  it("turns on a second press", () => {
    const first = turned({ key: "rate", direction: "ascending" }, "sessions", "descending");
    expect(first).toEqual({ key: "sessions", direction: "descending" });
    expect(turned(first, "sessions", "descending").direction).toBe("ascending");
  });
});

describe("words", () => {
  it("are there in both languages, and differ", () => {
    const zh = wordsOf("zh");
    const en = wordsOf("en");
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    expect(zh.toGo(count(1234), zh.units.halls)).toBe("还差 1,234 座礼堂");
    expect(en.sessionsOf(1)).toBe("1 session");
  });
});
