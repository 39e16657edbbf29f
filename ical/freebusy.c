#include "ical/freebusy.h"

#include "ical/calendar.h"
#include "ical/feed_set.h"

#include <stdlib.h>

/* UTC seconds, end excluded. */
struct busy {
    int64_t from, to;
};

struct busy_list {
    struct busy *items;
    size_t count;
    int64_t from, to; /* the window */
    int64_t stamp;
};

static int compare_busy(const void *left, const void *right)
{
    const struct busy *a = left;
    const struct busy *b = right;
    return a->from != b->from ? (a->from > b->from) - (a->from < b->from) : (a->to > b->to) - (a->to < b->to);
}

/* What overlaps or touches becomes one: who looks for a free hour does not care where one session ends. */
static void busy_merge(struct busy_list *list)
{
    size_t kept = 0;
    qsort(list->items, list->count, sizeof *list->items, compare_busy);
    for (size_t i = 0; i < list->count; i++) {
        struct busy *last = kept > 0 ? &list->items[kept - 1] : NULL;
        if (last != NULL && list->items[i].from <= last->to) {
            last->to = list->items[i].to > last->to ? list->items[i].to : last->to;
        } else {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

static void busy_add(struct busy_list *list, const struct feed_set *set, const struct session *session,
                     bool with_margins)
{
    const struct placement *at = &session->at;
    int64_t changed_at = session->changed_at;
    int32_t from_min = at->start_min - (with_margins ? at->setup_min : 0);
    int32_t to_min = at->start_min + at->minutes + (with_margins ? at->clear_min : 0);
    struct busy busy = {zone_utc_from_local(&set->zone, at->day, from_min),
                        zone_utc_from_local(&set->zone, at->day, to_min)};
    list->stamp = changed_at > list->stamp ? changed_at : list->stamp;
    busy.from = busy.from < list->from ? list->from : busy.from;
    busy.to = busy.to > list->to ? list->to : busy.to;
    if (session->status != SESSION_CANCELLED && busy.from < busy.to) {
        list->items[list->count++] = busy;
    }
}

static enum error_code busy_collect(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                                    struct busy_list *ret_list)
{
    const struct feed_list *sessions = set->indexes[scope]->lists[index];
    size_t count = sessions == NULL ? 0 : sessions->count;
    struct busy_list list = {.from = zone_utc_from_local(&set->zone, set->today - FEED_WINDOW_PAST_DAYS, 0),
                             .to =
                                 zone_utc_from_local(&set->zone, set->today + FEED_WINDOW_FUTURE_DAYS + 1, 0),
                             .stamp = zone_utc_from_local(&set->zone, set->today, 0)};
    list.items = malloc((count + 1) * sizeof *list.items);
    if (list.items == NULL) {
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        busy_add(&list, set, &set->timetable->sessions[sessions->items[i]], scope == FEED_HALL);
    }
    busy_merge(&list);
    *ret_list = list;
    return ERR_NONE;
}

static struct icaltimetype utc_time(int64_t seconds)
{
    return icaltime_from_timet_with_zone((time_t)seconds, 0, icaltimezone_get_utc_timezone());
}

static void add_identity(struct safe_writer *writer, const struct feed_set *set, enum feed_scope scope,
                         const char *id, struct text *buffer)
{
    const struct timetable *tt = set->timetable;
    text_clear(buffer);
    text_addf(buffer, "fb-%s-", feed_scope_name(scope));
    calendar_add_segment(buffer, id);
    text_addf(buffer, "@%s", tt->uid_domain == NULL ? "" : tt->uid_domain);
    safe_text(writer, ICAL_UID_PROPERTY, text_string(buffer), SAFE_ONE_LINE);
    /* An instructor's address is secret, as that of the calendar is. */
    if (scope == FEED_HALL && tt->public_url != NULL && tt->public_url[0] != '\0') {
        text_clear(buffer);
        text_addf(buffer, "%s/freebusy/hall/", tt->public_url);
        calendar_add_segment(buffer, id);
        text_add(buffer, ".ifb");
        safe_uri(writer, ICAL_URL_PROPERTY, text_string(buffer));
    }
}

static void add_calendar(struct event_writer *writer, const struct feed_set *set, enum feed_scope scope,
                         const char *id, const struct busy_list *list)
{
    struct safe_writer *safe = &writer->safe;
    text_add(safe->out, "BEGIN:VCALENDAR\r\n");
    safe_property(safe, icalproperty_new_version("2.0"));
    safe_property(safe, icalproperty_new_prodid("-//litang//freebusy 1//ZH"));
    safe_property(safe, icalproperty_new_calscale("GREGORIAN"));
    safe_property(safe, icalproperty_new_method(ICAL_METHOD_PUBLISH));
    text_add(safe->out, "BEGIN:VFREEBUSY\r\n");
    add_identity(safe, set, scope, id, &writer->buffer);
    safe_utc_time(safe, ICAL_DTSTAMP_PROPERTY, list->stamp);
    safe_utc_time(safe, ICAL_DTSTART_PROPERTY, list->from);
    safe_utc_time(safe, ICAL_DTEND_PROPERTY, list->to);
    text_add_bytes(safe->out, text_string(&writer->organizer), writer->organizer.length);
    for (size_t i = 0; i < list->count; i++) {
        struct icalperiodtype period = icalperiodtype_null_period();
        period.start = utc_time(list->items[i].from);
        period.end = utc_time(list->items[i].to);
        safe_property(safe, icalproperty_new_freebusy(period));
    }
    text_add(safe->out, "END:VFREEBUSY\r\n");
    calendar_tail(safe->out);
}

enum error_code freebusy_render(const struct feed_set *set, enum feed_scope scope, uint32_t index,
                                struct text *out, int64_t *ret_stamp, struct error *err)
{
    const struct timetable *tt = set->timetable;
    if ((scope != FEED_HALL && scope != FEED_INSTRUCTOR) || index >= set->indexes[scope]->keys) {
        return error_set(err, ERR_NOT_FOUND, "没有这个忙闲表 / no such free/busy: %s %u",
                         feed_scope_name(scope), index);
    }
    struct busy_list list;
    enum error_code code = busy_collect(set, scope, index, &list);
    if (code != ERR_NONE) {
        return error_set(err, code, "free/busy: %s", error_sentence_en(code));
    }
    struct event_writer writer;
    size_t before = out->length;
    event_writer_init(&writer, out, tt->organizer, false);
    add_calendar(&writer, set, scope, scope == FEED_HALL ? tt->halls[index].id : tt->instructors[index].id,
                 &list);
    if (writer.buffer.failed != ERR_NONE && out->failed == ERR_NONE) {
        out->failed = writer.buffer.failed;
    }
    event_writer_finish(&writer);
    free(list.items);
    code = text_status(out, err);
    if (code != ERR_NONE) {
        out->length = before;
    } else if (ret_stamp != NULL) {
        *ret_stamp = list.stamp;
    }
    return code;
}
