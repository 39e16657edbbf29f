/* importers/place: GCJ-02 and BD-09, the shifted data of Chinese map services, back to WGS-84. Any thread. */
#ifndef LITANG_IMPORTERS_PLACE_H
#define LITANG_IMPORTERS_PLACE_H

#include <stdint.h>

struct coordinate {
    int32_t lat_e6, lon_e6;
};

/* Inverts the published approximation of the shift by iteration; agrees to about a metre. Outside mainland
 * China's bounding box nothing is shifted. */
struct coordinate coordinate_from_gcj02(struct coordinate gcj);
/* BD-09, one map service's own shift on top of GCJ-02, by its published form. */
struct coordinate coordinate_from_bd09(struct coordinate bd);

#endif
