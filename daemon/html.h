/* daemon/html: the frame that all pages share, and the words in both languages. Chinese first. */
#ifndef LITANG_DAEMON_HTML_H
#define LITANG_DAEMON_HTML_H

#include "base/text.h"
#include "daemon/published.h"

#define HTML_TYPE "text/html; charset=utf-8"

/* The one place where a page chooses between its two languages. */
static inline const char *word(bool english, const char *zh, const char *en)
{
    return english ? en : zh;
}

/* Opens the page; `title` is escaped here. `prefix` + percent-encoded `id` is its own address, for the
 * language link. */
void html_begin(struct text *out, const struct timetable *timetable, bool english, const char *title,
                const char *prefix, const char *id);
/* The same for a page with options of its own. */
struct html_frame {
    const struct timetable *timetable;
    bool english;
    const char *title;
    const char *head;           /* more of <head>, as HTML; "" */
    const char *other_language; /* the address of the page in the other language, percent-encoded */
};
void html_begin_frame(struct text *out, const struct html_frame *frame);
void html_end(struct text *out, const struct published *published, bool english);
void html_problem(struct text *out, unsigned status, bool english, const char *title, const char *text);

/* A link with escaped text: <a href="PREFIX + percent-encoded ID + SUFFIX">TEXT</a>. */
void html_link(struct text *out, const char *prefix, const char *id, const char *suffix, bool english,
               const char *text);
/* PREFIX + percent-encoded ID + SUFFIX. */
void html_path_add(struct text *out, const char *prefix, const char *id, const char *suffix);
/* "host/path" of the deployment's address, or NULL: without one a webcal link would have to guess the host.
 */
const char *html_public_host(const struct timetable *timetable);
/* The subscription box: webcal link, https link, download. `feed` is e.g. "/feed/hall/" + id + ".ics". */
void html_subscribe(struct text *out, const struct timetable *timetable, bool english,
                    const char *feed_prefix, const char *id);

/* A short box that leads to the page where one subscribes. */
void html_subscribe_link(struct text *out, const struct timetable *timetable, bool english,
                         const char *prefix, const char *id);

/* Sessions as a list by day; instructors have links where their pages are public.
 * `hide_hall`/`hide_instructor` leave out what the page is about. */
struct session_rows {
    bool english, hide_hall, hide_instructor;
};
void html_session_row(struct text *out, const struct published *published, const struct session *session,
                      struct session_rows rows);
void html_day_heading(struct text *out, const struct timetable *timetable, int32_t day, bool english);

#endif
