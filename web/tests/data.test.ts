import { describe, expect, it } from "vitest";
import { DataError, readDashboard } from "../src/coverage/data";
import { choiceProposals, NO_CHOICE } from "../src/coverage/choice";
import { placeWhen, readProposals, type Place } from "../src/coverage/proposals";
import { wordsOf } from "../src/coverage/words";
import { ask } from "../src/coverage/source";
import { gapsByCategory } from "../src/coverage/view_share";
import { monthName } from "../src/coverage/view_trend";
import { unreachedHalls } from "../src/coverage/view_unreached";
import { fixture } from "./fixture";

describe("what the daemon answers", () => {
  it("is taken as it is", () => {
    const data = readDashboard(fixture());
    expect(data.coverage).toEqual({ numerator: 3, denominator: 4, rate: "75.00", exempt: 1, closed: 0 });
    expect(data.townships[1]?.lat).toBeNull();
    expect(data.townships[0]?.per_1000).toBe("1.20");
  });

  it("has no rate where nothing is to be reached, whatever it says", () => {
    const data = fixture();
    data["coverage"] = { numerator: 0, denominator: 0, rate: "100.00", exempt: 0, closed: 0 };
    expect(readDashboard(data).coverage.rate).toBe("–");
  });

  it.each([
    ["revision", "7"], ["revision", 1.5], ["coverage", null], ["townships", {}], ["halls", [{ id: "H" }]], ["months", [null]],
    ["halls", [{ id: "H", name: "n", township: "T", lat: 200, lon: 0, standing: "reached", sessions: 0 }]],
    ["halls", [{ id: "H", name: "n", township: "T", lat: 20, lon: 0, standing: "unknown", sessions: 0 }]],
    ["target", {}],
  ])("is refused by the place that is wrong: %s", (name, value) => {
    expect(() => readDashboard({ ...fixture(), [name]: value })).toThrow(DataError);
    expect(() => readDashboard({ ...fixture(), [name]: value })).toThrow(name);
  });
});

describe("asking", () => {
  const answering = (status: number, body: string) => (async () => new Response(body, { status })) as typeof fetch;

  it("brings the data", async () => {
    const answer = await ask("/api/coverage", answering(200, JSON.stringify(fixture())));
    expect(answer.kind === "data" && answer.data.revision).toBe(7);
  });

  it("tells a refusal by its sentence from trouble", async () => {
    expect(await ask("/", answering(400, '{"status":400,"detail":"没有这个口径"}'))).toEqual({ kind: "refused", why: "没有这个口径" });
    expect(await ask("/", answering(404, "<html>"))).toEqual({ kind: "refused", why: "HTTP 404" });
    expect(await ask("/", answering(503, '{"title":"busy"}'))).toEqual({ kind: "failed", why: "busy" });
  });

  it("does not take a page of somebody else for data", async () => {
    expect((await ask("/", answering(200, "<html>"))).kind).toBe("failed");
    expect((await ask("/", answering(200, "{}"))).kind).toBe("failed");
    const silent = (async () => { throw new TypeError("no connection"); }) as typeof fetch;
    expect(await ask("/", silent)).toEqual({ kind: "failed", why: "no connection" });
  });
});

describe("proposals", () => {
  const row = { date: "2027-04-19", start: "08:15", end: "09:45", course: "智慧助老", instructor: "示例甲", travel_min: 5, easy: true };

  it("are read, or are none with a reason", () => {
    const { places } = readProposals({ places: [row], why: null });
    expect(places[0]?.travel).toBe(5);
    expect(placeWhen(places[0] as Place, wordsOf("zh"))).toBe("2027-04-19（周一）08:15–09:45");
    expect(placeWhen(places[0] as Place, wordsOf("en"))).toBe("Mon 2027-04-19, 08:15–09:45");
    expect(readProposals({ places: [{ ...row, instructor: null }] }).places[0]?.instructor).toBeNull();
    expect(readProposals({ places: [], why: { zh: "无", en: "none" } }).why?.zh).toBe("无");
  });

  it("are refused when they are something else", () => {
    for (const wrong of [null, {}, { places: [{}] }, { places: [{ ...row, travel_min: "5" }] }]) {
      expect(() => readProposals(wrong)).toThrow(DataError);
    }
  });

  it("are asked for in the same period", () => {
    expect(choiceProposals({ ...NO_CHOICE, from: "2027-01-01", to: "2027-06-30", minimum: 3 }, "H&1"))
      .toBe("/api/proposals?hall=H%261&from=2027-01-01&to=2027-06-30");
  });
});

describe("lists", () => {
  it("names every unreached hall, and those of one township", () => {
    const data = readDashboard(fixture());
    expect(unreachedHalls(data, "").map((row) => row.hall.id).sort()).toEqual(["H2", "H3"]);
    expect(unreachedHalls(data, "T1").map((row) => [row.hall.id, row.place])).toEqual([["H3", "甲镇"]]);
  });

  it("puts the widest gap first", () => {
    expect(gapsByCategory(readDashboard(fixture()))).toEqual([
      { name: "家庭教育", townships: ["甲镇", "乙镇"] }, { name: "智慧助老", townships: ["乙镇"] }]);
  });

  it("names months, with the year where several meet", () => {
    expect(monthName("2027-01", false, 1)).toBe("1月");
    expect(monthName("2027-01", true, 2)).toBe("2027\nJan");
    expect(monthName("2027-12", true, 2)).toBe("Dec");
  });
});
