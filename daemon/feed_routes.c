/* daemon/feed_routes: /feed/…: the feeds of the snapshot. DESIGN §7 has the HTTP contract. */
#include "base/limits.h"
#include "base/log.h"
#include "daemon/router.h"
#include "ical/freebusy.h"
#include "ical/jcal.h"

#include <stdio.h>

/* The window that DESIGN §7.11 gives a feed of ordinary size. */
enum {
    FEED_DAYS_BACK = 90,
    FEED_DAYS_AHEAD = 400
};

uint32_t route_scope_index(const struct timetable *tt, enum feed_scope scope, const char *id)
{
    static const enum area_level LEVELS[] = {[FEED_COUNTY] = AREA_COUNTY, [FEED_TOWNSHIP] = AREA_TOWNSHIP};
    uint32_t index = NONE;
    switch (scope) {
    case FEED_CITY:
        return 0;
    case FEED_COUNTY:
    case FEED_TOWNSHIP:
        index = timetable_find_area(tt, id);
        return index != NONE && tt->areas[index].level == LEVELS[scope] ? index : NONE;
    case FEED_HALL:
        return timetable_find_hall(tt, id);
    case FEED_INSTRUCTOR:
        return timetable_find_instructor(tt, id);
    case FEED_PROVIDER:
        return timetable_find_provider(tt, id);
    case FEED_CATEGORY:
        return timetable_find_category(tt, id);
    }
    return NONE;
}

const char *route_scope_title(const struct timetable *tt, enum feed_scope scope, uint32_t index)
{
    switch (scope) {
    case FEED_CITY:
        break;
    case FEED_COUNTY:
    case FEED_TOWNSHIP:
        return tt->areas[index].name;
    case FEED_HALL:
        return tt->halls[index].name;
    case FEED_INSTRUCTOR:
        return tt->instructors[index].name;
    case FEED_PROVIDER:
        return tt->providers[index].name;
    case FEED_CATEGORY:
        return tt->categories[index].name;
    }
    return tt->city_name;
}

/* A file name may hold only what every client can take. */
/* An instructor's id is not told where pages by it are not to be had. */
static void filename_write(const struct route_request *request, enum feed_scope scope, const char *ending,
                           char ret_name[REPLY_FILENAME_SIZE])
{
    bool told = scope != FEED_INSTRUCTOR || audience_may_know(request->published->audience, PERSON_ID);
    const char *id = told ? request->id : "";
    char safe[ROUTE_ID_SIZE];
    size_t length = 0;
    for (const char *at = id; *at != '\0' && length + 1 < sizeof safe; at++) {
        bool plain = (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     *at == '-' || *at == '_';
        safe[length++] = plain ? *at : '_';
    }
    safe[length] = '\0';
    snprintf(ret_name, REPLY_FILENAME_SIZE, "%s%s%s.%s", feed_scope_name(scope), length > 0 ? "-" : "", safe,
             ending);
}

/* DESIGN §7.11: a narrowed window is told once per snapshot, for the reply is then kept. */
static void narrowing_log(const struct route_request *request, const char *name, const struct feed_info *info)
{
    int32_t today = request->published->today;
    if (info->left_out > 0 && info->from_day <= info->to_day && request->alarm_min == 0 &&
        (info->from_day > today - FEED_DAYS_BACK || info->to_day < today + FEED_DAYS_AHEAD)) {
        log_line(LOG_LEVEL_INFO, "feed %s %s: narrowed to %d … %+d days, %zu sessions lie outside", name,
                 request->id, info->from_day - today, info->to_day - today, info->left_out);
    }
}

/* What all forms of a feed share: finds it and puts it together. */
static enum error_code feed_find(const struct route_request *request, enum feed_scope scope,
                                 struct feed_body *ret_feed, struct error *err)
{
    const struct timetable *tt = request->published->timetable;
    const char *name = feed_scope_name(scope);
    uint32_t index = route_scope_index(tt, scope, request->id);
    if (index == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有这个日历 / no such calendar: %s %s", name, request->id);
    }
    struct feed_options options = {
        .alarm_min = request->alarm_min, .english = request->english, .category = NONE};
    if (request->category[0] != '\0') {
        options.category = timetable_find_category(tt, request->category);
        if (options.category == NONE) {
            return error_set(err, ERR_INPUT, "没有这个类别 / no such category: %s", request->category);
        }
    }
    struct feed_info info = {0};
    enum error_code code =
        feed_compose(request->published->feeds, scope, index, &options, ret_feed, &info, err);
    if (code == ERR_NONE && scope != FEED_CITY) {
        narrowing_log(request, name, &info);
    }
    return code;
}

enum error_code route_feed(const struct route_request *request, int argument, struct reply_draft *draft,
                           struct error *err)
{
    enum feed_scope scope = (enum feed_scope)argument;
    enum error_code code = feed_find(request, scope, &draft->feed, err);
    draft->content_type = "text/calendar; charset=utf-8";
    /* Not info.last_modified: a feed also changes when a session leaves it for another hall or instructor. */
    draft->last_modified = request->published->last_modified;
    draft->attachment = scope == FEED_CITY;
    /* A secret feed's file is named for what it is, not for its address. */
    filename_write(request, scope, "ics", draft->filename);
    return code;
}

enum error_code route_jcal(const struct route_request *request, int argument, struct reply_draft *draft,
                           struct error *err)
{
    enum feed_scope scope = (enum feed_scope)argument;
    struct feed_body feed;
    struct text calendar;
    feed_body_init(&feed);
    text_init(&calendar, LIMIT_CALENDAR_BYTES);
    enum error_code code = feed_find(request, scope, &feed, err);
    if (code == ERR_NONE) {
        feed_body_write(&feed, &calendar);
        code = text_status(&calendar, err);
    }
    if (code == ERR_NONE) {
        code = jcal_from_calendar(text_string(&calendar), calendar.length, &draft->body, err);
        code = code == ERR_INPUT ? error_set(err, ERR_INTERNAL, "a calendar of ours is none") : code;
    }
    text_finish(&calendar);
    feed_body_finish(&feed);
    draft->content_type = "application/calendar+json"; /* RFC 7265 §7 */
    draft->last_modified = request->published->last_modified;
    filename_write(request, scope, "jcal", draft->filename);
    return code;
}

enum error_code route_freebusy(const struct route_request *request, int argument, struct reply_draft *draft,
                               struct error *err)
{
    enum feed_scope scope = (enum feed_scope)argument;
    uint32_t index = route_scope_index(request->published->timetable, scope, request->id);
    if (index == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有这个日历 / no such calendar: %s %s", feed_scope_name(scope),
                         request->id);
    }
    enum error_code code = freebusy_render(request->published->feeds, scope, index, &draft->body, NULL, err);
    draft->content_type = "text/calendar; charset=utf-8";
    draft->last_modified = request->published->last_modified;
    filename_write(request, scope, "ifb", draft->filename);
    return code;
}
