/* source: the figures from the daemon. The last good ones stay when a request fails. */
import { DataError, readDashboard, type Dashboard } from "./data";

export type Answer =
  | { kind: "data"; data: Dashboard }
  | { kind: "refused"; why: string } /* 4xx: these settings have no answer */
  | { kind: "failed"; why: string }; /* no connection, trouble, or something that is no dashboard */

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

/* Asks again each time; the browser sends the tag that it has, and the daemon answers 304 when nothing changed. */
export async function ask(address: string, fetcher: typeof fetch = fetch): Promise<Answer> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WAIT_MS);
  try {
    const response = await fetcher(address, { cache: "no-cache", signal: stop.signal });
    if (!response.ok) {
      const why = await problem(response);
      return { kind: response.status >= 400 && response.status < 500 ? "refused" : "failed", why };
    }
    return { kind: "data", data: readDashboard(await response.json()) };
  } catch (cause) {
    const why = cause instanceof DataError || cause instanceof Error ? cause.message : String(cause);
    return { kind: "failed", why };
  } finally {
    clearTimeout(timer);
  }
}
