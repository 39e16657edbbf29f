/* view_places: counties and townships as tables. */
import { h, type Child } from "../dom";
import type { County, Dashboard, Township } from "./data";
import { SortedTable, type Column } from "./table";
import { grade, hundredths, unreached } from "./verdict";
import { count, rateText, type Words } from "./words";

/* The rate with a bar, coloured against the target. */
function rateCell(row: County, target: string | null): HTMLElement {
  const rate = hundredths(row.rate);
  const bar = h("span", { class: `fill ${grade(row, target)}` });
  bar.style.width = `${Math.min(rate ?? 0, 10000) / 100}%`;
  return h("span", { class: "rate-cell" }, h("span", { class: "track", "aria-hidden": "true" }, bar),
    h("span", { class: `value ${grade(row, target)}` }, rateText(row.rate)));
}

function smallPrint(row: County, words: Words): string {
  const parts = [`${count(row.numerator)} ÷ ${count(row.denominator)}`, words.sessionsOf(row.sessions)];
  return parts.map((part) => part.replaceAll(" ", "\u00a0")).join(" · "); /* breaks between the parts only */
}

function columns<T extends County>(words: Words, target: string | null, name: Column<T>): Column<T>[] {
  return [
    name,
    { key: "rate", title: words.rate, kind: "number", first: "ascending",
      value: (row) => (row.denominator > 0 ? row.numerator / row.denominator : null), show: (row) => rateCell(row, target) },
    { key: "unreached", title: words.unreached, kind: "number", first: "descending", value: unreached,
      show: (row) => count(unreached(row)) },
    { key: "denominator", title: words.reachedOf, kind: "number", first: "descending", wide: true, value: (row) => row.denominator,
      show: (row) => `${count(row.numerator)} ÷ ${count(row.denominator)}` },
    { key: "sessions", title: words.sessions, kind: "number", first: "descending", wide: true, value: (row) => row.sessions,
      show: (row) => count(row.sessions) },
    { key: "held", title: words.held, kind: "number", first: "descending", wide: true, value: (row) => row.held,
      show: (row) => count(row.held) },
    { key: "heads", title: words.heads, kind: "number", first: "descending", wide: true, value: (row) => row.heads,
      show: (row) => count(row.heads) },
  ];
}

export class CountiesView {
  private table: SortedTable<County>;
  readonly element: HTMLElement;

  constructor(private words: Words, private choose: (county: string) => void) {
    this.table = new SortedTable(words);
    this.element = this.table.element;
  }

  show(data: Dashboard): void {
    const { words } = this;
    const name: Column<County> = {
      key: "name", title: words.county, kind: "name", first: "ascending", value: (row) => row.name,
      show: (row): Child => h("button", { type: "button", class: "link", "data-key": `county-${row.code}`,
        onclick: () => this.choose(row.code) }, row.name),
    };
    this.table.show(data.counties, {
      caption: words.counties, columns: columns(words, data.target, name), small: (row) => smallPrint(row, words), limit: 20, rowKey: (row) => row.code,
      order: { key: "rate", direction: "ascending" },
    });
  }
}

export class TownshipsView {
  private table: SortedTable<Township>;
  readonly element: HTMLElement;

  constructor(private words: Words, private choose: (township: string) => void) {
    this.table = new SortedTable(words);
    this.element = this.table.element;
  }

  show(data: Dashboard, chosen: string): void {
    const { words } = this;
    const counties = new Map(data.counties.map((county) => [county.code, county.name]));
    const name: Column<Township> = {
      key: "name", title: words.township, kind: "name", first: "ascending", value: (row) => row.name,
      show: (row): Child => h("button", { type: "button", class: "link", "data-key": `township-${row.code}`, title: words.onMap(row.name),
        "aria-pressed": row.code === chosen ? "true" : "false", onclick: () => this.choose(row.code === chosen ? "" : row.code) }, row.name),
    };
    const county: Column<Township> = {
      key: "county", title: words.county, kind: "number", first: "ascending", wide: true, value: (row) => counties.get(row.county) ?? null,
    };
    const perHead: Column<Township> = {
      key: "per_1000", title: words.per1000, kind: "number", first: "ascending", wide: true,
      value: (row) => (row.per_1000 === null ? null : Number(row.per_1000)), show: (row) => row.per_1000 ?? words.none,
    };
    const residents = data.townships.some((row) => row.per_1000 !== null);
    const [first, ...rest] = columns(words, data.target, name);
    this.table.show(data.townships, {
      caption: words.townships, columns: [first as Column<Township>, county, ...rest, ...(residents ? [perHead] : [])], small: (row) => smallPrint(row, words), limit: 12, rowKey: (row) => row.code,
      order: { key: "rate", direction: "ascending" }, chosen: (row) => row.code === chosen,
    });
  }
}
