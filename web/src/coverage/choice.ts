/* choice: what the reader has chosen, as the page's address holds it, so that a link shows the same figures. "" (and
 * 0) means the daemon's own default. */

export type Language = "zh" | "en";

export interface Choice {
  language: Language;
  definition: string;
  from: string; /* YYYY-MM-DD */
  to: string;
  minimum: number;
  area: string; /* a county's or township's code */
}

export const NO_CHOICE: Choice = { language: "zh", definition: "", from: "", to: "", minimum: 0, area: "" };

/* Anything is taken but the language and the number, which the page itself must understand: whether there is such a
 * definition or area is for the daemon to say. */
export function choiceRead(search: string): Choice {
  const query = new URLSearchParams(search);
  const minimum = Number(query.get("minimum") ?? "");
  return {
    language: query.get("lang") === "en" ? "en" : "zh",
    definition: query.get("definition") ?? "",
    from: query.get("from") ?? "",
    to: query.get("to") ?? "",
    minimum: Number.isInteger(minimum) && minimum >= 1 ? minimum : 0,
    area: query.get("area") ?? "",
  };
}

function figuresQuery(choice: Choice): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ["definition", "from", "to", "area"] as const) {
    if (choice[name] !== "") {
      query.set(name, choice[name]);
    }
  }
  if (choice.minimum > 0) {
    query.set("minimum", String(choice.minimum));
  }
  return query;
}

function withQuery(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/* The figures are the same in both languages, so they are one address. */
export function choiceApi(choice: Choice): string {
  return withQuery("/api/coverage", figuresQuery(choice));
}

export function choiceAddress(choice: Choice): string {
  const query = figuresQuery(choice);
  if (choice.language === "en") {
    query.set("lang", "en");
  }
  return withQuery("/coverage", query);
}

/* What could reach a hall in the same period. */
export function choiceProposals(choice: Choice, hall: string): string {
  const query = new URLSearchParams({ hall });
  for (const name of ["from", "to"] as const) {
    if (choice[name] !== "") {
      query.set(name, choice[name]);
    }
  }
  return `/api/proposals?${query.toString()}`;
}
