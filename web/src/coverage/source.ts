/* source: the figures from the daemon. The last good ones stay when a request fails. */
import { readDashboard, type Dashboard } from "./data";
import { readProposals, type Proposals } from "./proposals";

/* "refused" (4xx): these settings have no answer. "failed": no connection, trouble, or something that is not what was
 * asked for. */
export type Answer = Outcome<Dashboard>;

const WAIT_MS = 30000;

/* The sentence of a problem document (RFC 9457). */
async function problem(response: Response): Promise<string> {
  try {
    const body = await response.json() as { detail?: unknown; title?: unknown };
    const text = body.detail ?? body.title;
    return typeof text === "string" && text !== "" ? text : `HTTP ${response.status}`;
  } catch {
    return `HTTP ${response.status}`;
  }
}

type Outcome<T> = { kind: "data"; data: T } | { kind: "refused"; why: string } | { kind: "failed"; why: string };

/* Asks again each time; the browser sends the tag that it has, and the daemon answers 304 when nothing changed. */
async function get<T>(address: string, read: (json: unknown) => T, fetcher: typeof fetch): Promise<Outcome<T>> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WAIT_MS);
  try {
    const response = await fetcher(address, { cache: "no-cache", signal: stop.signal });
    if (!response.ok) {
      const why = await problem(response);
      return { kind: response.status >= 400 && response.status < 500 ? "refused" : "failed", why };
    }
    return { kind: "data", data: read(await response.json()) };
  } catch (cause) {
    return { kind: "failed", why: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    clearTimeout(timer);
  }
}

export async function ask(address: string, fetcher: typeof fetch = fetch): Promise<Answer> {
  return get(address, readDashboard, fetcher);
}

export async function askProposals(address: string, fetcher: typeof fetch = fetch): Promise<Outcome<Proposals>> {
  return get(address, readProposals, fetcher);
}
