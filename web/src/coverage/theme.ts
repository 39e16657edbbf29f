/* theme: the page's colours as the style sheet has them, light or dark, for what is drawn on a canvas. */
import type { Grade } from "./verdict";

export interface ThemeColours {
  ink: string;
  soft: string;
  line: string;
  paper: string;
  mark: string;
  warn: string;
  stop: string;
  font: string;
}

export function themeColours(): ThemeColours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"), soft: colour("soft"), line: colour("line"), paper: colour("paper"), mark: colour("mark"),
    warn: colour("warn"), stop: colour("stop"), font: getComputedStyle(document.body).fontFamily,
  };
}

export function gradeColour(colours: ThemeColours, grade: Grade): string {
  return { reached: colours.mark, below: colours.warn, far: colours.stop, none: colours.soft }[grade];
}

/* A colour of the style sheet, #rrggbb, that lets `1 - strength` of the ground through. */
export function faint(colour: string, strength: number): string {
  return /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}${Math.round(strength * 255).toString(16).padStart(2, "0")}` : colour;
}

/* Calls back when the reader's light or dark setting changes. */
export function themeWatch(changed: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
