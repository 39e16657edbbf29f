/* charts: the parts of Apache ECharts that the page uses, in one chunk that is fetched after the figures are shown. */
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use, type ComposeOption, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { BarSeriesOption, LineSeriesOption, ScatterSeriesOption } from "echarts/charts";
import type { GridComponentOption, TooltipComponentOption } from "echarts/components";
import type { ThemeColours } from "./theme";

use([BarChart, LineChart, ScatterChart, GridComponent, TooltipComponent, CanvasRenderer]);

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | ScatterSeriesOption | GridComponentOption | TooltipComponentOption>;
export type ScatterItem = NonNullable<ScatterSeriesOption["data"]>[number];
export type Chart = ECharts;

export function chartCreate(element: HTMLElement): Chart {
  return init(element, null, { renderer: "canvas" });
}

/* A small box of text; elements rather than markup, so that a name is never read as markup. */
export function tooltip(colours: ThemeColours): TooltipComponentOption {
  return {
    confine: true, transitionDuration: 0, backgroundColor: colours.paper, borderColor: colours.line, padding: [6, 10],
    textStyle: { color: colours.ink, fontSize: 13, fontFamily: colours.font },
  };
}

export function tooltipLines(title: string, lines: readonly string[]): HTMLElement {
  const box = document.createElement("div");
  const head = document.createElement("b");
  head.textContent = title;
  box.append(head);
  for (const line of lines) {
    const row = document.createElement("div");
    row.textContent = line;
    box.append(row);
  }
  return box;
}
