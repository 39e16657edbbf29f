/* view_map: townships as dots, halls when one is near enough. The reader zooms by buttons, by double click or by the wheel with
 * Ctrl (a bare wheel scrolls the page), and drags when zoomed in. No tiles, no borders: only the coordinates that
 * the database has. */
import { chartCreate, tooltip, tooltipLines, type Chart, type ChartOption, type ScatterItem } from "./charts";
import { fill, h } from "../dom";
import type { Dashboard, Standing } from "./data";
import { arrow, panned, viewBox, viewHome, zoomed, type Box, type Point, type View } from "./geometry";
import { labelsPlace, type LabelWish, type Side } from "./map_labels";
import { HALLS_FROM_ZOOM, hallsShown, mapModel, viewOfTownship, type HallSpot, type MapModel, type TownshipSpot } from "./map_model";
import { faint, gradeColour, themeColours, type ThemeColours } from "./theme";
import { grade, unreached, type Grade } from "./verdict";
import { count, rateText, type Words } from "./words";

const HALL_SYMBOLS: Record<Standing, string> =
  { reached: "circle", unreached: "diamond", exempt: "rect", closed: "triangle", "not-in-use": "rect" };
const LABEL_PX = 11;

/* A township as it is drawn now. */
interface Dot {
  spot: TownshipSpot;
  own: Grade;
  at: Point;
  size: number;
  far: boolean; /* stands at the edge of the frame */
  missed: boolean;
  chosen: boolean;
  named: boolean;
  name: string;
}

const CLICK_PX = 5; /* a press that moved farther is a drag */

export class MapView {
  readonly element = h("div", { class: "map" });
  private canvas = h("div", { class: "canvas", role: "img" });
  private tools = h("div", { class: "tools" });
  private legend = h("ul", { class: "legend" });
  private note = h("p", { class: "soft" });
  private chart: Chart | null = null;
  private model: MapModel | null = null;
  private data: Dashboard | null = null;
  private view: View = { x: 0, y: 0, zoom: 1 };
  private chosen = "";

  constructor(private words: Words, private choose: (township: string) => void) {
    this.element.append(this.canvas, this.tools, this.legend, this.note);
    fill(this.tools,
      this.tool("+", words.zoomIn, () => this.zoom(2)),
      this.tool("−", words.zoomOut, () => this.zoom(0.5)),
      this.tool("⤢", words.zoomHome, () => this.choose("")));
    this.listen();
    new ResizeObserver(() => {
      this.chart?.resize();
      this.draw();
    }).observe(this.canvas);
  }

  private tool(sign: string, title: string, press: () => void): HTMLElement {
    return h("button", { type: "button", title, "aria-label": title, onclick: press }, sign);
  }

  show(data: Dashboard, chosen: string): void {
    const moved = this.model === null || this.data?.city !== data.city || this.data.townships.length !== data.townships.length;
    this.data = data;
    this.model = mapModel(data);
    if (this.chart === null && this.canvas.clientWidth > 0) {
      this.chart = chartCreate(this.canvas);
      this.chart.on("click", (event) => {
        const code = (event.data as { code?: string } | undefined)?.code;
        if (code !== undefined) {
          this.choose(code);
        }
      });
    }
    if (moved || chosen !== this.chosen) {
      this.chosen = chosen;
      this.view = chosen === "" ? viewHome(this.model.home)
        : viewOfTownship(this.model, chosen, this.width(), this.height());
    }
    this.draw();
  }

  /* After the colours changed. */
  repaint(): void {
    this.draw();
  }

  private width(): number {
    return Math.max(this.canvas.clientWidth, 1);
  }

  private height(): number {
    return Math.max(this.canvas.clientHeight, 1);
  }

  private narrow(): boolean {
    return this.width() < 480;
  }

  private frame(): Box {
    const home = this.model?.home ?? { left: 0, right: 1, bottom: 0, top: 1 };
    return viewBox(this.view, home, this.width(), this.height());
  }

