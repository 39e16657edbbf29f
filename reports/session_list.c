/* reports/session_list: see session_list.h. */
#include "reports/session_list.h"

#include "base/date.h"
#include "scheduler/session_mark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct context {
    const struct session_list *list;
    const struct timetable *tt;
    const struct session *session;
    uint32_t hall, township, county;
};

static const char *area_name(const struct context *c, uint32_t area)
{
    return area != NONE ? c->tt->areas[area].name : "";
}

/* Each column writes its bare text. */
static void column_uid(const struct context *c, struct text *out)
{
    char uid[UID_TEXT_SIZE];
    timetable_uid(c->tt, c->session->at.session_id, uid);
    text_add(out, uid);
}

static void column_status(const struct context *c, struct text *out)
{
    text_add(out, session_status_name(c->session->status));
}

static void column_date(const struct context *c, struct text *out)
{
    char date[DATE_TEXT_SIZE];
    date_format(c->session->at.day, date);
    text_add(out, date);
}

static void column_start(const struct context *c, struct text *out)
{
    char minute[TIME_TEXT_SIZE];
    minute_format(c->session->at.start_min, minute);
    text_add(out, minute);
}

static void column_end(const struct context *c, struct text *out)
{
    char minute[TIME_TEXT_SIZE];
    minute_format(c->session->at.start_min + c->session->at.minutes, minute);
    text_add(out, minute);
}

static void column_tzid(const struct context *c, struct text *out)
{
    text_add(out, c->tt->tzid);
}

static void column_county(const struct context *c, struct text *out)
{
    text_add(out, area_name(c, c->county));
}

static void column_township_code(const struct context *c, struct text *out)
{
    text_add(out, c->township != NONE ? c->tt->areas[c->township].id : "");
}

static void column_township(const struct context *c, struct text *out)
{
    text_add(out, area_name(c, c->township));
}

static void column_hall_id(const struct context *c, struct text *out)
{
    text_add(out, c->tt->halls[c->hall].id);
}

static void column_hall(const struct context *c, struct text *out)
{
    text_add(out, c->tt->halls[c->hall].name);
}

static void column_room_id(const struct context *c, struct text *out)
{
    text_add(out, c->tt->rooms[c->session->at.room].id);
}

static void instructors_write(const struct context *c, bool names, struct text *out)
{
    for (uint8_t i = 0; i < c->session->at.instructor_count; i++) {
        const struct instructor *instructor = &c->tt->instructors[c->session->at.instructors[i]];
        text_add(out, i > 0 ? ";" : "");
        text_add(out, names ? instructor->name : instructor->id);
    }
}

static void column_instructor_id(const struct context *c, struct text *out)
{
    if (audience_may_know(c->list->audience, PERSON_ID)) {
        instructors_write(c, false, out);
    }
}

static void column_instructor(const struct context *c, struct text *out)
{
    instructors_write(c, true, out);
}

static void column_course_id(const struct context *c, struct text *out)
{
    text_add(out, c->tt->courses[c->session->at.course].id);
}

static void column_course(const struct context *c, struct text *out)
{
    text_add(out, c->tt->courses[c->session->at.course].name);
}

static void column_category(const struct context *c, struct text *out)
{
    text_add(out, c->tt->categories[c->tt->courses[c->session->at.course].category].name);
}

static void column_request_id(const struct context *c, struct text *out)
{
    text_add(out, c->session->at.request != NONE ? c->tt->requests[c->session->at.request].id : "");
}

static void column_series_id(const struct context *c, struct text *out)
{
    if (c->session->at.series_id != 0) {
        text_addf(out, "%" PRId64, c->session->at.series_id);
    }
}

static void column_sequence(const struct context *c, struct text *out)
{
    text_addf(out, "%" PRId32, c->session->sequence);
}

static void column_last_modified(const struct context *c, struct text *out)
{
    char instant[INSTANT_TEXT_SIZE];
    instant_format(session_modified_at(c->list->zone, c->session, c->list->today), instant);
    text_add(out, instant);
}

static void column_id(const struct context *c, struct text *out)
{
    text_addf(out, "%" PRId64, c->session->at.session_id);
}

static void column_room(const struct context *c, struct text *out)
{
    text_add(out, c->tt->rooms[c->session->at.room].name);
}

static void column_pinned(const struct context *c, struct text *out)
{
    text_add(out, c->session->at.pinned ? "1" : "0");
}

static void column_held(const struct context *c, struct text *out)
{
    static const char *const WORDS[] = {
        [HELD_UNKNOWN] = "", [HELD_YES] = "yes", [HELD_NO] = "no", [HELD_OUTSIDE] = "outside"};
    text_add(out, WORDS[c->session->at.held]);
}

static void column_note(const struct context *c, struct text *out)
{
    text_add(out, c->session->note != NULL ? c->session->note : "");
}

