/* importers/ics_zone_names: what calendars call time zones besides the IANA names. Pure; any thread. */
#ifndef LITANG_IMPORTERS_ICS_ZONE_NAMES_H
#define LITANG_IMPORTERS_ICS_ZONE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* "China Standard Time", "中国标准时间", "US/Pacific" -> "Asia/Shanghai" …; NULL: not in the table. The names
 * of Windows are those of Unicode CLDR, windowsZones.xml, territory 001. */
const char *ics_zone_name_iana(const char *name);
/* "(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi" -> "Asia/Shanghai", by the places that it lists; NULL:
 * none of them is known. */
const char *ics_zone_name_of_places(const char *name);
/* The offset in "(UTC+08:00) …", "GMT-5", "UTC+08:00", "+0800", in seconds. */
bool ics_zone_name_offset(const char *name, int32_t *ret_seconds);
/* A name that stands for no place: blank, "tzone://Microsoft/Custom", "Customized Time Zone" … */
bool ics_zone_name_is_empty(const char *name);

#endif
