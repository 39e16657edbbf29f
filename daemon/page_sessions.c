/* daemon/page_sessions: pages that list the sessions of a township, a hall or an instructor, and one session.
 */
#include "base/date.h"
#include "base/limits.h"
#include "daemon/html.h"
#include "daemon/router.h"
#include "reports/session_list.h"
#include "scheduler/session_mark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The coming sessions that pass the filter, by day; at most PAGE_SESSIONS_MAX, and says so. */
enum {
    PAGE_SESSIONS_MAX = 1000
};

static enum error_code list_upcoming(const struct published *published, struct session_filter *filter,
                                     struct session_rows rows, struct text *out, struct error *err)
{
    const struct timetable *tt = published->timetable;
    uint32_t *indices = NULL;
    size_t count = 0;
    filter->from_day = published->today;
    filter->to_day = DATE_MAX;
    filter->any_status = true;
    enum error_code code = session_list_select(tt, filter, &indices, &count, err);
    if (code != ERR_NONE) {
        return code;
    }
    size_t stopped = 0;
    for (size_t i = 0; i < count; i++) {
        stopped += tt->sessions[indices[i]].status == SESSION_CANCELLED;
    }
    text_addf(out, rows.english ? "<h2>Coming sessions: %zu</h2>\n" : "<h2>即将开课：%zu 场</h2>\n",
              count - stopped);
    if (count == 0) {
        text_addf(out, "<p>%s</p>\n",
                  word(rows.english, "目前还没有安排。订阅日历后，新排的课会自动出现。",
                       "Nothing is planned yet. Subscribe to the calendar, and new sessions appear in it."));
    }
    int32_t day = INT32_MIN;
    for (size_t i = 0; i < count && i < PAGE_SESSIONS_MAX; i++) {
        const struct session *session = &tt->sessions[indices[i]];
        if (session->at.day != day) {
            text_add(out, day != INT32_MIN ? "</ol>\n" : "");
            day = session->at.day;
            html_day_heading(out, tt, day, rows.english);
            text_add(out, "<ol class=\"sessions\">\n");
        }
        html_session_row(out, published, session, rows);
    }
    text_add(out, day != INT32_MIN ? "</ol>\n" : "");
    if (count > PAGE_SESSIONS_MAX) {
        text_addf(out,
                  rows.english ? "<p class=\"soft\">The first %d are shown; the calendar holds all.</p>\n"
                               : "<p class=\"soft\">此处显示前 %d 场，日历中含全部。</p>\n",
                  PAGE_SESSIONS_MAX);
    }
    free(indices);
    return ERR_NONE;
}

enum error_code route_township(const struct route_request *request, int argument, struct reply_draft *draft,
                               struct error *err)
{
    (void)argument;
    const struct timetable *tt = request->published->timetable;
    uint32_t area = timetable_find_area(tt, request->id);
    if (area == NONE || tt->areas[area].level != AREA_TOWNSHIP) {
        return error_set(err, ERR_NOT_FOUND, "没有这个镇街 / no such township: %s", request->id);
    }
    html_begin(&draft->body, tt, request->english, tt->areas[area].name, "/township/", request->id);
    html_subscribe_link(&draft->body, tt, request->english, "/subscribe/township/", tt->areas[area].id);
    struct session_filter filter = {.area = area, .hall = NONE, .instructor = NONE};
    enum error_code code = list_upcoming(
        request->published, &filter, (struct session_rows){.english = request->english}, &draft->body, err);
    html_end(&draft->body, request->published, request->english);
    return code;
}

enum error_code route_hall(const struct route_request *request, int argument, struct reply_draft *draft,
                           struct error *err)
{
    (void)argument;
    const struct timetable *tt = request->published->timetable;
    uint32_t hall = timetable_find_hall(tt, request->id);
    if (hall == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有这个礼堂 / no such hall: %s", request->id);
    }
    html_begin(&draft->body, tt, request->english, tt->halls[hall].name, "/hall/", request->id);
    uint32_t township = timetable_hall_township(tt, hall);
    if (township != NONE) {
        text_add(&draft->body, "<p class=\"soft\">");
        html_link(&draft->body, "/township/", tt->areas[township].id, "", request->english,
                  tt->areas[township].name);
        if (tt->halls[hall].address != NULL && tt->halls[hall].address[0] != '\0') {
            text_add(&draft->body, " · ");
            text_add_html(&draft->body, tt->halls[hall].address);
        }
        text_add(&draft->body, "</p>\n");
    }
    html_subscribe_link(&draft->body, tt, request->english, "/subscribe/hall/", tt->halls[hall].id);
    struct session_filter filter = {.area = NONE, .hall = hall, .instructor = NONE};
    struct session_rows rows = {.english = request->english, .hide_hall = true};
    enum error_code code = list_upcoming(request->published, &filter, rows, &draft->body, err);
    html_end(&draft->body, request->published, request->english);
    return code;
}

