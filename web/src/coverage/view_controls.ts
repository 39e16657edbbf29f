/* view_controls: definition, period, area and minimum. Each change asks for new figures at once. */
import { fill, h, type Child } from "../dom";
import type { Choice } from "./choice";
import type { Dashboard } from "./data";
import { PERIODS, periodName, periodOf, periodValid, yearOf, type PeriodName } from "./period";
import type { Words } from "./words";

const MINIMA = [1, 2, 3, 4, 6, 12];

export interface ControlsOptions {
  data: Dashboard;
  counties: ReadonlyMap<string, string>; /* code → name, of the whole city */
  english: boolean;
  words: Words;
  choose: (change: Partial<Choice>) => void;
}

interface Option {
  value: string;
  title: string;
}

function select(id: string, title: string, options: Option[], value: string, onchange: (value: string) => void): HTMLElement {
  const field = h("select", { id, "data-key": id, onchange: () => onchange(field.value) },
    ...options.map((option) => h("option", { value: option.value }, option.title)));
  field.value = value;
  return h("label", { class: "field" }, h("span", null, title), field);
}

function dates(options: ControlsOptions): HTMLElement {
  const { data, words, choose } = options;
  const from = h("input", { type: "date", id: "from", value: data.from, required: true });
  const to = h("input", { type: "date", id: "to", value: data.to, required: true });
  const wrong = h("p", { class: "wrong", role: "alert" });
  return h("form", {
    class: "dates",
    onsubmit: (event) => {
      event.preventDefault();
      if (periodValid(from.value, to.value)) {
        choose({ from: from.value, to: to.value });
      } else {
        wrong.textContent = words.periodWrong;
      }
    },
  }, h("label", { class: "field" }, h("span", null, words.from), from),
    h("label", { class: "field" }, h("span", null, words.to), to),
    h("button", { type: "submit" }, words.apply), wrong);
}

/* The year before the data's, for comparing, and the data's own. */
function periodOptions(data: Dashboard, words: Words): Option[] {
  const year = yearOf(data.to);
  const own: Option[] = PERIODS.map((name) => ({ value: `${year} ${name}`, title: words.periodOfYear(year, words.periods[name]) }));
  return [...own, ...[year - 1, year + 1].map((other) =>
    ({ value: `${other} year`, title: words.periodOfYear(other, words.periods.year) }))];
}

export class Controls {
  readonly element = h("section", { class: "controls", "aria-label": "" });
  private customOpen = false;

  private periodField(options: ControlsOptions): Child[] {
    const { data, words, choose } = options;
    const name = periodName(data.from, data.to, data.as_of);
    const custom = this.customOpen || name === null;
    const field = select("period", words.period,
      [...periodOptions(data, words), { value: "custom", title: words.customPeriod }],
      custom ? "custom" : `${yearOf(data.to)} ${name}`, (value) => {
        this.customOpen = value === "custom";
        if (this.customOpen) {
          this.show(options);
          return;
        }
        const [year, chosen] = value.split(" ");
        choose(periodOf(chosen as PeriodName, Number(year), data.as_of));
      });
    return [field, custom && dates(options)];
  }

  show(options: ControlsOptions): void {
    const { data, counties, english, words, choose } = options;
    this.element.setAttribute("aria-label", words.settings);
    const minima = MINIMA.includes(data.minimum) ? MINIMA : [...MINIMA, data.minimum];
    const area = new URLSearchParams(location.search).get("area") ?? "";
    const areas = [{ value: "", title: words.wholeCity },
      ...[...counties].map(([code, name]) => ({ value: code, title: name }))];
    if (area !== "" && !counties.has(area)) { /* a township, by its address */
      areas.push({ value: area, title: data.townships.find((one) => one.code === area)?.name ?? area });
    }
    fill(this.element,
      select("definitions", words.definition,
        data.definitions.map((one) => ({ value: one.id, title: english ? one.en : one.zh })), data.definition.id,
        (value) => choose({ definition: value })),
      ...this.periodField(options),
      select("area", words.area, areas, area, (value) => choose({ area: value })),
      select("minimum", words.minimum,
        minima.map((n) => ({ value: String(n), title: words.sessionsAtLeast(n) })), String(data.minimum),
        (value) => choose({ minimum: Number(value) })));
  }
}
