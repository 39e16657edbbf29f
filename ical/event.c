#include "ical/event.h"

#include "base/date.h"
#include "ical/feed.h"
#include "scheduler/session_mark.h"

#include <string.h>

/* What litang itself says in an event. Values are as the office wrote them, in either language. */
struct event_words {
    const char *cancelled, *moved; /* before the summary */
    const char *reason, *old_time, *course, *category, *instructor, *township, *note;
    const char *weekday_open, *weekday_close, *and;
    const char *weekdays[7];
};

/* An English word takes no more bytes than the Chinese one (event_english_max). */
static const struct event_words CHINESE = {
    "【停课】",
    "【改期】",
    "停课原因：",
    "原定：",
    "课程：",
    "类别：",
    "讲师：",
    "镇街：",
    "备注：",
    "（",
    "）",
    "、",
    {"周一", "周二", "周三", "周四", "周五", "周六", "周日"},
};
static const struct event_words ENGLISH = {
    "[CANCELLED] ",
    "[MOVED] ",
    "Reason: ",
    "Was: ",
    "Course: ",
    "Topic: ",
    "By: ",
    "Town: ",
    "Note: ",
    " (",
    ") ",
    ", ",
    {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
};

int32_t event_end_day(const struct session *session)
{
    return session->at.day + (session->at.start_min + session->at.minutes) / DAY_MINUTES;
}

bool event_dropped(const struct session *session, int32_t today)
{
    return session->status == SESSION_CANCELLED && today > event_end_day(session) + EVENT_CANCELLED_DAYS;
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static void gather_place(const struct timetable *timetable, const struct session *session,
                         struct event *event)
{
    const struct room *room = &timetable->rooms[session->at.room];
    const struct hall *hall = &timetable->halls[room->hall];
    event->texts[EVENT_HALL] = or_empty(hall->name);
    event->texts[EVENT_ROOM] = or_empty(room->name);
    event->texts[EVENT_ADDRESS] = or_empty(hall->address);
    uint32_t township = timetable_hall_township(timetable, room->hall);
    if (township != NONE) {
        event->texts[EVENT_TOWNSHIP] = or_empty(timetable->areas[township].name);
    }
    if (hall->area != NONE && hall->area != township) {
        event->texts[EVENT_VILLAGE] = or_empty(timetable->areas[hall->area].name);
    }
    /* The area's point, which stands in for a missing one elsewhere, would put the pin on another building.
     */
    if (hall->place.known) {
        event->numbers[EVENT_PLACE_KNOWN] = 1;
        event->numbers[EVENT_LAT_E6] = hall->place.lat_e6;
        event->numbers[EVENT_LON_E6] = hall->place.lon_e6;
    }
}

static void gather_people(const struct timetable *timetable, const struct session *session,
                          struct event *event)
{
    const struct course *course = &timetable->courses[session->at.course];
    event->texts[EVENT_COURSE] = or_empty(course->name);
    if (course->category != NONE) {
        event->texts[EVENT_CATEGORY] = or_empty(timetable->categories[course->category].name);
    }
    for (size_t i = 0; i < session->at.instructor_count && i < LIMIT_SESSION_INSTRUCTORS; i++) {
        const struct instructor *instructor = &timetable->instructors[session->at.instructors[i]];
        event->texts[EVENT_INSTRUCTOR + i] = or_empty(instructor->name);
    }
}

void event_gather(const struct timetable *timetable, const struct zone *zone, const struct session *session,
                  int32_t today, struct event *ret_event)
{
    struct event *event = ret_event;
    for (size_t i = 0; i < EVENT_TEXTS; i++) {
        event->texts[i] = "";
    }
    memset(event->numbers, 0, sizeof event->numbers);
    timetable_uid(timetable, session->at.session_id, event->uid);
    event->texts[EVENT_UID] = event->uid;
    event->texts[EVENT_TZID] = zone->tzid;
    event->texts[EVENT_NOTE] = or_empty(session->note);
    event->texts[EVENT_ORGANIZER] = or_empty(timetable->organizer);
    event->texts[EVENT_PUBLIC_URL] = or_empty(timetable->public_url);
    gather_place(timetable, session, event);
    gather_people(timetable, session, event);
    event->numbers[EVENT_ID] = session->at.session_id;
    event->numbers[EVENT_DAY] = session->at.day;
    event->numbers[EVENT_START_MIN] = session->at.start_min;
    event->numbers[EVENT_MINUTES] = session->at.minutes;
    event->numbers[EVENT_STATUS] = session->status;
    event->numbers[EVENT_SEQUENCE] = session->sequence;
    event->numbers[EVENT_CREATED_AT] = session->created_at;
    event->numbers[EVENT_MODIFIED_AT] = session_modified_at(zone, session, today);
    event->numbers[EVENT_TEMPLATE] = FEED_TEMPLATE;
    if (session->status == SESSION_CANCELLED) {
        event->texts[EVENT_CANCEL_REASON] = or_empty(session->cancel_reason);
    }
    if (session_is_marked(zone, session, today)) {
        event->numbers[EVENT_MOVED] = 1;
        event->numbers[EVENT_OLD_DAY] = session->moved_from_day;
        event->numbers[EVENT_OLD_MIN] = session->moved_from_min;
    }
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    /* Two multiplications a word, as in splitmix64: a changed bit anywhere changes half of the result. */
    hash = (hash ^ word) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 29)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 32);
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    size_t length = strlen(text);
    hash = mix(hash, length);
    for (size_t at = 0; at < length; at += 8) {
        uint64_t word = 0;
        memcpy(&word, text + at, length - at < 8 ? length - at : 8);
        hash = mix(hash, word);
    }
    return hash;
}

