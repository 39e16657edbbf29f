/* geometry: where places stand on the map. No projection is needed over one city: longitude is narrowed by the
 * cosine of the latitude, so that a kilometre is as long both ways. Units are degrees of latitude.
 *
 * A far island (大陈镇 lies 51 km off) would squash everything else, so places far from the rest are taken out of the
 * frame and stand at its edge, in their true direction, with their distance. */

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  left: number;
  right: number;
  bottom: number;
  top: number;
}

/* What the screen shows: the middle, and how much larger than when everything is in sight. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

const KM_PER_DEGREE = 111.2;
export const ZOOM_MAX = 60;

export function project(lat: number, lon: number, middle: number): Point {
  return { x: lon * Math.cos((middle * Math.PI) / 180), y: lat };
}

export function boxOf(points: readonly Point[]): Box {
  const box = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.bottom = Math.min(box.bottom, y);
    box.top = Math.max(box.top, y);
  }
  return points.length > 0 ? box : { left: -0.5, right: 0.5, bottom: -0.5, top: 0.5 };
}

/* Room around it, and never thinner than `least`. */
export function boxPadded(box: Box, share: number, least: number): Box {
  const width = Math.max(box.right - box.left, least);
  const height = Math.max(box.top - box.bottom, least);
  const x = (box.left + box.right) / 2;
  const y = (box.bottom + box.top) / 2;
  const half = { x: width * (0.5 + share), y: height * (0.5 + share) };
  return { left: x - half.x, right: x + half.x, bottom: y - half.y, top: y + half.y };
}

export function distanceKm(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y) * KM_PER_DEGREE;
}

/* Of each point, the distance to the nearest other one. */
function nearest(points: readonly Point[]): number[] {
  return points.map((a, i) =>
    points.reduce((least, b, j) => (i === j ? least : Math.min(least, Math.hypot(a.x - b.x, a.y - b.y))), Infinity));
}

/* Groups of points that hang together by steps of at most `step`. */
function groups(points: readonly Point[], step: number): number[][] {
  const seen = new Set<number>();
  const all: number[][] = [];
  points.forEach((_, start) => {
    if (seen.has(start)) {
      return;
    }
    const group = [start];
    seen.add(start);
    for (const at of group) { /* grows while it is walked */
      points.forEach((other, next) => {
        const from = points[at] as Point;
        if (!seen.has(next) && Math.hypot(from.x - other.x, from.y - other.y) <= step) {
          seen.add(next);
          group.push(next);
        }
      });
    }
    all.push(group);
  });
  return all;
}

const FAR_STEP = 4; /* times the usual distance of neighbours */
const FAR_SHARE = 0.1; /* of all points at most */
const FAR_GAIN = 1.15; /* the map must gain so much by leaving them out */

/* The indices of those that stand so far off that the map is better without them. */
export function farOff(points: readonly Point[]): Set<number> {
  const far = new Set<number>();
  const steps = nearest(points).filter(Number.isFinite).sort((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  if (points.length < 5 || usual <= 0) {
    return far;
  }
  const all = groups(points, usual * FAR_STEP).sort((a, b) => b.length - a.length);
  for (const group of all.slice(1).reverse()) {
    const left = points.filter((_, i) => !far.has(i));
    const without = points.filter((_, i) => !far.has(i) && !group.includes(i));
    const before = boxOf(left);
    const after = boxOf(without);
    const gain = Math.max((before.right - before.left) / (after.right - after.left),
      (before.top - before.bottom) / (after.top - after.bottom));
    if (gain >= FAR_GAIN && far.size + group.length <= points.length * FAR_SHARE) {
      group.forEach((i) => far.add(i));
    }
  }
  return far;
}

/* Where the ray from the frame's middle to the point leaves the frame; the point itself when it is inside. */
export function pinned(point: Point, frame: Box): Point {
  const x = (frame.left + frame.right) / 2;
  const y = (frame.bottom + frame.top) / 2;
  const reach = Math.max(Math.abs(point.x - x) / ((frame.right - frame.left) / 2),
    Math.abs(point.y - y) / ((frame.top - frame.bottom) / 2));
  return reach <= 1 ? point : { x: x + (point.x - x) / reach, y: y + (point.y - y) / reach };
}

export function arrow(from: Point, to: Point): string {
  const eighth = Math.round((Math.atan2(to.y - from.y, to.x - from.x) / Math.PI) * 4);
  return ["→", "↗", "↑", "↖", "←", "↙", "↓", "↘"][(eighth + 8) % 8] as string;
}

/* The part of the world that a screen of so many pixels shows: the home box at zoom 1, with equal scales. */
export function viewBox(view: View, home: Box, width: number, height: number): Box {
  const scale = Math.min(width / (home.right - home.left), height / (home.top - home.bottom)) * view.zoom;
  const half = { x: width / scale / 2, y: height / scale / 2 };
  return { left: view.x - half.x, right: view.x + half.x, bottom: view.y - half.y, top: view.y + half.y };
}

export function viewHome(home: Box): View {
  return { x: (home.left + home.right) / 2, y: (home.bottom + home.top) / 2, zoom: 1 };
}

/* The view that shows `target` whole. */
export function viewOf(target: Box, home: Box, width: number, height: number): View {
  const whole = viewBox({ x: 0, y: 0, zoom: 1 }, home, width, height);
  const zoom = Math.min((whole.right - whole.left) / (target.right - target.left),
    (whole.top - whole.bottom) / (target.top - target.bottom));
  return { x: (target.left + target.right) / 2, y: (target.bottom + target.top) / 2,
    zoom: Math.min(Math.max(zoom, 1), ZOOM_MAX) };
}

/* Zooms about a point of the world that stays where it is; at 1 all is in sight again. */
export function zoomed(view: View, factor: number, about: Point, home: Box): View {
  const zoom = Math.min(view.zoom * factor, ZOOM_MAX);
  if (zoom <= 1) {
    return viewHome(home);
  }
  const share = view.zoom / zoom;
  return { x: about.x + (view.x - about.x) * share, y: about.y + (view.y - about.y) * share, zoom };
}

/* Moves the middle, which stays over the home box. */
export function panned(view: View, dx: number, dy: number, home: Box): View {
  return { x: Math.min(Math.max(view.x + dx, home.left), home.right),
    y: Math.min(Math.max(view.y + dy, home.bottom), home.top), zoom: view.zoom };
}
