/* view_unreached: the list behind the missing percent: every hall that was not reached, by township, each one step
 * from its page and from the sessions that would reach it. */
import { fill, h } from "../dom";
import type { Dashboard, Hall } from "./data";
import { placeWhen } from "./proposals";
import { sorted } from "./sort";
import { askProposals } from "./source";
import { count, type Words } from "./words";

const STEP = 30;

export interface UnreachedOptions {
  words: Words;
  english: boolean;
  chosen: string; /* township */
  choose: (township: string) => void;
  proposalsAddress: (hall: string) => string;
}

/* Those below the minimum; with the township's name, in the order of names. */
export function unreachedHalls(data: Dashboard, township: string): { hall: Hall; place: string }[] {
  const names = new Map(data.townships.map((one) => [one.code, one.name]));
  const rows = data.halls.filter((hall) => hall.standing === "unreached" && (township === "" || hall.township === township))
    .map((hall) => ({ hall, place: names.get(hall.township) ?? hall.township }));
  return sorted(rows, (row) => `${row.place} ${row.hall.name}`, "ascending");
}

export class UnreachedView {
  readonly element = h("div", { class: "unreached-list" });
  private shown = STEP;
  private township = "";

  private filter(data: Dashboard, options: UnreachedOptions): HTMLElement {
    const { words } = options;
    const left = new Map<string, number>();
    data.halls.filter((hall) => hall.standing === "unreached")
      .forEach((hall) => left.set(hall.township, (left.get(hall.township) ?? 0) + 1));
    const field = h("select", { id: "township", "data-key": "township", onchange: () => options.choose(field.value) },
      h("option", { value: "" }, words.allTownships),
      ...sorted(data.townships.filter((one) => left.has(one.code) || one.code === options.chosen), (one) => one.name, "ascending")
        .map((one) => h("option", { value: one.code }, `${one.name} (${left.get(one.code) ?? 0})`)));
    field.value = options.chosen;
    return h("label", { class: "field" }, h("span", null, words.filter), field);
  }

  /* Asked for once opened; closing forgets it, so that it is never older than the list. */
  private async proposals(hall: Hall, answer: HTMLElement, button: HTMLElement, options: UnreachedOptions): Promise<void> {
    const { words, english } = options;
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", open ? "false" : "true");
    if (open) {
      fill(answer);
      return;
    }
    fill(answer, h("p", { class: "soft" }, words.loading));
    const result = await askProposals(options.proposalsAddress(hall.id));
    if (button.getAttribute("aria-expanded") !== "true") {
      return;
    }
    if (result.kind !== "data") {
      fill(answer, h("p", { class: "wrong" }, words.failed(result.why)));
    } else if (result.data.places.length === 0) {
      const { why } = result.data;
      fill(answer, h("p", { class: "soft" }, (english ? why?.en : why?.zh) ?? words.proposalsNone));
    } else {
      fill(answer, h("p", { class: "soft" }, words.proposalsTitle), h("ol", { class: "places-list" },
        ...result.data.places.map((place) => h("li", null, h("b", null, placeWhen(place, words)), ` ${place.course} · `,
          place.instructor !== null && `${place.instructor} · `, words.travel(place.travel), !place.easy && ` · ${words.notEasy}`))));
    }
  }

  private line({ hall, place }: { hall: Hall; place: string }, hidden: boolean, options: UnreachedOptions): HTMLElement {
    const { words, english } = options;
    const answer = h("div", { class: "answer", "aria-live": "polite" });
    const button: HTMLElement = h("button", { type: "button", class: "quiet", "data-key": `how-${hall.id}`, "aria-expanded": "false",
      "aria-label": words.proposalsFor(hall.name), onclick: () => void this.proposals(hall, answer, button, options) }, words.proposals);
    return h("li", { hidden },
      h("span", { class: "what" }, hall.name),
      h("span", { class: "where" }, place, hall.sessions > 0 && ` · ${words.sessionsSoFar(count(hall.sessions))}`),
      h("span", { class: "steps" },
        h("a", { href: `/hall/${encodeURIComponent(hall.id)}${english ? "?lang=en" : ""}` }, words.hallPage), button), answer);
  }

  show(data: Dashboard, heading: HTMLElement, options: UnreachedOptions): void {
    const { words, chosen } = options;
    if (chosen !== this.township) {
      this.township = chosen;
      this.shown = STEP;
    }
    const rows = unreachedHalls(data, chosen);
    const all = data.halls.filter((hall) => hall.standing === "unreached").length;
    const rest = rows.length - this.shown;
    const byHall = data.definition.id.startsWith("halls");
    heading.textContent = words.unreachedTitle(rows.length);
    fill(this.element,
      !byHall && h("p", { class: "soft" }, words.unreachedOther),
      all > 0 && this.filter(data, options),
      rows.length === 0 ? h("p", { class: "nothing" }, words.unreachedNone)
        : h("ol", { class: "halls" }, ...rows.map((row, at) => this.line(row, at >= this.shown, options))),
      rest > 0 && h("button", { type: "button", class: "quiet", "data-key": "more",
        onclick: () => {
          this.shown += STEP * 4;
          this.show(data, heading, options);
        } }, words.more(Math.min(rest, STEP * 4))));
  }
}
