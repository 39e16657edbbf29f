#include "importers/place.h"

#include <math.h>
#include <stdbool.h>

enum {
    ITERATIONS = 5 /* the error shrinks by a thousand in each */
};

static const double PI = 3.14159265358979323846;
/* Krasovsky 1940, as the published form of the shift uses it. */
static const double AXIS_M = 6378245.0;
static const double ECCENTRICITY_2 = 0.00669342162296594323;

static double waves(double x)
{
    return (20.0 * sin(6.0 * x * PI) + 20.0 * sin(2.0 * x * PI)) * 2.0 / 3.0;
}

static double lat_shift_m(double x, double y)
{
    double shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x));
    shift += waves(x) + (20.0 * sin(y * PI) + 40.0 * sin(y / 3.0 * PI)) * 2.0 / 3.0;
    return shift + (160.0 * sin(y / 12.0 * PI) + 320.0 * sin(y * PI / 30.0)) * 2.0 / 3.0;
}

static double lon_shift_m(double x, double y)
{
    double shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x));
    shift += waves(x) + (20.0 * sin(x * PI) + 40.0 * sin(x / 3.0 * PI)) * 2.0 / 3.0;
    return shift + (150.0 * sin(x / 12.0 * PI) + 300.0 * sin(x / 30.0 * PI)) * 2.0 / 3.0;
}

/* WGS-84 degrees to GCJ-02 degrees. */
static void shift(double lat, double lon, double *ret_lat, double *ret_lon)
{
    double lat_m = lat_shift_m(lon - 105.0, lat - 35.0);
    double lon_m = lon_shift_m(lon - 105.0, lat - 35.0);
    double sine = sin(lat / 180.0 * PI);
    double magic = 1.0 - ECCENTRICITY_2 * sine * sine;
    double meridian_m = AXIS_M * (1.0 - ECCENTRICITY_2) / (magic * sqrt(magic));
    *ret_lat = lat + lat_m * 180.0 / (meridian_m * PI);
    *ret_lon = lon + lon_m * 180.0 / (AXIS_M / sqrt(magic) * cos(lat / 180.0 * PI) * PI);
}

struct coordinate coordinate_from_gcj02(struct coordinate gcj)
{
    double lat = gcj.lat_e6 / 1e6;
    double lon = gcj.lon_e6 / 1e6;
    bool is_outside = lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271;
    if (is_outside) {
        return gcj;
    }
    double wgs_lat = lat;
    double wgs_lon = lon;
    for (int i = 0; i < ITERATIONS; i++) {
        double to_lat = 0;
        double to_lon = 0;
        shift(wgs_lat, wgs_lon, &to_lat, &to_lon);
        wgs_lat += lat - to_lat;
        wgs_lon += lon - to_lon;
    }
    return (struct coordinate){(int32_t)lround(wgs_lat * 1e6), (int32_t)lround(wgs_lon * 1e6)};
}

struct coordinate coordinate_from_bd09(struct coordinate bd)
{
    const double turn = PI * 3000.0 / 180.0;
    double x = bd.lon_e6 / 1e6 - 0.0065;
    double y = bd.lat_e6 / 1e6 - 0.006;
    double radius = sqrt(x * x + y * y) - 0.00002 * sin(y * turn);
    double angle = atan2(y, x) - 0.000003 * cos(x * turn);
    struct coordinate gcj = {(int32_t)lround(radius * sin(angle) * 1e6),
                             (int32_t)lround(radius * cos(angle) * 1e6)};
    return coordinate_from_gcj02(gcj);
}
