/* main: the coverage page. The daemon sends the page with the figures as plain tables; this script puts the
 * dashboard in their place once it has the figures itself, and keeps them fresh. Without it the tables stay. */
import "./style.css";
import { fill, h } from "../dom";
import { choiceAddress, choiceApi, choiceProposals, choiceRead, NO_CHOICE, type Choice } from "./choice";
import type { Dashboard } from "./data";
import { ask } from "./source";
import { themeWatch } from "./theme";
import { Controls } from "./view_controls";
import { headlineShow } from "./view_headline";
import { CountiesView, TownshipsView } from "./view_places";
import { categoriesShow, definitionsShow, gapsShow, lowestShow } from "./view_share";
import { UnreachedView } from "./view_unreached";
import { wordsOf } from "./words";

const REFRESH_MS = 60000;

type Charts = typeof import("./view_charts");

class CoveragePage {
  private choice: Choice = choiceRead(location.search);
  private english = this.choice.language === "en";
  private words = wordsOf(this.choice.language);
  private data: Dashboard | null = null;
  private readAt = "";
  private township = "";
  private counties = new Map<string, string>();
  private newest = 0; /* the number of the newest request: a late answer to an older one is dropped */

  private status = h("div", { class: "status", role: "status", "aria-live": "polite" });
  private headline = h("section", { class: "headline" });
  private controls = new Controls();
  private countiesView = new CountiesView(this.words, (county) => this.choose({ area: county }));
  private townshipsView = new TownshipsView(this.words, (township) => this.select(township, true));
  private unreachedView = new UnreachedView();
  private unreachedHeading = h("h2", null);
  private map = h("div", null);
  private trend = h("div", null);
  private lowest = h("div", null);
  private gaps = h("div", null);
  private categories = h("div", null);
  private definitions = h("div", null);
  private footer = h("p", { class: "soft" });
  private mapHeading = h("h2", null, this.words.map);
  private showing = h("p", { class: "showing", "aria-live": "polite" });
  private charts: { map: InstanceType<Charts["MapView"]>; trend: InstanceType<Charts["TrendView"]> } | null = null;
  private body: HTMLElement;

  constructor(private main: HTMLElement) {
    const { words } = this;
    const section = (id: string, heading: HTMLElement, ...children: HTMLElement[]): HTMLElement =>
      h("section", { id, "aria-label": heading.textContent ?? "" }, heading, ...children);
    this.body = h("div", { class: "dashboard" },
      this.headline, this.controls.element,
      h("div", { class: "pair places" },
        section("map", this.mapHeading, this.showing, this.map),
        section("counties", h("h2", null, words.counties), this.countiesView.element)),
      h("div", { class: "pair places" },
        section("trend", h("h2", null, words.trend), this.trend),
        section("unreached", this.unreachedHeading, this.unreachedView.element)),
      h("div", { class: "places" }, section("townships", h("h2", null, words.townships), this.townshipsView.element)),
      h("div", { class: "pair even places" },
        section("equity", h("h2", null, words.equity), this.lowest, this.gaps),
        h("div", null,
          section("categories", h("h2", null, words.categories), this.categories),
          section("definitions-table", h("h2", null, words.definitions), this.definitions))),
      this.footer);
  }

