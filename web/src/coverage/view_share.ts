/* view_share: how evenly it is spread: the lowest tenth of townships, categories that townships lack, sessions by
 * category; and the same figures under each definition. */
import { fill, h, type Child } from "../dom";
import type { Dashboard, Figure, Lowest } from "./data";
import { hundredths } from "./verdict";
import { count, rateText, type Words } from "./words";

function bar(share: number, kind: string): HTMLElement {
  const inside = h("span", { class: `fill ${kind}` });
  inside.style.width = `${Math.round(Math.min(Math.max(share, 0), 1) * 1000) / 10}%`;
  return h("span", { class: "track", "aria-hidden": "true" }, inside);
}

export function lowestShow(element: HTMLElement, data: Dashboard, words: Words, choose: (township: string) => void): void {
  const rows = data.equity.lowest_decile;
  const residents = rows.some((row) => row.per_1000 !== null);
  const line = (row: Lowest): Child => h("tr", null,
    h("th", { scope: "row", class: "name" }, h("button", { type: "button", class: "link", "data-key": `lowest-${row.code}`,
      title: words.onMap(row.name), onclick: () => choose(row.code) }, row.name)),
    h("td", { class: "number" }, row.per_hall ?? words.none),
    residents && h("td", { class: "number" }, row.per_1000 ?? words.none));
  fill(element, h("h3", null, words.lowest), rows.length === 0 ? h("p", { class: "nothing" }, words.lowestNone) : h("table", null,
    h("caption", { class: "unseen" }, words.lowest),
    h("thead", null, h("tr", null, h("th", { scope: "col", class: "name" }, words.township),
      h("th", { scope: "col", class: "number" }, words.perHall),
      residents && h("th", { scope: "col", class: "number" }, words.per1000))),
    h("tbody", null, ...rows.map(line))));
}

/* Which townships lack a category, by category, the widest gap first. */
export function gapsByCategory(data: Dashboard): { name: string; townships: string[] }[] {
  const townships = new Map(data.townships.map((one) => [one.code, one.name]));
  const categories = new Map(data.categories.map((one) => [one.id, one.name]));
  const gaps = new Map<string, string[]>();
  for (const gap of data.equity.category_gaps) {
    const name = categories.get(gap.category) ?? gap.category;
    gaps.set(name, [...(gaps.get(name) ?? []), townships.get(gap.township) ?? gap.township]);
  }
  return [...gaps].map(([name, list]) => ({ name, townships: list })).sort((a, b) => b.townships.length - a.townships.length);
}

export function gapsShow(element: HTMLElement, data: Dashboard, words: Words): void {
  const gaps = gapsByCategory(data);
  const all = Math.max(data.townships.length, 1);
  const line = (gap: { name: string; townships: string[] }): Child => h("details", null,
    h("summary", { "data-key": `gap-${gap.name}` }, h("span", { class: "what" }, gap.name), bar(gap.townships.length / all, "below"),
      h("span", { class: "number" }, words.gapOf(gap.townships.length))),
    h("p", { class: "soft" }, gap.townships.join(words.separator)));
  fill(element, h("h3", null, words.gaps),
    gaps.length === 0 ? h("p", { class: "nothing" }, words.gapsNone) : h("div", { class: "gaps" }, ...gaps.map(line)));
}

export function categoriesShow(element: HTMLElement, data: Dashboard, words: Words): void {
  const rows = [...data.categories].sort((a, b) => b.sessions - a.sessions);
  const most = Math.max(...rows.map((row) => row.sessions), 1);
  fill(element, h("table", null,
    h("caption", { class: "unseen" }, words.categories),
    h("thead", null, h("tr", null, h("th", { scope: "col", class: "name" }, words.category),
      ...[words.sessions, words.held, words.heads].map((head) => h("th", { scope: "col", class: "number" }, head)))),
    h("tbody", null, ...rows.map((row) => h("tr", null, h("th", { scope: "row", class: "name" }, row.name, bar(row.sessions / most, "plain")),
      ...[row.sessions, row.held, row.heads].map((value) => h("td", { class: "number" }, count(value))))))));
}

export function definitionsShow(element: HTMLElement, data: Dashboard, english: boolean, words: Words, choose: (definition: string) => void): void {
  const fraction = (one: Figure): string => `${count(one.numerator)} ÷ ${count(one.denominator)}`;
  fill(element, h("table", null,
    h("caption", { class: "unseen" }, words.definitions),
    h("thead", null, h("tr", null, h("th", { scope: "col", class: "name" }, words.definition),
      h("th", { scope: "col", class: "number" }, words.rate), h("th", { scope: "col", class: "number wide" }, words.reachedOf),
      h("th", { scope: "col", class: "number" }, h("span", { class: "unseen" }, words.use)))),
    h("tbody", null, ...data.definitions.map((one) => {
      const own = one.id === data.definition.id;
      return h("tr", { class: own ? "chosen" : undefined },
        h("th", { scope: "row", class: "name" }, english ? one.en : one.zh, h("code", { class: "soft" }, one.id),
          h("span", { class: "small" }, fraction(one))),
        h("td", { class: "number" }, hundredths(one.rate) === null ? words.none : rateText(one.rate)),
        h("td", { class: "number wide" }, fraction(one)),
        h("td", { class: "number" }, own ? words.inUse : h("button", { type: "button", class: "quiet", "data-key": `use-${one.id}`,
          onclick: () => choose(one.id) }, words.use)));
    }))));
}