uint64_t event_hash(const struct event *event)
{
    uint64_t hash = 1;
    for (size_t i = 0; i < EVENT_TEXTS; i++) {
        hash = mix_text(hash, event->texts[i]);
    }
    for (size_t i = 0; i < EVENT_NUMBERS; i++) {
        hash = mix(hash, (uint64_t)event->numbers[i]);
    }
    return hash;
}

/* A name with a line break in it must not look like another line of the description. */
static void add_labelled(struct text *out, const char *label, const char *value, enum safe_lines lines)
{
    if (value[0] != '\0') {
        text_add(out, out->length > 0 ? "\n" : "");
        text_add(out, label);
        safe_clean(out, value, lines);
    }
}

static void render_summary(struct event_writer *writer, const struct event *event)
{
    struct text *buffer = &writer->buffer;
    text_clear(buffer);
    if (event->numbers[EVENT_STATUS] == SESSION_CANCELLED) {
        text_add(buffer, writer->words->cancelled);
    } else if (event->numbers[EVENT_MOVED] != 0) {
        text_add(buffer, writer->words->moved);
    }
    text_add(buffer, event->texts[EVENT_COURSE]);
    safe_text(&writer->safe, ICAL_SUMMARY_PROPERTY, text_string(buffer), SAFE_ONE_LINE);
}

static void add_old_time(struct text *out, const struct event_words *words, const struct event *event)
{
    char date[DATE_TEXT_SIZE];
    char time[TIME_TEXT_SIZE];
    int32_t day = (int32_t)event->numbers[EVENT_OLD_DAY];
    date_format(day, date);
    minute_format((int32_t)event->numbers[EVENT_OLD_MIN], time);
    text_addf(out, "%s%s%s%s%s%s%s", out->length > 0 ? "\n" : "", words->old_time, date, words->weekday_open,
              words->weekdays[date_weekday(day) - 1], words->weekday_close, time);
}

static void render_description(struct event_writer *writer, const struct event *event)
{
    const struct event_words *words = writer->words;
    struct text *buffer = &writer->buffer;
    text_clear(buffer);
    add_labelled(buffer, words->reason, event->texts[EVENT_CANCEL_REASON], SAFE_ONE_LINE);
    if (event->numbers[EVENT_MOVED] != 0) {
        add_old_time(buffer, words, event);
    }
    add_labelled(buffer, words->course, event->texts[EVENT_COURSE], SAFE_ONE_LINE);
    add_labelled(buffer, words->category, event->texts[EVENT_CATEGORY], SAFE_ONE_LINE);
    for (size_t i = 0; i < LIMIT_SESSION_INSTRUCTORS; i++) {
        const char *name = event->texts[EVENT_INSTRUCTOR + i];
        if (i == 0) {
            add_labelled(buffer, words->instructor, name, SAFE_ONE_LINE);
        } else if (name[0] != '\0') {
            text_add(buffer, words->and);
            safe_clean(buffer, name, SAFE_ONE_LINE);
        }
    }
    add_labelled(buffer, words->township, event->texts[EVENT_TOWNSHIP], SAFE_ONE_LINE);
    add_labelled(buffer, words->note, event->texts[EVENT_NOTE], SAFE_LINES);
    safe_text_clean(&writer->safe, ICAL_DESCRIPTION_PROPERTY, buffer);
}