enum error_code route_instructor(const struct route_request *request, int argument, struct reply_draft *draft,
                                 struct error *err)
{
    (void)argument;
    const struct timetable *tt = request->published->timetable;
    uint32_t instructor = timetable_find_instructor(tt, request->id);
    if (instructor == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有这位讲师 / no such instructor: %s", request->id);
    }
    bool secret = request->token[0] != '\0'; /* then every link of the page stays at the secret address */
    const char *own = secret ? request->token : tt->instructors[instructor].id;
    html_begin(&draft->body, tt, request->english, tt->instructors[instructor].name,
               secret ? "/i/" : "/instructor/", own);
    html_subscribe_link(&draft->body, tt, request->english,
                        secret ? "/subscribe/secret/" : "/subscribe/instructor/", own);
    struct session_filter filter = {.area = NONE, .hall = NONE, .instructor = instructor};
    struct session_rows rows = {.english = request->english, .hide_instructor = true};
    enum error_code code = list_upcoming(request->published, &filter, rows, &draft->body, err);
    html_end(&draft->body, request->published, request->english);
    return code;
}

static void term(struct text *out, const char *name, const char *value)
{
    text_addf(out, "<dt>%s</dt><dd>", name);
    text_add_html(out, value);
    text_add(out, "</dd>");
}

/* Nothing where only the room is another. */
static void old_time_term(struct text *out, const struct session *session, bool english)
{
    if (session->moved_from_day == session->at.day && session->moved_from_min == session->at.start_min) {
        return;
    }
    char date[DATE_TEXT_SIZE];
    char start[TIME_TEXT_SIZE];
    char when[DATE_TEXT_SIZE + TIME_TEXT_SIZE + 1];
    date_format(session->moved_from_day, date);
    minute_format(session->moved_from_min, start);
    snprintf(when, sizeof when, "%s %s", date, start);
    term(out, word(english, "原时间", "moved from"), when);
}

/* One spelling per session; 0: not a session's number. */
static int64_t session_id_read(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= 18 && text[digits] == '\0' && text[0] != '0' ? strtoll(text, NULL, 10) : 0;
}

enum error_code route_session(const struct route_request *request, int argument, struct reply_draft *draft,
                              struct error *err)
{
    (void)argument;
    const struct timetable *tt = request->published->timetable;
    bool english = request->english;
    int64_t id = session_id_read(request->id);
    const struct session *session = id > 0 ? timetable_find_session(tt, id) : NULL;
    if (session == NULL) {
        return error_set(err, ERR_NOT_FOUND, "没有这个场次 / no such session: %s", request->id);
    }
    struct text *out = &draft->body;
    html_begin(out, tt, english, tt->courses[session->at.course].name, "/session/", request->id);
    html_day_heading(out, tt, session->at.day, english);
    text_add(out, "<ol class=\"sessions\">\n");
    html_session_row(out, request->published, session, (struct session_rows){.english = english});
    text_add(out, "</ol><dl>");
    const struct hall *hall = &tt->halls[tt->rooms[session->at.room].hall];
    if (session_is_marked(&request->published->zone, session, request->published->today)) {
        old_time_term(out, session, english);
    }
    term(out, word(english, "类别", "category"),
         tt->categories[tt->courses[session->at.course].category].name);
    if (hall->address != NULL && hall->address[0] != '\0') {
        term(out, word(english, "地址", "address"), hall->address);
    }
    if (session->note != NULL && session->note[0] != '\0') {
        term(out, word(english, "备注", "note"), session->note);
    }
    if (session->status == SESSION_CANCELLED && session->cancel_reason != NULL &&
        session->cancel_reason[0] != '\0') {
        term(out, word(english, "停课原因", "cancelled"), session->cancel_reason);
    }
    text_add(out, "</dl>\n");
    html_end(out, request->published, english);
    return ERR_NONE;
}
