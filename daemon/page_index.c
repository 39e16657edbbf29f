/* daemon/page_index: "/": every township with its calendar, by county. */
#include "daemon/html.h"
#include "daemon/router.h"

#include "base/date.h"

#include <inttypes.h>
#include <stdlib.h>

/* Sessions still to come, per township, that are not cancelled. */
static size_t upcoming_count(const struct published *published, uint32_t *per_area)
{
    const struct timetable *tt = published->timetable;
    size_t total = 0;
    for (size_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        uint32_t township = timetable_hall_township(tt, tt->rooms[session->at.room].hall);
        if (session->status != SESSION_CANCELLED && session->at.day >= published->today) {
            total++;
            if (township != NONE) {
                per_area[township]++;
            }
        }
    }
    return total;
}

static void coverage_figure(const struct published *published, bool english, struct text *out)
{
    const struct figures_choice usual = {0};
    struct dashboard_options options;
    struct coverage coverage;
    char rate[COVERAGE_RATE_SIZE];
    if (figures_resolve(published, &usual, &options, NULL) != ERR_NONE ||
        coverage_compute(published->timetable, options.definition, options.from_day, options.to_day,
                         options.minimum, options.area, &coverage, NULL) != ERR_NONE) {
        return;
    }
    coverage_rate(&coverage, rate);
    text_addf(out, "<li><b><a href=\"/coverage%s\">%s %%</a></b>", english ? "?lang=en" : "", rate);
    text_addf(out,
              english ? "halls with sessions in %d: %" PRId64 " of %" PRId64 "</li>"
                      : "%d 年已排课礼堂：%" PRId64 " / %" PRId64 "</li>",
              date_year(options.to_day), coverage.numerator, coverage.denominator);
    coverage_finish(&coverage);
}

static void townships_list(const struct timetable *tt, uint32_t county, const uint32_t *upcoming,
                           bool english, struct text *out)
{
    text_add(out, "<ul class=\"grid\">\n");
    for (uint32_t area = 0; area < tt->area_count; area++) {
        if (tt->areas[area].level != AREA_TOWNSHIP || tt->areas[area].county != county) {
            continue;
        }
        text_add(out, "<li>");
        html_link(out, "/township/", tt->areas[area].id, "", english, tt->areas[area].name);
        text_addf(out,
                  english ? "<span class=\"more\">%" PRIu32 " to come · "
                          : "<span class=\"more\">待开课 %" PRIu32 " 场 · ",
                  upcoming[area]);
        html_link(out, "/feed/township/", tt->areas[area].id, ".ics", false,
                  word(english, "日历", "calendar"));
        text_add(out, " · ");
        html_link(out, "/subscribe/township/", tt->areas[area].id, "", english,
                  word(english, "订阅", "subscribe"));
        text_add(out, "</span></li>\n");
    }
    text_add(out, "</ul>\n");
}

enum error_code route_index(const struct route_request *request, int argument, struct reply_draft *draft,
                            struct error *err)
{
    (void)argument;
    const struct timetable *tt = request->published->timetable;
    struct text *out = &draft->body;
    bool english = request->english;
    uint32_t *upcoming = calloc(tt->area_count + 1, sizeof *upcoming);
    if (upcoming == NULL) {
        return error_set(err, ERR_MEMORY, "the index: out of memory");
    }
    size_t total = upcoming_count(request->published, upcoming);
    html_begin(out, tt, english, word(english, "镇街课程日历", "Township calendars"), "/", "");
    text_addf(out,
              english ? "<ul class=\"figures\"><li><b>%zu</b>sessions to come</li><li><b>%zu</b>halls</li>"
                      : "<ul class=\"figures\"><li><b>%zu</b>待开课场次</li><li><b>%zu</b>文化礼堂</li>",
              total, tt->hall_count);
    coverage_figure(request->published, english, out);
    text_add(out, "</ul>\n");
    for (uint32_t area = 0; area < tt->area_count; area++) {
        if (tt->areas[area].level != AREA_COUNTY) {
            continue;
        }
        text_add(out, "<h2>");
        text_add_html(out, tt->areas[area].name);
        text_add(out, " <span class=\"soft\">");
        html_link(out, "/feed/county/", tt->areas[area].id, ".ics", false,
                  word(english, "全县日历", "county calendar"));
        text_add(out, "</span></h2>\n");
        townships_list(tt, area, upcoming, english, out);
    }
    html_end(out, request->published, english);
    free(upcoming);
    return ERR_NONE;
}
