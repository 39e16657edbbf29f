/* reports/session_feed: see session_feed.h. */
#include "reports/session_feed.h"

#include <inttypes.h>
#include <stdlib.h>

static bool passes(const struct session_feed *feed, uint32_t index)
{
    const struct timetable *tt = feed->timetable;
    const struct course *course = &tt->courses[tt->sessions[index].at.course];
    return (feed->provider == NONE || course->provider == feed->provider) &&
           (feed->category == NONE || course->category == feed->category);
}

static void add_member(struct text *out, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        text_addf(out, "\"%s\":", name);
        text_add_json(out, value);
        text_add(out, ",\n");
    }
}

enum error_code session_feed_json(const struct session_feed *feed, struct text *out, struct error *err)
{
    const struct timetable *tt = feed->timetable;
    const struct session_filter filter = {.from_day = feed->from_day,
                                          .to_day = feed->to_day,
                                          .area = feed->area,
                                          .hall = feed->hall,
                                          .instructor = feed->instructor,
                                          .any_status = true};
    uint32_t *indices = NULL;
    size_t count = 0;
    enum error_code code = session_list_select(tt, &filter, &indices, &count, err);
    if (code != ERR_NONE) {
        return code;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (passes(feed, indices[i])) {
            indices[kept++] = indices[i];
        }
    }
    const struct session_list list = {tt, feed->zone, feed->today, indices, kept};
    size_t before = out->length;
    text_add(out, "{");
    add_member(out, "title", feed->title);
    add_member(out, "home_page_url", tt->public_url);
    add_member(out, "feed_url", feed->feed_url);
    add_member(out, "tzid", tt->tzid);
    text_addf(out, "\"revision\":%" PRId64 ",\n\"items\":", tt->revision);
    session_list_json(&list, out);
    text_add(out, "}\n");
    free(indices);
    code = text_status(out, err);
    if (code != ERR_NONE) {
        out->length = before;
    }
    return code;
}