/* The first 22 are DESIGN §11's contract; new ones are added at the end. */
static const struct {
    const char *name;
    void (*write)(const struct context *, struct text *);
    bool number;
} COLUMNS[] = {
    {"uid", column_uid, false},
    {"status", column_status, false},
    {"date", column_date, false},
    {"start", column_start, false},
    {"end", column_end, false},
    {"tzid", column_tzid, false},
    {"county", column_county, false},
    {"township_code", column_township_code, false},
    {"township", column_township, false},
    {"hall_id", column_hall_id, false},
    {"hall", column_hall, false},
    {"room_id", column_room_id, false},
    {"instructor_id", column_instructor_id, false},
    {"instructor", column_instructor, false},
    {"course_id", column_course_id, false},
    {"course", column_course, false},
    {"category", column_category, false},
    {"request_id", column_request_id, false},
    {"series_id", column_series_id, true},
    {"sequence", column_sequence, true},
    {"last_modified", column_last_modified, false},
    {"id", column_id, true},
    {"room", column_room, false},
    {"pinned", column_pinned, true},
    {"held", column_held, false},
    {"note", column_note, false},
};
enum {
    COLUMN_COUNT = sizeof COLUMNS / sizeof COLUMNS[0]
};

static bool passes(const struct timetable *tt, const struct session *session,
                   const struct session_filter *filter)
{
    if (session->at.day < filter->from_day || session->at.day > filter->to_day ||
        (!filter->any_status && session->status != filter->status)) {
        return false;
    }
    uint32_t hall = tt->rooms[session->at.room].hall;
    if ((filter->hall != NONE && hall != filter->hall) ||
        (filter->area != NONE && !timetable_area_within(tt, tt->halls[hall].area, filter->area))) {
        return false;
    }
    bool taught = filter->instructor == NONE;
    for (uint8_t i = 0; i < session->at.instructor_count; i++) {
        taught = taught || session->at.instructors[i] == filter->instructor;
    }
    return taught;
}

static int order_by_time(const void *a, const void *b, void *context)
{
    const struct session *left = &((const struct timetable *)context)->sessions[*(const uint32_t *)a];
    const struct session *right = &((const struct timetable *)context)->sessions[*(const uint32_t *)b];
    if (left->at.day != right->at.day) {
        return left->at.day < right->at.day ? -1 : 1;
    }
    if (left->at.start_min != right->at.start_min) {
        return left->at.start_min < right->at.start_min ? -1 : 1;
    }
    return left->at.session_id < right->at.session_id ? -1 : left->at.session_id > right->at.session_id;
}

enum error_code session_list_select(const struct timetable *timetable, const struct session_filter *filter,
                                    uint32_t **ret_indices, size_t *ret_count, struct error *err)
{
    uint32_t *indices = malloc((timetable->session_count + 1) * sizeof *indices);
    if (indices == NULL) {
        return error_set(err, ERR_MEMORY, "listing sessions: out of memory");
    }
    size_t count = 0;
    for (uint32_t i = 0; i < timetable->session_count; i++) {
        if (passes(timetable, &timetable->sessions[i], filter)) {
            indices[count++] = i;
        }
    }
    struct timetable *borrowed =
        (struct timetable *)(uintptr_t)timetable; /* qsort_r's context is not const */
    qsort_r(indices, count, sizeof *indices, order_by_time, borrowed);
    *ret_indices = indices;
    *ret_count = count;
    return ERR_NONE;
}

static struct context context_of(const struct session_list *list, size_t at)
{
    const struct timetable *tt = list->timetable;
    uint32_t index = list->indices[at];
    const struct session *session = &tt->sessions[index];
    uint32_t hall = tt->rooms[session->at.room].hall;
    return (struct context){
        list, tt, session, hall, timetable_hall_township(tt, hall), timetable_hall_county(tt, hall)};
}

void session_list_csv(const struct session_list *list, bool for_excel, struct text *out)
{
    const char *end = for_excel ? "\r\n" : "\n";
    text_add(out, for_excel ? "\xEF\xBB\xBF" : "");
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        text_add(out, column > 0 ? "," : "");
        text_add(out, COLUMNS[column].name);
    }
    text_add(out, end);
    struct text value;
    text_init(&value, LIMIT_NOTE_BYTES * 4);
    for (size_t i = 0; i < list->count; i++) {
        struct context context = context_of(list, i);
        for (size_t column = 0; column < COLUMN_COUNT; column++) {
            text_clear(&value);
            COLUMNS[column].write(&context, &value);
            text_add(out, column > 0 ? "," : "");
            if (for_excel) {
                text_add_csv_safe(out, text_string(&value));
            } else {
                text_add_csv(out, text_string(&value));
            }
        }
        text_add(out, end);
    }
    text_finish(&value);
}

void session_list_json(const struct session_list *list, struct text *out)
{
    struct text value;
    text_init(&value, LIMIT_NOTE_BYTES * 4);
    text_add(out, "[");
    for (size_t i = 0; i < list->count; i++) {
        struct context context = context_of(list, i);
        text_add(out, i > 0 ? ",\n{" : "\n{");
        for (size_t column = 0; column < COLUMN_COUNT; column++) {
            text_clear(&value);
            COLUMNS[column].write(&context, &value);
            text_addf(out, "%s\"%s\":", column > 0 ? "," : "", COLUMNS[column].name);
            if (!COLUMNS[column].number) {
                text_add_json(out, text_string(&value));
            } else {
                text_add(out, value.length > 0 ? text_string(&value) : "null");
            }
        }
        text_add(out, "}");
    }
    text_add(out, "\n]\n");
    text_finish(&value);
}
