/* view_charts: what needs ECharts, as one chunk. */
export { MapView } from "./view_map";
export { TrendView } from "./view_trend";
