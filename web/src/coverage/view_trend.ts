/* view_trend: sessions month by month, and how the rate grew towards the target. The same as a table below. */
import { chartCreate, tooltip, tooltipLines, type Chart, type ChartOption } from "./charts";
import { h, fill } from "../dom";
import type { Dashboard, Month } from "./data";
import { themeColours, type ThemeColours } from "./theme";
import { hundredths } from "./verdict";
import { count, rateText, type Words } from "./words";

/* "2027-01" → "1月" or "Jan"; with the year where a year begins, if there are several. */
export function monthName(month: string, english: boolean, years: number): string {
  const number = Number(month.slice(5));
  const name = english ? ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][number - 1] ?? month
    : `${number}月`;
  return years > 1 && number === 1 ? `${month.slice(0, 4)}\n${name}` : name;
}

export class TrendView {
  readonly element = h("div", { class: "trend" });
  private canvas = h("div", { class: "canvas", role: "img" });
  private legend = h("ul", { class: "legend" });
  private table = h("details", { class: "figures-table" });
  private chart: Chart | null = null;
  private data: Dashboard | null = null;

  constructor(private words: Words, private english: boolean) {
    this.element.append(this.canvas, this.legend, this.table);
    new ResizeObserver(() => {
      this.chart?.resize();
      this.draw();
    }).observe(this.canvas);
  }

  show(data: Dashboard): void {
    this.data = data;
    if (this.chart === null && this.canvas.clientWidth > 0) {
      this.chart = chartCreate(this.canvas);
    }
    this.tableShow(data.months);
    this.draw();
  }

  repaint(): void {
    this.draw();
  }

  private tableShow(months: readonly Month[]): void {
    const { words } = this;
    const heads = [words.month, words.planned, words.held, words.heads, words.reachedOf, words.cumulative];
    fill(this.table, h("summary", { "data-key": "trend-table" }, words.asTable),
      h("table", null,
        h("caption", { class: "unseen" }, words.trend),
        h("thead", null, h("tr", null, ...heads.map((head, at) => h("th", { scope: "col", class: at > 0 ? "number" : "name" }, head)))),
        h("tbody", null, ...months.map((month) => h("tr", null,
          h("th", { scope: "row", class: "name" }, month.month),
          ...[count(month.planned), count(month.held), count(month.heads),
            `${count(month.numerator)} ÷ ${count(month.denominator)}`, rateText(month.rate)]
            .map((cell) => h("td", { class: "number" }, cell)))))));
  }

  private draw(): void {
    const { chart, data, words } = this;
    if (chart === null || data === null) {
      return;
    }
    const colours = themeColours();
    const target = hundredths(data.target);
    chart.setOption(this.option(data, target, colours), { notMerge: true });
    this.canvas.setAttribute("aria-label", words.trendLabel(data.from, data.to, data.coverage.rate));
    fill(this.legend,
      h("li", null, h("i", { class: "bar planned" }), words.planned), h("li", null, h("i", { class: "bar held" }), words.held),
      h("li", null, h("i", { class: "line" }), words.cumulative),
      target !== null && h("li", null, h("i", { class: "line target" }), `${words.targetLine} ${data.target} %`));
  }

  private option(data: Dashboard, target: number | null, colours: ThemeColours): ChartOption {
    const { words } = this;
    const years = new Set(data.months.map((month) => month.month.slice(0, 4))).size;
    const names = data.months.map((month) => monthName(month.month, this.english, years));
    const axis = { axisLabel: { color: colours.soft, fontFamily: colours.font, fontSize: 11 }, axisTick: { show: false } };
    return {
      animation: false,
      grid: { left: 4, right: 4, top: 30, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: {
        ...tooltip(colours), trigger: "axis", axisPointer: { type: "shadow" },
        formatter: (items) => {
          const month = data.months[(Array.isArray(items) ? items[0] : items)?.dataIndex ?? 0];
          return month === undefined ? "" : tooltipLines(month.month, [
            `${words.planned} ${count(month.planned)} · ${words.held} ${count(month.held)}`,
            `${words.heads} ${count(month.heads)}`,
            `${words.cumulative} ${rateText(month.rate)} · ${count(month.numerator)} ÷ ${count(month.denominator)}`]);
        },
      },
      xAxis: { type: "category", data: names, ...axis, axisLine: { lineStyle: { color: colours.line } } },
      yAxis: [
        { type: "value", name: words.sessions, nameTextStyle: { color: colours.soft, align: "left", fontFamily: colours.font }, minInterval: 1,
          ...axis, splitLine: { lineStyle: { color: colours.line } } },
        { type: "value", name: "%", nameTextStyle: { color: colours.soft, align: "right" }, min: 0, max: 100, interval: 25, ...axis,
          splitLine: { show: false } },
      ],
      series: [
        { type: "bar", name: words.planned, data: data.months.map((month) => month.planned), barGap: "-100%", barMaxWidth: 34,
          itemStyle: { color: colours.line }, z: 1 },
        { type: "bar", name: words.held, data: data.months.map((month) => month.held), barMaxWidth: 34,
          itemStyle: { color: colours.soft }, z: 2 },
        { type: "line", name: words.cumulative, yAxisIndex: 1, symbolSize: 6, z: 4,
          data: data.months.map((month) => { const rate = hundredths(month.rate); return rate === null ? null : rate / 100; }),
          itemStyle: { color: colours.mark }, lineStyle: { color: colours.mark, width: 3 } },
        ...(target === null ? [] : [{ type: "line" as const, name: words.targetLine, yAxisIndex: 1, symbol: "none", z: 3, silent: true,
          data: data.months.map(() => target / 100), lineStyle: { color: colours.warn, width: 2, type: "dashed" as const } }]),
      ],
    };
  }
}