  private zoom(factor: number, about?: Point): void {
    if (this.model !== null) {
      this.view = zoomed(this.view, factor, about ?? this.view, this.model.home);
      this.draw();
    }
  }

  /* Pixels of the canvas → the plane. */
  private place(event: MouseEvent): Point {
    const bounds = this.canvas.getBoundingClientRect();
    const frame = this.frame();
    return {
      x: frame.left + ((event.clientX - bounds.left) / bounds.width) * (frame.right - frame.left),
      y: frame.top - ((event.clientY - bounds.top) / bounds.height) * (frame.top - frame.bottom),
    };
  }

  private listen(): void {
    let drag: { x: number; y: number; moved: boolean } | null = null;
    this.canvas.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        this.zoom(event.deltaY < 0 ? 1.25 : 0.8, this.place(event));
      }
    }, { passive: false });
    this.canvas.addEventListener("dblclick", (event) => this.zoom(2, this.place(event)));
    this.canvas.addEventListener("pointerdown", (event) => {
      drag = { x: event.clientX, y: event.clientY, moved: false };
    });
    addEventListener("pointerup", () => {
      drag = null;
      this.canvas.classList.remove("dragging");
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (drag === null || this.model === null || this.view.zoom <= 1) {
        return;
      }
      const dx = event.clientX - drag.x;
      const dy = event.clientY - drag.y;
      if (!drag.moved && Math.hypot(dx, dy) < CLICK_PX) {
        return;
      }
      const frame = this.frame();
      this.view = panned(this.view, (-dx * (frame.right - frame.left)) / this.width(),
        (dy * (frame.top - frame.bottom)) / this.height(), this.model.home);
      drag = { x: event.clientX, y: event.clientY, moved: true };
      this.canvas.classList.add("dragging");
      this.draw();
    });
  }

  private draw(): void {
    const { chart, model, data } = this;
    if (chart === null || model === null || data === null) {
      return;
    }
    const colours = themeColours();
    const frame = this.frame();
    const near = this.view.zoom >= HALLS_FROM_ZOOM;
    const halls = hallsShown(model, this.view, this.chosen)
      .filter(({ at }) => at.x >= frame.left && at.x <= frame.right && at.y >= frame.bottom && at.y <= frame.top);
    const dots = this.dots(model, data, near);
    const sides = this.sides(model, dots, halls, frame, near);
    const option: ChartOption = {
      animation: false,
      grid: { left: 0, right: 0, top: 0, bottom: 0 },
      xAxis: { type: "value", min: frame.left, max: frame.right, show: false },
      yAxis: { type: "value", min: frame.bottom, max: frame.top, show: false },
      tooltip: { ...tooltip(colours), trigger: "item" },
      series: [
        this.countySeries(model, colours, sides),
        this.townshipSeries(dots, colours, sides, near),
        this.hallSeries(halls, colours, sides),
      ],
    };
    chart.setOption(option, { notMerge: true, lazyUpdate: false });
    this.canvas.classList.toggle("zoomed", this.view.zoom > 1);
    const below = data.townships.filter((one) => ["below", "far"].includes(grade(one, data.target))).length;
    this.canvas.setAttribute("aria-label", this.words.mapLabel(model.townships.length, below));
    this.legendShow(data, near || this.chosen !== "");
    this.note.textContent = [this.words.mapHint, this.words.mapNote,
      model.unplaced > 0 ? this.words.noCoordinates(model.unplaced) : ""].join(this.words.separator === "、" ? "" : " ");
  }

  /* What is drawn of the townships: what misses the target last, on top of the rest. */
  private dots(model: MapModel, data: Dashboard, near: boolean): Dot[] {
    const largest = Math.max(...data.townships.map((one) => one.denominator), 1);
    const whole = this.view.zoom <= 1;
    const order: Grade[] = ["none", "reached", "below", "far"];
    return model.townships.map((spot): Dot => {
      const own = grade(spot.township, data.target);
      const edge = whole ? spot.edge : null;
      const name = edge === null ? spot.township.name
        : this.words.farAway(spot.township.name, arrow(this.view, spot.at), String(Math.round(spot.km)));
      const chosen = spot.township.code === this.chosen;
      return { spot, own, at: edge ?? spot.at, far: edge !== null, name, chosen, missed: own === "below" || own === "far",
        named: near || edge !== null || chosen || own === "far" || (own === "below" && !this.narrow()),
        size: 7 + (this.narrow() ? 11 : 17) * Math.sqrt(spot.township.denominator / largest) };
    }).sort((a, b) => order.indexOf(a.own) - order.indexOf(b.own));
  }

  /* Which names are shown, and on which side: what stands at the edge, counties, the chosen, then what misses the
   * target by much, then the rest. */
  private sides(model: MapModel, dots: readonly Dot[], halls: readonly HallSpot[], frame: Box, near: boolean): Map<object, Side> {
    const width = this.width();
    const height = this.height();
    const wish = (text: string, at: Point, radius: number, size: number, sides: readonly Side[]): LabelWish => ({
      text, radius, size, sides, x: ((at.x - frame.left) / (frame.right - frame.left)) * width,
      y: ((frame.top - at.y) / (frame.top - frame.bottom)) * height,
    });
    const around: readonly Side[] = ["bottom", "top", "right", "left"];
    const rank = (dot: Dot): number => (dot.chosen ? 0 : dot.own === "far" ? 1 : dot.missed ? 2 : 3);
    const all: { owner: object; wish: LabelWish }[] = [
      ...dots.filter((dot) => dot.far).map((dot) =>
        ({ owner: dot.spot, wish: wish(dot.name, dot.at, dot.size / 2 + 2, LABEL_PX, around) })),
      ...(near ? [] : model.counties.map((county) =>
        ({ owner: county, wish: wish(county.name, county.at, 0, this.countySize(), ["inside", "top", "bottom"]) }))),
      ...dots.filter((dot) => dot.named && !dot.far).sort((a, b) => rank(a) - rank(b) || b.size - a.size).map((dot) =>
        ({ owner: dot.spot, wish: wish(dot.name, dot.at, dot.size / 2, LABEL_PX, around) })),
      ...halls.filter(({ hall }) => hall.standing === "unreached").map((spot) =>
        ({ owner: spot, wish: wish(spot.hall.name, spot.at, 7, LABEL_PX, ["right", "left", "bottom", "top"]) })),
    ];
    const placed = labelsPlace(all.map((one) => one.wish), width, height);
    return new Map(all.flatMap(({ owner }, at): [object, Side][] => {
      const side = placed[at];
      return side === null || side === undefined ? [] : [[owner, side]];
    }));
  }

  private countySize(): number {
    return this.narrow() ? 12 : 15;
  }

  private countySeries(model: MapModel, colours: ThemeColours, sides: Map<object, Side>): object {
    return {
      type: "scatter", silent: true, symbolSize: 0.01, z: 4,
      data: model.counties.map((county) => ({ value: [county.at.x, county.at.y], name: county.name,
        label: { show: sides.has(county), position: sides.get(county) ?? "inside" } })),
      label: {
        formatter: "{b}", color: colours.soft, fontSize: this.countySize(), fontFamily: colours.font, fontWeight: "bold",
        textBorderColor: colours.paper, textBorderWidth: 3,
      },
    };
  }

  private townshipItem(dot: Dot, colours: ThemeColours, side: Side | undefined, near: boolean): ScatterItem {
    const colour = gradeColour(colours, dot.own);
    const hollow = dot.own === "none";
    const border = dot.chosen ? colours.ink : hollow ? colour : colours.paper;
    return {
      value: [dot.at.x, dot.at.y], name: dot.spot.township.name, code: dot.spot.township.code, spot: dot.spot,
      symbol: dot.far ? "diamond" : "circle", symbolSize: dot.far ? dot.size + 4 : dot.size,
      itemStyle: { color: hollow ? "transparent" : faint(colour, near || this.chosen !== "" ? 0.25 : dot.missed || dot.far ? 0.95 : 0.6),
        borderColor: border, borderWidth: dot.chosen ? 3 : 1 },
      label: { show: side !== undefined, position: side ?? "bottom", distance: 2, formatter: dot.name,
        color: dot.missed ? colour : colours.ink },
    } as ScatterItem;
  }

  private townshipSeries(dots: readonly Dot[], colours: ThemeColours, sides: Map<object, Side>, near: boolean): object {
    return {
      type: "scatter", z: 2, cursor: "pointer",
      data: dots.map((dot) => this.townshipItem(dot, colours, sides.get(dot.spot), near)),
      label: { fontSize: LABEL_PX, fontFamily: colours.font, textBorderColor: colours.paper, textBorderWidth: 2 },
      tooltip: { formatter: (item: { data: { spot: TownshipSpot } }) => this.townshipTip(item.data.spot) },
    };
  }

  private townshipTip({ township, km }: TownshipSpot): HTMLElement {
    const { words } = this;
    return tooltipLines(township.name, [
      `${words.rate} ${rateText(township.rate)} · ${count(township.numerator)} ÷ ${count(township.denominator)}`,
      `${words.unreached} ${count(unreached(township))}`,
      `${words.sessions} ${count(township.sessions)} · ${words.held} ${count(township.held)}`,
      ...(km > 0 ? [words.farFrom(String(Math.round(km)))] : [])]);
  }

  private hallSeries(halls: readonly HallSpot[], colours: ThemeColours, sides: Map<object, Side>): object {
    const many = halls.length > 400;
    const sizes: Record<Standing, number> = { reached: many ? 5 : 7, unreached: 14, exempt: 8, closed: 9, "not-in-use": 6 };
    const colour: Record<Standing, string> = { reached: colours.mark, unreached: colours.stop, exempt: colours.soft,
      closed: colours.soft, "not-in-use": colours.soft };
    return {
      type: "scatter", z: 3,
      data: halls.map((spot) => ({
        value: [spot.at.x, spot.at.y], name: spot.hall.name, hall: spot.hall,
        symbol: HALL_SYMBOLS[spot.hall.standing], symbolSize: sizes[spot.hall.standing],
        itemStyle: { color: faint(colour[spot.hall.standing], this.chosen === "" || spot.hall.township === this.chosen ? 1 : 0.35), borderColor: colours.paper, borderWidth: 1 },
        label: { show: sides.has(spot), position: sides.get(spot) ?? "right" },
      })),
      label: { formatter: "{b}", distance: 2, fontSize: LABEL_PX, color: colours.stop, fontFamily: colours.font,
        textBorderColor: colours.paper, textBorderWidth: 2 },
      tooltip: { formatter: (item: { data: HallSpot }) => tooltipLines(item.data.hall.name,
        [this.words.standings[item.data.hall.standing], this.words.sessionsSoFar(String(item.data.hall.sessions))]) },
    };
  }

  private legendShow(data: Dashboard, halls: boolean): void {
    const grades = (["reached", "below", "far", "none"] as const)
      .filter((one) => data.townships.some((township) => grade(township, data.target) === one));
    const standings = (["reached", "unreached", "exempt", "closed"] as const)
      .filter((one) => halls && data.halls.some((hall) => hall.standing === one));
    fill(this.legend,
      ...grades.map((one) => h("li", null, h("i", { class: `dot ${one}` }), this.words.grades[one])),
      ...standings.map((one) => h("li", null, h("i", { class: `hall ${one}` }), this.words.standings[one])));
  }
}