  start(): void {
    addEventListener("popstate", () => {
      this.choice = choiceRead(location.search);
      void this.load();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") {
        void this.load(true);
      }
    });
    setInterval(() => {
      if (document.visibilityState === "visible") {
        void this.load(true);
      }
    }, REFRESH_MS);
    addEventListener("online", () => void this.load(true));
    themeWatch(() => {
      this.charts?.map.repaint();
      this.charts?.trend.repaint();
    });
    void this.load();
  }

  private choose(change: Partial<Choice>): void {
    this.choice = { ...this.choice, ...change };
    this.township = "";
    history.pushState(null, "", choiceAddress(this.choice));
    void this.load();
  }

  private select(township: string, look: boolean): void {
    this.township = township;
    this.show();
    if (look && township !== "") {
      this.mapHeading.scrollIntoView({ block: "nearest" });
    }
  }

  /* The names of all counties, also when the figures are of one. */
  private async countiesLoad(): Promise<void> {
    if (this.counties.size === 0 && this.choice.area !== "") {
      const city = await ask(choiceApi(NO_CHOICE));
      if (city.kind === "data") {
        city.data.counties.forEach((county) => this.counties.set(county.code, county.name));
      }
    } else if (this.choice.area === "" && this.data !== null) {
      this.counties = new Map(this.data.counties.map((county) => [county.code, county.name]));
    }
  }

  private async load(quiet = false): Promise<void> {
    const number = ++this.newest;
    if (!quiet) {
      this.body.setAttribute("aria-busy", "true");
      fill(this.status, h("p", { class: "waiting" }, this.words.loading));
    }
    this.languageLink();
    const answer = await ask(choiceApi(this.choice));
    if (number !== this.newest) {
      return;
    }
    this.body.removeAttribute("aria-busy");
    if (answer.kind === "data") {
      const before = this.data?.revision ?? answer.data.revision;
      if (quiet && this.data !== null && before === answer.data.revision && this.data.as_of === answer.data.as_of) {
        this.news(answer.data, false); /* nothing new: what is opened stays open */
        return;
      }
      this.data = answer.data;
      this.readAt = new Date().toLocaleTimeString(this.english ? "en-GB" : "zh-CN", { hour: "2-digit", minute: "2-digit" });
      await this.countiesLoad();
      this.news(answer.data, answer.data.revision > before);
      this.show();
      void this.chartsLoad();
    } else {
      this.trouble(answer.kind === "refused", answer.why);
    }
  }

  private news(data: Dashboard, updated: boolean): void {
    const { words } = this;
    const empty = data.townships.length === 0 ? words.noPlaces
      : data.months.every((month) => month.planned === 0) ? words.noSessions : "";
    fill(this.status, updated && h("p", { class: "news" }, words.newRevision(data.revision)),
      empty !== "" && h("p", { class: "news" }, empty));
    this.body.classList.toggle("bare", data.townships.length === 0);
  }

  private trouble(refused: boolean, why: string): void {
    const { words, data } = this;
    const again = refused
      ? h("button", { type: "button", onclick: () => this.choose({ ...NO_CHOICE, language: this.choice.language }) }, words.reset)
      : h("button", { type: "button", onclick: () => void this.load() }, words.retry);
    const text = refused ? words.refused(why) : data !== null ? words.stale(this.readAt, data.revision) : words.failed(why);
    fill(this.status, h("p", { class: "trouble" }, text, " ", again));
    if (data === null && !this.body.isConnected) {
      this.main.prepend(this.status); /* above the daemon's own tables, if it sent any */
    }
  }

  private async chartsLoad(): Promise<void> {
    if (this.charts === null) {
      const { MapView, TrendView } = await import("./view_charts");
      if (this.charts === null) {
        const map = new MapView(this.words, (township) => this.select(township, false));
        const trend = new TrendView(this.words, this.english);
        fill(this.map, map.element);
        fill(this.trend, trend.element);
        this.charts = { map, trend };
      }
    }
    this.chartsShow();
  }

  private chartsShow(): void {
    if (this.data !== null && this.charts !== null) {
      this.charts.map.show(this.data, this.township);
      this.charts.trend.show(this.data);
    }
  }

  private languageLink(): void {
    const other: Choice = { ...this.choice, language: this.english ? "zh" : "en" };
    document.querySelector("header .lang")?.setAttribute("href", choiceAddress(other));
  }

  private show(): void {
    const { data, words, english, township } = this;
    if (data === null) {
      return;
    }
    if (!this.body.isConnected) {
      this.main.replaceChildren(h("h1", null, `${data.city} · ${words.title}`), this.status, this.body);
    }
    document.title = `${words.title} · ${data.city}`;
    this.controls.show({ data, counties: this.counties, english, words, choose: (change) => this.choose(change) });
    headlineShow(this.headline, data, english, words);
    this.countiesView.show(data);
    this.townshipsView.show(data, township);
    this.unreachedView.show(data, this.unreachedHeading,
      { words, english, chosen: township, choose: (code) => this.select(code, false),
        proposalsAddress: (hall) => choiceProposals(this.choice, hall) });
    lowestShow(this.lowest, data, words, (code) => this.select(code, true));
    gapsShow(this.gaps, data, words);
    categoriesShow(this.categories, data, words);
    definitionsShow(this.definitions, data, english, words, (definition) => this.choose({ definition }));
    fill(this.footer, words.footer(data.as_of, data.revision), h("a", { href: choiceApi(this.choice) }, words.json));
    const name = data.townships.find((one) => one.code === township)?.name;
    fill(this.showing, name !== undefined && words.chosenTownship(name), " ", name !== undefined &&
      h("button", { type: "button", class: "quiet", "data-key": "clear", onclick: () => this.select("", false) }, words.clearTownship));
    this.chartsShow();
  }
}

const main = document.querySelector<HTMLElement>("main");
if (main !== null) {
  new CoveragePage(main).start();
}
