/* sort: the order of a table's rows. */

export type Direction = "ascending" | "descending";

export interface Order<K extends string> {
  key: K;
  direction: Direction;
}

export type Cell = number | string | null;

/* A new array. Rows without a value stand last in either direction; equal rows keep their order. */
export function sorted<T>(rows: readonly T[], value: (row: T) => Cell, direction: Direction): T[] {
  const words = new Intl.Collator("zh-CN");
  const sign = direction === "ascending" ? 1 : -1;
  return [...rows].sort((left, right) => {
    const a = value(left);
    const b = value(right);
    if (a === null || b === null) {
      return a === b ? 0 : a === null ? 1 : -1;
    }
    return sign * (typeof a === "number" && typeof b === "number" ? a - b : words.compare(String(a), String(b)));
  });
}

/* A click on a column's head: the other direction, or the direction that this column begins with. */
export function turned<K extends string>(order: Order<K>, key: K, first: Direction): Order<K> {
  if (order.key !== key) {
    return { key, direction: first };
  }
  return { key, direction: order.direction === "ascending" ? "descending" : "ascending" };
}