/* "礼堂, 教室" LF "地址"; a hall of one room is often called like its room. */
static void render_location(struct event_writer *writer, const struct event *event)
{
    struct text *buffer = &writer->buffer;
    text_clear(buffer);
    safe_clean(buffer, event->texts[EVENT_HALL], SAFE_ONE_LINE);
    const char *room = event->texts[EVENT_ROOM];
    if (room[0] != '\0' && strcmp(room, event->texts[EVENT_HALL]) != 0) {
        text_add(buffer, buffer->length > 0 ? ", " : "");
        safe_clean(buffer, room, SAFE_ONE_LINE);
    }
    if (event->texts[EVENT_ADDRESS][0] != '\0') {
        text_add_char(buffer, '\n');
        safe_clean(buffer, event->texts[EVENT_ADDRESS], SAFE_ONE_LINE);
    } else if (event->texts[EVENT_TOWNSHIP][0] != '\0' || event->texts[EVENT_VILLAGE][0] != '\0') {
        text_add_char(buffer, '\n');
        safe_clean(buffer, event->texts[EVENT_TOWNSHIP], SAFE_ONE_LINE);
        safe_clean(buffer, event->texts[EVENT_VILLAGE], SAFE_ONE_LINE);
    }
    safe_text_clean(&writer->safe, ICAL_LOCATION_PROPERTY, buffer);
}

/* ---- lines that many events share ---- */

typedef void render_function(struct event_writer *writer, const struct event *event);

/* Appends the line that `render` makes of what the key names, made only if it is not known. */
static void render_shared(struct event_writer *writer, const struct event *event, const struct line_key *key,
                          render_function *render)
{
    struct text *out = writer->safe.out;
    size_t from = out->length;
    if (!line_memo_write(&writer->memo, key, out)) {
        render(writer, event);
        if (out->failed == ERR_NONE) {
            line_memo_keep(&writer->memo, key, text_string(out) + from, out->length - from);
        }
    }
}

/* Texts of one timetable are the same when they stand at the same place. */
static uint64_t place_of(const struct event *event, enum event_text text)
{
    return (uint64_t)(uintptr_t)event->texts[text];
}

static uint64_t number_of(const struct event *event, enum event_number number)
{
    return (uint64_t)event->numbers[number];
}

/* A day's first minute through libical, once; the hour and the minute of the session in it. */
static void render_time(struct event_writer *writer, const struct event *event, icalproperty_kind kind,
                        int32_t minute)
{
    static const char MIDNIGHT[] = "T000000\r\n";
    struct text *out = writer->safe.out;
    int32_t day = (int32_t)event->numbers[EVENT_DAY] + minute / DAY_MINUTES;
    const struct line_key key = {{(uint64_t)kind, place_of(event, EVENT_TZID), (uint64_t)day}};
    size_t from = out->length;
    minute %= DAY_MINUTES;
    if (!line_memo_write(&writer->memo, &key, out)) {
        safe_local_time(&writer->safe, kind, event->texts[EVENT_TZID], day, 0);
        if (out->failed == ERR_NONE) {
            line_memo_keep(&writer->memo, &key, text_string(out) + from, out->length - from);
        }
    }
    size_t tail = sizeof MIDNIGHT - 1;
    if (out->failed != ERR_NONE || out->length < from + tail ||
        memcmp(out->data + out->length - tail, MIDNIGHT, tail) != 0) {
        out->failed = out->failed == ERR_NONE ? ERR_INTERNAL : out->failed;
        return;
    }
    char *digits = out->data + out->length - tail + 1;
    digits[0] = (char)('0' + minute / 600);
    digits[1] = (char)('0' + minute / 60 % 10);
    digits[2] = (char)('0' + minute % 60 / 10);
    digits[3] = (char)('0' + minute % 10);
}

