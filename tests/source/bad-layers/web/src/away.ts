/* What web/ must not do: a package that is not ECharts, a host that is not the daemon. */
import other from "other";
void fetch("https://example.org/" + other);
