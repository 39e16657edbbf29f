/* importers/kinds: one table for each kind of file; kind_find hands them out. */
#ifndef LITANG_IMPORTERS_KINDS_H
#define LITANG_IMPORTERS_KINDS_H

#include "importers/intake.h"

extern const struct kind KIND_AREAS;
extern const struct kind KIND_HOLIDAYS;
extern const struct kind KIND_COURSES;
extern const struct kind KIND_HALLS;
extern const struct kind KIND_INSTRUCTORS;
extern const struct kind KIND_REQUESTS;
extern const struct kind KIND_CLOSURES;
extern const struct kind KIND_ABSENCES;
extern const struct kind KIND_SESSIONS;
extern const struct kind KIND_ATTENDANCE;

#define COLUMN_BIT(column)    (UINT64_C(1) << (column))
#define COLUMN_COUNT(columns) (sizeof(columns) / sizeof *(columns))

/* Rules that most tables share. */
#define RULE_ID                                                                                              \
    {                                                                                                        \
        .max = LIMIT_ID_BYTES                                                                                \
    }
#define RULE_NAME                                                                                            \
    {                                                                                                        \
        .max = LIMIT_NAME_BYTES                                                                              \
    }
#define RULE_NOTE                                                                                            \
    {                                                                                                        \
        .max = LIMIT_NOTE_BYTES                                                                              \
    }
#define RULE_LAT                                                                                             \
    {                                                                                                        \
        .min = -90, .max = 90                                                                                \
    }
#define RULE_LON                                                                                             \
    {                                                                                                        \
        .min = -180, .max = 180                                                                              \
    }
#define RULE_NONE                                                                                            \
    {                                                                                                        \
        .max = 0                                                                                             \
    }
#define RULE_DAYS                                                                                            \
    {                                                                                                        \
        .dates = DATE_DAYS | DATE_WINDOW | DATE_WITH_TIME                                                    \
    }
#define RULE_DATUM                                                                                           \
    {                                                                                                        \
        .words = DATUM_WORDS                                                                                 \
    }
#define RULE_COUNT(most)                                                                                     \
    {                                                                                                        \
        .min = 0, .max = (most)                                                                              \
    }

extern const struct value_word DATUM_WORDS[];

#define SYNONYMS_LAT     "纬度|lat|latitude|latwgs84|wgs84纬度|北纬"
#define SYNONYMS_LON     "经度|lon|lng|longitude|lonwgs84|lngwgs84|wgs84经度|东经"
#define SYNONYMS_LAT_GCJ "latgcj02|gcj02纬度|高德纬度|腾讯纬度|纬度(gcj02)|纬度(高德)"
#define SYNONYMS_LON_GCJ "longcj02|lnggcj02|gcj02经度|高德经度|腾讯经度|经度(gcj02)|经度(高德)"
#define PLACE_COLUMNS(LAT, LON, LAT_GCJ, LON_GCJ, DATUM)                                                     \
    [LAT] = {"lat", "纬度", SYNONYMS_LAT, COLUMN_OPTIONAL, value_degrees, RULE_LAT, STORE_BY_KIND, NULL, 0}, \
    [LON] = {"lon", "经度", SYNONYMS_LON, COLUMN_OPTIONAL, value_degrees, RULE_LON, STORE_BY_KIND, NULL, 0}, \
    [LAT_GCJ] = {"lat_gcj02",     "纬度(GCJ-02)", SYNONYMS_LAT_GCJ,                                          \
                 COLUMN_OPTIONAL, value_degrees,  RULE_LAT,                                                  \
                 STORE_BY_KIND,   NULL,           0},                                                        \
    [LON_GCJ] = {"lon_gcj02",     "经度(GCJ-02)", SYNONYMS_LON_GCJ,                                          \
                 COLUMN_OPTIONAL, value_degrees,  RULE_LON,                                                  \
                 STORE_BY_KIND,   NULL,           0},                                                        \
    [DATUM] = {"datum",         "坐标系",   "坐标系|坐标系统|crs",                                           \
               COLUMN_OPTIONAL, value_word, RULE_DATUM,                                                      \
               STORE_BY_KIND,   NULL,       0}

#endif
