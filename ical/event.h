/* ical/event: one session → one VEVENT. What an event shows is first gathered as plain texts and numbers, so
 * that the bytes and the hash that decides on reuse cannot disagree about what matters. For ical/feed; any
 * thread. */
#ifndef LITANG_ICAL_EVENT_H
#define LITANG_ICAL_EVENT_H

#include "base/zone.h"
#include "ical/line_memo.h"
#include "ical/safe.h"
#include "scheduler/timetable.h"

enum {
    EVENT_CANCELLED_DAYS = 7, /* a cancelled session stays this long after its end */
    EVENT_TRANSP_BYTES = sizeof "TRANSP:TRANSPARENT\r\n" - 1,
    EVENT_END_BYTES = sizeof "END:VEVENT\r\n" - 1
};

enum event_text {
    EVENT_UID,
    EVENT_TZID,
    EVENT_COURSE,
    EVENT_CATEGORY,
    EVENT_HALL,
    EVENT_ROOM,
    EVENT_ADDRESS,
    EVENT_TOWNSHIP,
    EVENT_VILLAGE,
    EVENT_NOTE,
    EVENT_CANCEL_REASON,
    EVENT_ORGANIZER, /* as given to event_writer_init */
    EVENT_PUBLIC_URL,
    EVENT_INSTRUCTOR,
    EVENT_TEXTS = EVENT_INSTRUCTOR + LIMIT_SESSION_INSTRUCTORS
};

enum event_number {
    EVENT_ID,
    EVENT_DAY,
    EVENT_START_MIN,
    EVENT_MINUTES,
    EVENT_STATUS,
    EVENT_SEQUENCE,
    EVENT_CREATED_AT,
    EVENT_MODIFIED_AT,
    EVENT_MOVED, /* 1: 【改期】 is shown */
    EVENT_OLD_DAY,
    EVENT_OLD_MIN,
    EVENT_PLACE_KNOWN,
    EVENT_LAT_E6,
    EVENT_LON_E6,
    EVENT_TEMPLATE,
    EVENT_NUMBERS
};

struct event {
    const char *texts[EVENT_TEXTS]; /* borrowed from the timetable and from uid; never NULL */
    int64_t numbers[EVENT_NUMBERS];
    char uid[UID_TEXT_SIZE];
};

/* Where in the rendered bytes stand the parts that differ from feed to feed. */
struct event_layout {
    uint32_t length;
    uint32_t summary_at, summary_length; /* the folded SUMMARY line(s) */
    uint32_t transp_at;                  /* "TRANSP:TRANSPARENT" CRLF */
};

/* Local day on which a session ends. */
int32_t event_end_day(const struct session *session);
/* Dropped from feeds: cancelled, and 7 days after its end have passed. */
bool event_dropped(const struct session *session, int32_t today);

/* Gathers; `ret_event` must stay where it is (a text points into it). */
void event_gather(const struct timetable *timetable, const struct zone *zone, const struct session *session,
                  int32_t today, struct event *ret_event);
/* Of every text and number; compared within one process only. */
uint64_t event_hash(const struct event *event);
/* The lines that are equal in all events of a timetable, made once through libical; and buffers. */
struct event_writer {
    struct safe_writer safe;
    const struct event_words *words; /* of one language */
    struct text buffer;              /* the value in work */
    struct line_memo memo;           /* of the lines that differ, but not from all others */
    struct text organizer, transp, statuses[SESSION_CANCELLED + 1];
};

/* For the events of one timetable. Failures stick in `out` (borrowed). Chinese, or English: an event's
 * English bytes are at most event_english_max() of its Chinese ones. */
void event_writer_init(struct event_writer *writer, struct text *out, const char *organizer, bool english);
void event_writer_finish(struct event_writer *writer);
/* Appends BEGIN:VEVENT … END:VEVENT to the writer's out. */
void event_render(struct event_writer *writer, const struct event *event, struct event_layout *ret_layout);
/* No English label is longer than the Chinese one, but the lines may fold more often. */
size_t event_english_max(const struct event_layout *layout);
/* Appends a VALARM `alarm_min` before the start that shows the event's summary. */
void event_render_alarm(struct safe_writer *writer, const char *summary, size_t length, int32_t alarm_min);

#endif
