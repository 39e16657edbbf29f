#include "scheduler/calendar.h"

#include "base/date.h"

enum {
    BRANCHES = 12,
    /* 1970-01-01 was 辛巳, branch 5; so 2000-01-01 was 戊午, branch 6. */
    BRANCH_OF_DAY_0 = 5
};

struct day_info day_info_plain(int32_t day)
{
    struct day_info info = {.day = day, .weekday = (uint8_t)date_weekday(day)};
    int64_t branch = ((int64_t)day + BRANCH_OF_DAY_0) % BRANCHES;
    info.branch = (uint8_t)(branch < 0 ? branch + BRANCHES : branch);
    (void)lunar_from_day(day, &info.lunar);
    return info;
}
