/* daemon/published: see published.h. */
#include "daemon/published.h"

#include <stdlib.h>

/* Marks and windows move at midnight (DESIGN §7.4, §7.11), everything else with a session's changed_at. */
static int64_t newest_change(const struct published *published)
{
    int64_t midnight = zone_utc_from_local(&published->zone, published->today, 0);
    int64_t newest = published->timetable->newest_change_at;
    return newest > midnight ? newest : midnight;
}

enum error_code published_create(struct timetable *timetable, int32_t today, const struct published *previous,
                                 struct published **ret_published, struct error *err)
{
    struct published *published = calloc(1, sizeof *published);
    if (published == NULL) {
        timetable_unref(timetable);
        return error_set(err, ERR_MEMORY, "publishing a snapshot: out of memory");
    }
    published->timetable = timetable;
    published->today = today;
    published->weights = weights_default();
    reply_cache_init(&published->replies);
    enum error_code code = zone_load(timetable->tzid, &published->zone, err);
    if (code == ERR_NONE) {
        published->last_modified = newest_change(published);
        code = feed_set_create(timetable, today, previous != NULL ? previous->feeds : NULL, &published->feeds,
                               err);
    }
    if (code != ERR_NONE) {
        published_destroy(published);
        return code;
    }
    *ret_published = published;
    return ERR_NONE;
}

void published_destroy(struct published *published)
{
    if (published == NULL) {
        return;
    }
    reply_cache_finish(&published->replies);
    feed_set_unref(published->feeds);
    timetable_unref(published->timetable);
    free(published);
}

int32_t published_today(const struct timetable *timetable, int64_t now_s)
{
    struct zone zone;
    int32_t day = (int32_t)(now_s / 86400);
    if (zone_load(timetable->tzid, &zone, NULL) == ERR_NONE) {
        zone_local_from_utc(&zone, now_s, &day, NULL, NULL);
    }
    return day;
}
