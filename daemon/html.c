/* daemon/html: see html.h. */
#include "daemon/html.h"

#include "base/date.h"
#include "base/limits.h"
#include "scheduler/session_mark.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* RFC 3986 §2.3: everything but unreserved characters is percent-encoded, so an id cannot leave its place. */
static void url_segment_add(struct text *out, const char *id)
{
    static const char HEX[] = "0123456789ABCDEF";
    for (const unsigned char *at = (const unsigned char *)id; *at != '\0'; at++) {
        bool plain = (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     strchr("-._~", *at) != NULL;
        if (plain) {
            text_add_char(out, (char)*at);
        } else {
            text_add_char(out, '%');
            text_add_char(out, HEX[*at >> 4]);
            text_add_char(out, HEX[*at & 15]);
        }
    }
}

void html_begin_frame(struct text *out, const struct html_frame *frame)
{
    bool english = frame->english;
    text_addf(out,
              "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
              "content=\"width=device-width, initial-scale=1\"><title>",
              english ? "en" : "zh-CN");
    text_add_html(out, frame->title);
    text_add(out, " · ");
    text_add_html(out, frame->timetable->city_name);
    text_addf(
        out,
        "</title><link rel=\"stylesheet\" href=\"/style.css\">%s</head><body>\n<header><a class=\"home\" "
        "href=\"/%s\">",
        frame->head, english ? "?lang=en" : "");
    text_add(out, english ? "litang · " : "礼堂课表 · ");
    text_add_html(out, frame->timetable->city_name);
    text_add(out, "</a><a class=\"lang\" href=\"");
    text_add_html(out, frame->other_language);
    text_addf(out, "\">%s</a></header>\n<main><h1>", english ? "中文" : "English");
    text_add_html(out, frame->title);
    text_add(out, "</h1>\n");
}

void html_begin(struct text *out, const struct timetable *timetable, bool english, const char *title,
                const char *prefix, const char *id)
{
    struct text other;
    text_init(&other, LIMIT_NOTE_BYTES);
    html_path_add(&other, prefix, id, english ? "" : "?lang=en");
    html_begin_frame(out, &(struct html_frame){.timetable = timetable,
                                               .english = english,
                                               .title = title,
                                               .head = "",
                                               .other_language = text_string(&other)});
    text_finish(&other);
}

void html_end(struct text *out, const struct published *published, bool english)
{
    const struct timetable *timetable = published->timetable;
    bool beijing = strcmp(timetable->tzid, "Asia/Shanghai") == 0;
    char today[DATE_TEXT_SIZE];
    date_format(published->today, today);
    text_addf(out, "</main>\n<footer>%s %" PRId64 " · %s %s · %s ", word(english, "版本", "Revision"),
              timetable->revision, word(english, "截至", "as of"), today,
              word(english, "时间均为", "times are"));
    text_add_html(out, beijing ? word(english, "北京时间", "Beijing time") : timetable->tzid);
    text_add(out, "</footer></body></html>\n");
}

void html_problem(struct text *out, unsigned status, bool english, const char *title, const char *detail)
{
    text_addf(out,
              "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
              "content=\"width=device-width, initial-scale=1\">"
              "<title>%u</title><link rel=\"stylesheet\" href=\"/style.css\"></head><body><main><h1>%u ",
              english ? "en" : "zh-CN", status, status);
    text_add_html(out, title);
    text_add(out, "</h1><p>");
    text_add_html(out, detail);
    text_addf(out, "</p><p><a href=\"/%s\">%s</a></p></main></body></html>\n", english ? "?lang=en" : "",
              word(english, "回到首页 / home", "home"));
}

void html_link(struct text *out, const char *prefix, const char *id, const char *suffix, bool english,
               const char *text)
{
    text_addf(out, "<a href=\"%s", prefix);
    url_segment_add(out, id);
    text_addf(out, "%s%s\">", suffix, english ? "?lang=en" : "");
    text_add_html(out, text);
    text_add(out, "</a>");
}

void html_path_add(struct text *out, const char *prefix, const char *id, const char *suffix)
{
    text_add(out, prefix);
    url_segment_add(out, id);
    text_add(out, suffix);
}

const char *html_public_host(const struct timetable *timetable)
{
    const char *url = timetable->public_url;
    return strncmp(url, "https://", 8) == 0 ? url + 8 : strncmp(url, "http://", 7) == 0 ? url + 7 : NULL;
}

/* Who reads the page in English gets the calendar's labels in English, too. */
static void feed_path_add(struct text *out, const char *feed_prefix, const char *id, bool english)
{
    html_path_add(out, feed_prefix, id, english ? ".ics?lang=en" : ".ics");
}

void html_subscribe_link(struct text *out, const struct timetable *timetable, bool english,
                         const char *prefix, const char *id)
{
    bool has_code = html_public_host(timetable) != NULL;
    text_add(out, "<p class=\"box\">");
    html_link(out, prefix, id, "", english,
              word(english, "订阅到手机或电脑日历", "Subscribe to this calendar"));
    text_addf(out, " <span class=\"soft\">%s%s</span></p>\n",
              word(english, "改期和停课自动更新；", "moves and cancellations follow by themselves; "),
              has_code ? word(english, "有二维码和各种手机的说明", "with QR code and instructions")
                       : word(english, "有各种手机的说明", "with instructions"));
}

void html_subscribe(struct text *out, const struct timetable *timetable, bool english,
                    const char *feed_prefix, const char *id)
{
    const char *host = html_public_host(timetable);
    text_addf(
        out, "<p class=\"box\">%s ",
        word(english, "订阅日历：把此地址添加到手机或电脑的日历，改期和停课会自动更新。",
             "Subscribe: add this address to your calendar; moves and cancellations follow by themselves."));
    if (host != NULL) {
        text_add(out, "<br><a class=\"button\" href=\"webcal://");
        text_add_html(out, host);
        feed_path_add(out, feed_prefix, id, english);
        text_addf(out, "\">%s</a> ", word(english, "一键订阅", "Subscribe"));
    }
    text_add(out, "<a href=\"");
    feed_path_add(out, feed_prefix, id, english);
    text_addf(out, "\">%s</a>", word(english, "日历文件（.ics）", "calendar file (.ics)"));
    if (host == NULL) { /* a path without its host cannot be typed anywhere, but the link can be copied */
        text_addf(out, " %s</p>\n", word(english, "（长按可复制地址）", "(copy the link's address)"));
        return;
    }
    text_add(out, "<br><code>");
    text_add_html(out, timetable->public_url);
    feed_path_add(out, feed_prefix, id, english);
    text_add(out, "</code></p>\n");
}

void html_day_heading(struct text *out, const struct timetable *timetable, int32_t day, bool english)
{
    static const char *const ZH[] = {"", "周一", "周二", "周三", "周四", "周五", "周六", "周日"};
    static const char *const EN[] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    struct day_info info = timetable_day(timetable, day);
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    text_addf(out, "<h3>%s %s", date, (english ? EN : ZH)[info.weekday]);
    if (info.holiday_name != NULL) {
        text_add(out, " · ");
        text_add_html(out, info.holiday_name);
        text_add(out,
                 info.is_off ? word(english, "（休）", " (off)") : word(english, "（班）", " (working day)"));
    }
    text_add(out, "</h3>\n");
}

static void row_where(struct text *out, const struct timetable *timetable, const struct session *session,
                      struct session_rows rows, bool people_have_pages)
{
    const struct room *room = &timetable->rooms[session->at.room];
    uint32_t township = timetable_hall_township(timetable, room->hall);
    if (!rows.hide_hall) {
        if (township != NONE) {
            text_add_html(out, timetable->areas[township].name);
            text_add(out, " · ");
        }
        html_link(out, "/hall/", timetable->halls[room->hall].id, "", rows.english,
                  timetable->halls[room->hall].name);
        text_add(out, " · ");
    }
    text_add_html(out, room->name);
    for (uint8_t i = 0; !rows.hide_instructor && i < session->at.instructor_count; i++) {
        const struct instructor *instructor = &timetable->instructors[session->at.instructors[i]];
        text_add(out, i == 0 ? " · " : "、");
        if (people_have_pages) {
            html_link(out, "/instructor/", instructor->id, "", rows.english, instructor->name);
        } else {
            text_add_html(out, instructor->name);
        }
    }
}

void html_session_row(struct text *out, const struct published *published, const struct session *session,
                      struct session_rows rows)
{
    const struct timetable *timetable = published->timetable;
    char start[TIME_TEXT_SIZE];
    char end[TIME_TEXT_SIZE];
    char id[24];
    minute_format(session->at.start_min, start);
    minute_format(session->at.start_min + session->at.minutes, end);
    snprintf(id, sizeof id, "%" PRId64, session->at.session_id);
    bool stopped = session->status == SESSION_CANCELLED;
    text_addf(out, "<li%s><span>%s–%s</span><span><span class=\"what\">", stopped ? " class=\"stopped\"" : "",
              start, end);
    html_link(out, "/session/", id, "", rows.english, timetable->courses[session->at.course].name);
    text_add(out, "</span>");
    if (stopped) {
        text_addf(out, " <span class=\"tag\">%s</span>", word(rows.english, "【停课】", "cancelled"));
    } else if (session_is_marked(&published->zone, session, published->today)) {
        text_addf(out, " <span class=\"tag\">%s</span>", word(rows.english, "【改期】", "moved"));
    }
    text_add(out, "<br><span class=\"where\">");
    row_where(out, timetable, session, rows, audience_may_know(published->audience, PERSON_ID));
    text_add(out, "</span></span></li>\n");
}
