#include "importers/kinds.h"

const struct value_word DATUM_WORDS[] = {{"wgs84", 0},  {"wgs-84", 0},   {"cgcs2000", 0}, {"国家2000", 0},
                                         {"gcj-02", 1}, {"gcj02", 1},    {"火星坐标", 1}, {"火星", 1},
                                         {"高德", 1},   {"腾讯", 1},     {"bd-09", 2},    {"bd09", 2},
                                         {"百度", 2},   {"百度坐标", 2}, {NULL, 0}};

const struct kind *kind_find(enum import_kind kind)
{
    static const struct kind *const KINDS[IMPORT_KIND_END] = {[IMPORT_AREAS] = &KIND_AREAS,
                                                              [IMPORT_HOLIDAYS] = &KIND_HOLIDAYS,
                                                              [IMPORT_COURSES] = &KIND_COURSES,
                                                              [IMPORT_HALLS] = &KIND_HALLS,
                                                              [IMPORT_INSTRUCTORS] = &KIND_INSTRUCTORS,
                                                              [IMPORT_REQUESTS] = &KIND_REQUESTS,
                                                              [IMPORT_CLOSURES] = &KIND_CLOSURES,
                                                              [IMPORT_ABSENCES] = &KIND_ABSENCES,
                                                              [IMPORT_SESSIONS] = &KIND_SESSIONS,
                                                              [IMPORT_ATTENDANCE] = &KIND_ATTENDANCE};
    return kind > IMPORT_AUTO && kind < IMPORT_KIND_END ? KINDS[kind] : NULL;
}
