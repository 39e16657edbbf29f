#include "ical/calendar.h"

#include "ical/zone_lines.h"

#include <string.h>

enum {
    /* DESIGN §7.7: clients may ask every two hours. */
    REFRESH_SECONDS = 2 * 3600
};

struct color {
    const char *name; /* CSS, RFC 7986 §5.9 */
    const char *hex;  /* for Apple */
};

/* By scope, and by category, so that a resident with several subscriptions tells them apart. */
static const struct color SCOPE_COLORS[] = {
    [FEED_CITY] = {"steelblue", "#4682B4"},        [FEED_COUNTY] = {"slateblue", "#6A5ACD"},
    [FEED_TOWNSHIP] = {"seagreen", "#2E8B57"},     [FEED_HALL] = {"firebrick", "#B22222"},
    [FEED_INSTRUCTOR] = {"darkorange", "#FF8C00"}, [FEED_PROVIDER] = {"teal", "#008080"},
    [FEED_CATEGORY] = {"olive", "#808000"},
};
static const struct color CATEGORY_COLORS[] = {
    {"seagreen", "#2E8B57"},   {"chocolate", "#D2691E"}, {"royalblue", "#4169E1"}, {"crimson", "#DC143C"},
    {"darkviolet", "#9400D3"}, {"teal", "#008080"},      {"goldenrod", "#DAA520"}, {"deeppink", "#FF1493"},
    {"olivedrab", "#6B8E23"},  {"sienna", "#A0522D"},    {"slategray", "#708090"}, {"navy", "#000080"},
};
enum {
    CATEGORY_COLOR_COUNT = sizeof CATEGORY_COLORS / sizeof CATEGORY_COLORS[0]
};

struct scope_names {
    const char *id, *name;       /* of the index; "" for the city's id */
    const char *suffix, *ending; /* of NAME, in Chinese and English */
};

static struct scope_names names_of(const struct calendar *calendar)
{
    const struct timetable *tt = calendar->timetable;
    uint32_t index = calendar->index;
    switch (calendar->scope) {
    case FEED_COUNTY:
    case FEED_TOWNSHIP:
        return (struct scope_names){tt->areas[index].id, tt->areas[index].name, "文化礼堂", " village halls"};
    case FEED_HALL:
        return (struct scope_names){tt->halls[index].id, tt->halls[index].name, "", ""};
    case FEED_INSTRUCTOR:
        return (struct scope_names){tt->instructors[index].id, tt->instructors[index].name, "的课程",
                                    ": sessions"};
    case FEED_PROVIDER:
        return (struct scope_names){tt->providers[index].id, tt->providers[index].name, "", ""};
    case FEED_CATEGORY:
        return (struct scope_names){tt->categories[index].id, tt->categories[index].name, "", ""};
    case FEED_CITY:
        break;
    }
    return (struct scope_names){"", tt->city_name == NULL ? "" : tt->city_name, "文化礼堂", " village halls"};
}

static const struct color *color_of(const struct calendar *calendar, const char *id)
{
    if (calendar->scope != FEED_CATEGORY) {
        return &SCOPE_COLORS[calendar->scope];
    }
    /* By the id's bytes, not by its index: a new category must not repaint the others. */
    uint32_t sum = 0;
    for (size_t i = 0; id[i] != '\0'; i++) {
        sum = sum * 31 + (unsigned char)id[i];
    }
    return &CATEGORY_COLORS[sum % CATEGORY_COLOR_COUNT];
}

void calendar_add_segment(struct text *out, const char *id)
{
    for (size_t i = 0; id[i] != '\0'; i++) {
        unsigned char byte = (unsigned char)id[i];
        bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '.' || byte == '_' || byte == '~';
        text_addf(out, plain ? "%c" : "%%%02X", byte);
    }
}

/* The options in the order of docs/http.md, so that who refreshes from SOURCE keeps what was subscribed to.
 */
