import { describe, expect, it } from "vitest";
import { readDashboard } from "../src/coverage/data";
import {
  arrow, boxOf, boxPadded, distanceKm, farOff, panned, pinned, project, viewBox, viewHome, viewOf, ZOOM_MAX, zoomed,
} from "../src/coverage/geometry";
import { labelsPlace, textWidth, type LabelWish } from "../src/coverage/map_labels";
import { hallsShown, HALLS_FROM_ZOOM, mapModel, viewOfTownship } from "../src/coverage/map_model";
import { fixture } from "./fixture";

/* A grid of towns five kilometres apart, and what else is given. */
function towns(...others: { x: number; y: number }[]) {
  const grid = [...Array(36)].map((_, i) => ({ x: (i % 6) * 0.05, y: Math.floor(i / 6) * 0.05 }));
  return [...grid, ...others];
}

describe("far places", () => {
  it("leave the frame, alone or as a group of islands", () => {
    expect([...farOff(towns({ x: 1, y: 0.1 }))]).toEqual([36]);
    expect([...farOff(towns({ x: 1, y: 0.1 }, { x: 1.03, y: 0.12 }))].sort()).toEqual([36, 37]);
    expect([...farOff(towns({ x: 1, y: 0.1 }, { x: -1, y: 0.1 }))].sort()).toEqual([36, 37]);
  });

  it("stay where leaving them out gains little, or where they are half of the city", () => {
    expect(farOff(towns()).size).toBe(0);
    expect(farOff(towns({ x: 0.3, y: 0.3 })).size).toBe(0);
    const second = towns().map(({ x, y }) => ({ x: x + 3, y }));
    expect(farOff([...towns(), ...second]).size).toBe(0);
    expect(farOff([{ x: 0, y: 0 }, { x: 9, y: 0 }]).size).toBe(0);
    expect(farOff([...Array(9)].map(() => ({ x: 1, y: 1 }))).size).toBe(0);
  });

  it("stand at the edge in their direction", () => {
    const frame = { left: 0, right: 2, bottom: 0, top: 2 };
    expect(pinned({ x: 5, y: 1 }, frame)).toEqual({ x: 2, y: 1 });
    expect(pinned({ x: 1, y: -9 }, frame)).toEqual({ x: 1, y: 0 });
    expect(pinned({ x: 0.5, y: 1.5 }, frame)).toEqual({ x: 0.5, y: 1.5 });
    expect(arrow({ x: 1, y: 1 }, { x: 5, y: 1 })).toBe("→");
    expect(arrow({ x: 1, y: 1 }, { x: 1, y: -5 })).toBe("↓");
    expect(arrow({ x: 1, y: 1 }, { x: -5, y: 7 })).toBe("↖");
  });
});

describe("the plane", () => {
  it("has equal scales: a kilometre is as long both ways", () => {
    const middle = project(28.6, 121.4, 28.6);
    expect(distanceKm(middle, project(28.7, 121.4, 28.6))).toBeCloseTo(11.12, 2);
    expect(distanceKm(middle, project(28.6, 121.5, 28.6))).toBeCloseTo(9.76, 2);
    const box = viewBox(viewHome({ left: 0, right: 1, bottom: 0, top: 1 }), { left: 0, right: 1, bottom: 0, top: 1 }, 800, 400);
    expect((box.right - box.left) / 800).toBeCloseTo((box.top - box.bottom) / 400);
    expect(box.top - box.bottom).toBeCloseTo(1);
  });

  it("is never empty", () => {
    expect(boxOf([])).toEqual({ left: -0.5, right: 0.5, bottom: -0.5, top: 0.5 });
    const point = boxPadded(boxOf([{ x: 1, y: 2 }]), 0.1, 0.03);
    expect(point.right - point.left).toBeCloseTo(0.036);
  });
});

describe("the view", () => {
  const home = { left: 0, right: 2, bottom: 0, top: 2 };

  it("keeps the point under the pointer when it zooms", () => {
    const before = viewHome(home);
    const after = zoomed(before, 2, { x: 0.5, y: 0.5 }, home);
    const share = (view: typeof before): number => {
      const box = viewBox(view, home, 100, 100);
      return (0.5 - box.left) / (box.right - box.left);
    };
    expect(share(after)).toBeCloseTo(share(before));
    expect(after.zoom).toBe(2);
  });

  it("is whole again at 1, and stops at its ends", () => {
    const near = zoomed(viewHome(home), 4, { x: 0.1, y: 0.1 }, home);
    expect(zoomed(near, 0.1, near, home)).toEqual(viewHome(home));
    expect(zoomed(near, 1000, near, home).zoom).toBe(ZOOM_MAX);
    expect(panned(near, -50, 50, home)).toMatchObject({ x: 0, y: 2 });
  });

  it("shows a target whole", () => {
    const target = { left: 0.4, right: 0.8, bottom: 0.5, top: 0.6 };
    const box = viewBox(viewOf(target, home, 300, 200), home, 300, 200);
    expect(box.left).toBeLessThanOrEqual(0.4 + 1e-9);
    expect(box.right).toBeGreaterThanOrEqual(0.8 - 1e-9);
    expect(box.bottom).toBeLessThanOrEqual(0.5 + 1e-9);
  });
});

describe("the model", () => {
  const model = mapModel(readDashboard(fixture()));

  it("leaves out and counts what has no coordinates", () => {
    expect(model.townships.map((spot) => spot.township.code)).toEqual(["T1"]);
    expect(model.unplaced).toBe(1);
    expect(model.counties.map((county) => county.name)).toEqual(["示例县"]);
  });

  it("shows the halls of one township, and all when near; never those that are not in use", () => {
    const far = viewHome(model.home);
    expect(hallsShown(model, far, "")).toEqual([]);
    expect(hallsShown(model, far, "T1").map((spot) => spot.hall.id)).toEqual(["H1", "H3"]);
    expect(hallsShown(model, { ...far, zoom: HALLS_FROM_ZOOM }, "").map((spot) => spot.hall.id)).toEqual(["H1", "H3"]);
  });

  it("goes to a township, and home for one without a place", () => {
    expect(viewOfTownship(model, "T2", 400, 400)).toEqual(viewHome(model.home));
    const box = viewBox(viewOfTownship(model, "T1", 400, 400), model.home, 400, 400);
    for (const spot of model.halls) {
      expect(spot.at.x > box.left && spot.at.x < box.right && spot.at.y > box.bottom && spot.at.y < box.top).toBe(true);
    }
  });
});

describe("labels", () => {
  const wish = (x: number, y: number, text = "示例镇"): LabelWish => ({ text, x, y, radius: 5, size: 10, sides: ["bottom", "top", "right", "left"] });

  it("take another side, or none, rather than cover each other", () => {
    expect(labelsPlace([...Array(4)].map(() => wish(100, 100)), 400, 400)).toEqual(["bottom", "top", "right", "left"]);
    expect(labelsPlace([...Array(9)].map(() => wish(100, 100)), 400, 400).filter((side) => side === null).length).toBe(5);
  });

  it("stay inside the frame", () => {
    expect(labelsPlace([wish(100, 395)], 400, 400)).toEqual(["top"]);
    expect(labelsPlace([wish(2, 200)], 400, 400)).toEqual(["right"]);
    expect(labelsPlace([wish(10, 10)], 20, 20)).toEqual([null]);
  });

  it("know wide letters", () => {
    expect(textWidth("礼堂", 10)).toBe(20);
    expect(textWidth("ab", 10)).toBe(12);
  });
});
