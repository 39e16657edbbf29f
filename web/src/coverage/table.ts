/* table: a table that is sorted by its heads. On a narrow screen columns marked `wide` leave, and what matters of
 * them stands in small print under the row's name. */
import { fill, h, type Child } from "../dom";
import { sorted, turned, type Cell, type Direction, type Order } from "./sort";
import type { Words } from "./words";

export interface Column<T> {
  key: string;
  title: string;
  value: (row: T) => Cell; /* what it is sorted by */
  show?: (row: T) => Child; /* what is seen; the value unless given */
  first: Direction;
  kind: "name" | "number";
  wide?: boolean; /* for wide screens only */
}

export interface TableOptions<T> {
  caption: string;
  columns: Column<T>[];
  order: Order<string>;
  small: (row: T) => string; /* stands below the name where wide columns have no room */
  limit: number; /* rows before "show all" */
  rowKey: (row: T) => string;
  chosen?: (row: T) => boolean;
}

export class SortedTable<T> {
  readonly element = h("div", { class: "table" });
  private rows: readonly T[] = [];
  private order: Order<string> | null = null;
  private all = false;
  private options: TableOptions<T> | null = null;

  constructor(private words: Words) {}

  show(rows: readonly T[], options: TableOptions<T>): void {
    this.rows = rows;
    this.options = options;
    this.order ??= options.order;
    this.draw();
  }

  private heading(column: Column<T>, order: Order<string>): HTMLElement {
    const active = order.key === column.key;
    return h("th", { scope: "col", class: this.classes(column), "aria-sort": active ? order.direction : undefined },
      h("button", {
        type: "button", "data-key": `sort-${column.key}`, title: this.words.sortBy(column.title),
        onclick: () => {
          this.order = turned(order, column.key, column.first);
          this.draw();
        },
      }, column.title, h("span", { "aria-hidden": "true", class: "way" },
        !active ? "" : order.direction === "ascending" ? "▲" : "▼")));
  }

  private classes(column: Column<T>): string {
    return `${column.kind}${column.wide === true ? " wide" : ""}`;
  }

  private line(row: T, hidden: boolean, options: TableOptions<T>): HTMLElement {
    const shown = (column: Column<T>): Child =>
      column.show !== undefined ? column.show(row) : column.value(row) ?? this.words.none;
    return h("tr", { hidden, class: options.chosen?.(row) === true ? "chosen" : undefined },
      ...options.columns.map((column) => column.kind === "name"
        ? h("th", { scope: "row", class: this.classes(column) }, shown(column), h("span", { class: "small" }, options.small(row)))
        : h("td", { class: this.classes(column) }, shown(column))));
  }

  private draw(): void {
    const options = this.options;
    const order = this.order;
    if (options === null || order === null) {
      return;
    }
    const column = options.columns.find((one) => one.key === order.key) ?? options.columns[0];
    const rows = column === undefined ? this.rows : sorted(this.rows, column.value, order.direction);
    const long = rows.length > options.limit + 3;
    fill(this.element,
      h("table", null,
        h("caption", { class: "unseen" }, options.caption),
        h("thead", null, h("tr", null, ...options.columns.map((one) => this.heading(one, order)))),
        h("tbody", null, ...rows.map((row, at) => this.line(row, long && !this.all && at >= options.limit, options)))),
      long && h("button", {
        type: "button", class: "quiet", "data-key": "all", "aria-expanded": this.all ? "true" : "false",
        onclick: () => {
          this.all = !this.all;
          this.draw();
        },
      }, this.all ? this.words.showFewer : this.words.showAll(rows.length)));
  }
}