static void add_options(struct text *out, const struct calendar *calendar)
{
    const struct feed_options *options = &calendar->options;
    const char *mark = "?";
    if (options->english) {
        text_addf(out, "%slang=en", mark);
        mark = "&";
    }
    if (options->alarm_min > 0) {
        text_addf(out, "%salarm=%d", mark, (int)options->alarm_min);
        mark = "&";
    }
    if (options->category != NONE) {
        text_addf(out, "%scategory=", mark);
        calendar_add_segment(out, calendar->timetable->categories[options->category].id);
    }
}

/* An instructor's feed has a secret address, which does not belong in what a phone may pass on. */
static void add_source(struct safe_writer *writer, const struct calendar *calendar, const char *id,
                       struct text *buffer)
{
    const char *base = calendar->timetable->public_url;
    if (base == NULL || base[0] == '\0' || calendar->scope == FEED_INSTRUCTOR) {
        return;
    }
    text_clear(buffer);
    text_addf(buffer, "%s/feed/%s%s", base, feed_scope_name(calendar->scope), id[0] == '\0' ? "" : "/");
    calendar_add_segment(buffer, id);
    text_add(buffer, ".ics");
    add_options(buffer, calendar);
    safe_uri(writer, ICAL_SOURCE_PROPERTY, text_string(buffer));
    text_clear(buffer);
    text_addf(buffer, "%s/", base);
    safe_uri(writer, ICAL_URL_PROPERTY, text_string(buffer));
}

static void add_names(struct safe_writer *writer, const struct calendar *calendar,
                      const struct scope_names *names, struct text *buffer)
{
    const char *organizer = calendar->timetable->organizer;
    bool english = calendar->options.english;
    text_clear(buffer);
    text_add(buffer, names->name);
    text_add(buffer, english ? names->ending : names->suffix);
    if (calendar->options.category != NONE) {
        text_add(buffer, english ? ": " : "：");
        text_add(buffer, calendar->timetable->categories[calendar->options.category].name);
    }
    safe_text(writer, ICAL_NAME_PROPERTY, text_string(buffer), SAFE_ONE_LINE);
    safe_x(writer, "X-WR-CALNAME", text_string(buffer));
    safe_x(writer, "X-WR-TIMEZONE", calendar->zone->tzid);
    if (organizer != NULL && organizer[0] != '\0') {
        text_addf(buffer,
                  english ? ": community education sessions published by %s" : "：%s发布的社区教育课程安排",
                  organizer);
    } else {
        text_add(buffer, english ? ": community education sessions" : "：社区教育课程安排");
    }
    safe_x(writer, "X-WR-CALDESC", text_string(buffer));
}

enum error_code calendar_head(struct safe_writer *writer, const struct calendar *calendar, struct error *err)
{
    struct text *out = writer->out;
    struct scope_names names = names_of(calendar);
    const struct color *color = color_of(calendar, names.id);
    struct text buffer;
    text_init(&buffer, LIMIT_FEED_BYTES);
    text_add(out, "BEGIN:VCALENDAR\r\n");
    safe_property(writer, icalproperty_new_version("2.0"));
    safe_property(writer, icalproperty_new_prodid(calendar->options.english ? "-//litang//feed 1//EN"
                                                                            : "-//litang//feed 1//ZH"));
    safe_property(writer, icalproperty_new_calscale("GREGORIAN"));
    safe_property(writer, icalproperty_new_method(ICAL_METHOD_PUBLISH));
    add_names(writer, calendar, &names, &buffer);
    safe_property(writer, icalproperty_new_refreshinterval(icaldurationtype_from_int(REFRESH_SECONDS)));
    safe_x(writer, "X-PUBLISHED-TTL", "PT2H");
    safe_property(writer, icalproperty_new_color(color->name));
    safe_x(writer, "X-APPLE-CALENDAR-COLOR", color->hex);
    add_source(writer, calendar, names.id, &buffer);
    safe_utc_time(writer, ICAL_LASTMODIFIED_PROPERTY, calendar->last_modified);
    if (buffer.failed != ERR_NONE && out->failed == ERR_NONE) {
        out->failed = buffer.failed;
    }
    text_finish(&buffer);
    return zone_lines_add(out, calendar->zone, err);
}

void calendar_tail(struct text *out)
{
    text_add(out, "END:VCALENDAR\r\n");
}
