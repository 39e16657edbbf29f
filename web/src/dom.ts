/* dom: making elements. Text goes in as text only, so nothing that an office typed can become markup; styles are
 * set through the object model, which a strict Content-Security-Policy allows. */

export type Child = Node | string | number | null | undefined | false;

interface Properties {
  class?: string | undefined;
  id?: string | undefined;
  [attribute: string]: string | number | boolean | undefined | ((event: Event) => void);
}

/* h("a", {href: "/"}, "text"): a function is a listener of the event that it is named for ("onclick"); true is an
 * attribute without a value, false and undefined are none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, properties: Properties | null, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  append(element, children);
  return element;
}

export function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(typeof child === "number" ? String(child) : child);
    }
  }
}

/* Puts new children in place of the old ones. What had the focus gets it again when it has the same data-key. */
export function fill(element: Element, ...children: Child[]): void {
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.getAttribute("data-key");
  element.replaceChildren();
  append(element, children);
  if (key !== null && key !== undefined) {
    element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }
}