static void render_sequence(struct event_writer *writer, const struct event *event)
{
    safe_property(&writer->safe, icalproperty_new_sequence((int)event->numbers[EVENT_SEQUENCE]));
}

static void render_times(struct event_writer *writer, const struct event *event)
{
    struct safe_writer *safe = &writer->safe;
    const struct line_key sequence = {{ICAL_SEQUENCE_PROPERTY, number_of(event, EVENT_SEQUENCE)}};
    int32_t start_min = (int32_t)event->numbers[EVENT_START_MIN];
    int32_t end_min = start_min + (int32_t)event->numbers[EVENT_MINUTES];
    safe_utc_time(safe, ICAL_DTSTAMP_PROPERTY, event->numbers[EVENT_MODIFIED_AT]);
    safe_utc_time(safe, ICAL_CREATED_PROPERTY, event->numbers[EVENT_CREATED_AT]);
    safe_utc_time(safe, ICAL_LASTMODIFIED_PROPERTY, event->numbers[EVENT_MODIFIED_AT]);
    render_shared(writer, event, &sequence, render_sequence);
    render_time(writer, event, ICAL_DTSTART_PROPERTY, start_min);
    render_time(writer, event, ICAL_DTEND_PROPERTY, end_min);
}

static void render_geo(struct event_writer *writer, const struct event *event)
{
    if (event->numbers[EVENT_PLACE_KNOWN] != 0) {
        safe_geo(&writer->safe, (int32_t)event->numbers[EVENT_LAT_E6], (int32_t)event->numbers[EVENT_LON_E6]);
    }
}

static void render_categories(struct event_writer *writer, const struct event *event)
{
    safe_categories(&writer->safe, &event->texts[EVENT_CATEGORY], 1);
}

static void render_subject(struct event_writer *writer, const struct event *event)
{
    const struct line_key summary = {{ICAL_SUMMARY_PROPERTY, place_of(event, EVENT_COURSE),
                                      number_of(event, EVENT_STATUS), number_of(event, EVENT_MOVED)}};
    render_shared(writer, event, &summary, render_summary);
}

static void render_place(struct event_writer *writer, const struct event *event)
{
    const struct line_key location = {{ICAL_LOCATION_PROPERTY, place_of(event, EVENT_HALL),
                                       place_of(event, EVENT_ROOM), place_of(event, EVENT_ADDRESS),
                                       place_of(event, EVENT_TOWNSHIP), place_of(event, EVENT_VILLAGE)}};
    const struct line_key geo = {{ICAL_GEO_PROPERTY, number_of(event, EVENT_PLACE_KNOWN),
                                  number_of(event, EVENT_LAT_E6), number_of(event, EVENT_LON_E6)}};
    const struct line_key categories = {{ICAL_CATEGORIES_PROPERTY, place_of(event, EVENT_CATEGORY)}};
    render_shared(writer, event, &location, render_location);
    render_shared(writer, event, &geo, render_geo);
    render_shared(writer, event, &categories, render_categories);
}

/* ---- the whole ---- */

/* An address that nobody has, as Google and Apple write it: RFC 5546 §3.2.1 wants an ORGANIZER under PUBLISH,
 * and no person's address belongs in a feed. */
static icalproperty *organizer_property(struct text *buffer, const char *organizer)
{
    safe_clean(buffer, organizer, SAFE_ONE_LINE);
    icalproperty *property = icalproperty_new_organizer("invalid:nomail");
    if (property != NULL && buffer->length > 0) {
        icalparameter *name = icalparameter_new_cn(text_string(buffer));
        if (name != NULL) {
            icalproperty_add_parameter(property, name);
        } else {
            icalproperty_free(property);
            property = NULL;
        }
    }
    return property;
}

