/* map_model: what the map shows, without drawing it: places in the plane, what is far off, which view fits. */
import type { Dashboard, Hall, Township } from "./data";
import {
  boxOf, boxPadded, distanceKm, farOff, pinned, project, viewHome, viewOf, type Box, type Point, type View,
} from "./geometry";

export interface TownshipSpot {
  township: Township;
  at: Point;
  edge: Point | null; /* where it stands in the whole view when it is far off */
  km: number; /* then, from the nearest of the others */
}

export interface HallSpot {
  hall: Hall;
  at: Point;
}

export interface MapModel {
  home: Box;
  townships: TownshipSpot[];
  halls: HallSpot[];
  counties: { name: string; at: Point }[];
  unplaced: number; /* townships without coordinates */
}

const EDGE_SHARE = 0.06;
const LEAST_SPAN = 0.03; /* degrees, 3 km */

function middleLatitude(data: Dashboard): number {
  const latitudes = [...data.townships, ...data.halls].flatMap((one) => (one.lat === null ? [] : [one.lat]))
    .sort((a, b) => a - b);
  return latitudes[Math.floor(latitudes.length / 2)] ?? 0;
}

function placed<T extends { lat: number | null; lon: number | null }>(list: readonly T[], middle: number) {
  return list.flatMap((one) =>
    (one.lat === null || one.lon === null ? [] : [{ one, at: project(one.lat, one.lon, middle) }]));
}

function countyNames(data: Dashboard, spots: readonly TownshipSpot[]): MapModel["counties"] {
  return data.counties.flatMap(({ code, name }) => {
    const own = spots.filter((spot) => spot.township.county === code && spot.edge === null);
    return own.length === 0 ? [] : [{ name, at: {
      x: own.reduce((sum, spot) => sum + spot.at.x, 0) / own.length,
      y: own.reduce((sum, spot) => sum + spot.at.y, 0) / own.length,
    } }];
  });
}

export function mapModel(data: Dashboard): MapModel {
  const middle = middleLatitude(data);
  const all = placed(data.townships, middle);
  const points = all.map((one) => one.at);
  const far = farOff(points);
  const near = points.filter((_, i) => !far.has(i));
  const home = boxPadded(boxOf(near), EDGE_SHARE, LEAST_SPAN);
  const edge = boxPadded(home, -EDGE_SHARE / 3, 0);
  const townships = all.map(({ one, at }, i): TownshipSpot => ({
    township: one,
    at,
    edge: far.has(i) ? pinned(at, edge) : null,
    km: far.has(i) ? Math.min(...near.map((other) => distanceKm(at, other))) : 0,
  }));
  return {
    home,
    townships,
    halls: placed(data.halls, middle).map(({ one, at }) => ({ hall: one, at })),
    counties: countyNames(data, townships),
    unplaced: data.townships.length - all.length,
  };
}

/* The view that shows one township with its halls; the whole map when it has no place. */
export function viewOfTownship(model: MapModel, code: string, width: number, height: number): View {
  const points = model.halls.filter((spot) => spot.hall.township === code).map((spot) => spot.at);
  const own = model.townships.find((spot) => spot.township.code === code);
  if (own !== undefined) {
    points.push(own.at);
  }
  if (points.length === 0) {
    return viewHome(model.home);
  }
  return viewOf(boxPadded(boxOf(points), 0.15, LEAST_SPAN), model.home, width, height);
}

/* From this zoom on all halls in sight are drawn; before, only those of the chosen township. */
export const HALLS_FROM_ZOOM = 3;

export function hallsShown(model: MapModel, view: View, chosen: string): HallSpot[] {
  return model.halls.filter(({ hall }) => hall.standing !== "not-in-use" &&
    (view.zoom >= HALLS_FROM_ZOOM || hall.township === chosen));
}
