/* view_headline: what a director reads in ten seconds: the rate, the target, and everything that makes the rate a
 * statement: numerator, denominator, definition, period, date, revision. */
import { fill, h } from "../dom";
import type { Dashboard } from "./data";
import { distance, grade, hundredths, missing, unreached } from "./verdict";
import { count, rateText, unitOf, type Words } from "./words";

/* Full width is 100 %; near the top a rate and its target are still told apart by words and by the mark. */
function meter(data: Dashboard, words: Words): HTMLElement | null {
  const rate = hundredths(data.coverage.rate);
  const target = hundredths(data.target);
  if (rate === null) {
    return null;
  }
  const bar = h("span", { class: "bar" });
  bar.style.width = `${Math.min(rate, 10000) / 100}%`;
  const mark = h("span", { class: "mark" });
  mark.style.left = `${Math.min(target ?? 10000, 10000) / 100}%`;
  return h("div", { class: "meter", role: "img", "aria-label": words.meter(data.coverage.rate, data.target ?? "–") },
    bar, target !== null && mark);
}

function verdict(data: Dashboard, words: Words): HTMLElement {
  const { coverage, target } = data;
  const reached = grade(coverage, target);
  const unit = unitOf(words, data.definition.id);
  if (reached === "none") {
    return h("p", { class: "verdict" }, h("b", { class: "chip none" }, words.targetNone), " ", words.noneCounted);
  }
  if (hundredths(target) === null) {
    return h("p", { class: "verdict" });
  }
  const points = distance(coverage, target);
  const gap = missing(coverage, target);
  const words_of_gap = points === "0.00" ? (gap > 0 ? "" : words.equal)
    : gap > 0 ? words.below(points) : words.above(points);
  const parts = [words.target(target ?? ""), words_of_gap, gap > 0 ? words.toGo(count(gap), unit) : ""];
  return h("p", { class: "verdict" },
    h("b", { class: `chip ${reached}` }, gap > 0 ? `✗ ${words.targetMissed}` : `✓ ${words.targetReached}`), " ",
    parts.filter((part) => part !== "").join(words.separator === "、" ? "，" : ", "));
}

function tile(value: string, title: string, link?: string): HTMLElement {
  const inside = [h("b", null, value), h("span", null, title)];
  return h("li", null, link === undefined ? h("div", null, ...inside) : h("a", { href: link }, ...inside));
}

export function headlineShow(element: HTMLElement, data: Dashboard, english: boolean, words: Words): void {
  const { coverage } = data;
  const total = (pick: (month: Dashboard["months"][number]) => number): string =>
    count(data.months.reduce((sum, month) => sum + pick(month), 0));
  const unit = unitOf(words, data.definition.id);
  const reached = grade(coverage, data.target);
  fill(element,
    h("div", { class: "rate" },
      h("p", { class: `big ${reached}`, id: "rate" }, rateText(coverage.rate)),
      meter(data, words),
      verdict(data, words)),
    h("div", { class: "proof" },
      h("p", { id: "fraction" }, h("b", null, words.fraction(count(coverage.numerator), count(coverage.denominator), unit))),
      h("p", null, `${words.definition}${english ? ": " : "："}`, english ? data.definition.en : data.definition.zh,
        ` · ${words.minimumIs(String(data.minimum))} `, h("code", { id: "definition" }, data.definition.id)),
      h("p", { id: "dates" }, `${words.span(data.from, data.to)} · ${words.asOf(data.as_of)} · ${words.revision(data.revision)}`),
      h("p", { class: "soft" }, words.notCounted(count(coverage.exempt), count(coverage.closed)))),
    h("ul", { class: "tiles" },
      tile(count(unreached(coverage)), words.unreachedTile, "#unreached"),
      tile(total((month) => month.planned), words.planned),
      tile(total((month) => month.held), words.held),
      tile(total((month) => month.heads), words.heads)));
}