void event_writer_init(struct event_writer *writer, struct text *out, const char *organizer, bool english)
{
    static const icalproperty_status STATUSES[] = {[SESSION_TENTATIVE] = ICAL_STATUS_TENTATIVE,
                                                   [SESSION_CONFIRMED] = ICAL_STATUS_CONFIRMED,
                                                   [SESSION_CANCELLED] = ICAL_STATUS_CANCELLED};
    writer->words = english ? &ENGLISH : &CHINESE;
    safe_writer_init(&writer->safe, out);
    text_init(&writer->buffer, LIMIT_FEED_BYTES);
    line_memo_init(&writer->memo);
    text_init(&writer->organizer, LIMIT_FEED_BYTES);
    text_init(&writer->transp, LIMIT_FEED_BYTES);
    writer->safe.out = &writer->organizer;
    safe_property(&writer->safe, organizer_property(&writer->buffer, organizer));
    writer->safe.out = &writer->transp;
    safe_property(&writer->safe, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    out->failed = out->failed == ERR_NONE ? writer->organizer.failed : out->failed;
    out->failed = out->failed == ERR_NONE ? writer->transp.failed : out->failed;
    for (size_t i = 0; i <= SESSION_CANCELLED; i++) {
        text_init(&writer->statuses[i], LIMIT_FEED_BYTES);
        writer->safe.out = &writer->statuses[i];
        safe_property(&writer->safe, icalproperty_new_status(STATUSES[i]));
        out->failed = out->failed == ERR_NONE ? writer->statuses[i].failed : out->failed;
    }
    writer->safe.out = out;
}

void event_writer_finish(struct event_writer *writer)
{
    safe_writer_finish(&writer->safe);
    text_finish(&writer->buffer);
    line_memo_finish(&writer->memo);
    text_finish(&writer->organizer);
    text_finish(&writer->transp);
    for (size_t i = 0; i <= SESSION_CANCELLED; i++) {
        text_finish(&writer->statuses[i]);
    }
}

static void add_line(struct event_writer *writer, const struct text *line)
{
    text_add_bytes(writer->safe.out, text_string(line), line->length);
}

static void render_url(struct event_writer *writer, const struct event *event)
{
    if (event->texts[EVENT_PUBLIC_URL][0] != '\0') {
        text_clear(&writer->buffer);
        text_addf(&writer->buffer, "%s/session/%lld", event->texts[EVENT_PUBLIC_URL],
                  (long long)event->numbers[EVENT_ID]);
        safe_uri(&writer->safe, ICAL_URL_PROPERTY, text_string(&writer->buffer));
    }
}

void event_render(struct event_writer *writer, const struct event *event, struct event_layout *ret_layout)
{
    struct text *out = writer->safe.out;
    size_t from = out->length;
    text_add(out, "BEGIN:VEVENT\r\n");
    safe_text(&writer->safe, ICAL_UID_PROPERTY, event->texts[EVENT_UID], SAFE_ONE_LINE);
    render_times(writer, event);
    size_t summary = out->length;
    render_subject(writer, event);
    size_t summary_end = out->length;
    render_description(writer, event);
    render_place(writer, event);
    add_line(writer, &writer->statuses[event->numbers[EVENT_STATUS]]);
    size_t transp = out->length;
    add_line(writer, &writer->transp);
    render_url(writer, event);
    add_line(writer, &writer->organizer);
    text_add(out, "END:VEVENT\r\n");
    if (writer->buffer.failed != ERR_NONE && out->failed == ERR_NONE) {
        out->failed = writer->buffer.failed;
    }
    *ret_layout = (struct event_layout){.length = (uint32_t)(out->length - from),
                                        .summary_at = (uint32_t)(summary - from),
                                        .summary_length = (uint32_t)(summary_end - summary),
                                        .transp_at = (uint32_t)(transp - from)};
}

size_t event_english_max(const struct event_layout *layout)
{
    /* A physical line holds 71 to 75 octets: a character or an escape is never split. */
    return layout->length + (size_t)layout->length / 32 + 64;
}

void event_render_alarm(struct safe_writer *writer, const char *summary, size_t length, int32_t alarm_min)
{
    static const char NAME[] = "SUMMARY:";
    struct text *line = &writer->scratch;
    text_add(writer->out, "BEGIN:VALARM\r\nACTION:DISPLAY\r\n");
    text_clear(line);
    text_add(line, "DESCRIPTION:");
    /* The value is escaped already; only its folding moves. */
    if (length > sizeof NAME - 1) {
        safe_unfold(line, summary + sizeof NAME - 1, length - (sizeof NAME - 1));
    }
    if (line->failed != ERR_NONE && writer->out->failed == ERR_NONE) {
        writer->out->failed = line->failed;
    }
    safe_fold(writer->out, text_string(line), line->length);
    text_addf(writer->out, "TRIGGER:-PT%dM\r\nEND:VALARM\r\n", (int)alarm_min);
}
