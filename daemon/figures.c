/* daemon/figures: see figures.h. */
#include "daemon/figures.h"

#include "base/date.h"
#include "daemon/html.h"
#include "daemon/http_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Forms send the slash of "halls-held/1" as %2F. */
static enum error_code read_definition(struct figures_choice *choice, const char *value, struct error *err)
{
    char name[LIMIT_ID_BYTES + 1] = "";
    memcpy(name, value, strnlen(value, LIMIT_ID_BYTES));
    url_decode_slashes(name);
    enum coverage_definition definition = coverage_from_name(name);
    if (definition == COVERAGE_COUNT) {
        return error_set(err, ERR_INPUT,
                         "definition: 没有这个口径 / no such definition: %.40s (halls-planned, halls-held, "
                         "halls-paired, villages, townships)",
                         value);
    }
    choice->definition = definition;
    choice->has_definition = true;
    return ERR_NONE;
}

static enum error_code read_day(const char *name, const char *value, int32_t *ret_day, bool *ret_has,
                                struct error *err)
{
    if (!date_parse(value, ret_day)) {
        return error_set(
            err, ERR_INPUT,
            "%s: 日期写作 2027-01-31，且须真有这一天 / a date is written 2027-01-31, and must exist", name);
    }
    *ret_has = true;
    return ERR_NONE;
}

static enum error_code read_from(struct figures_choice *choice, const char *value, struct error *err)
{
    return read_day("from", value, &choice->from_day, &choice->has_from, err);
}

static enum error_code read_to(struct figures_choice *choice, const char *value, struct error *err)
{
    return read_day("to", value, &choice->to_day, &choice->has_to, err);
}

static enum error_code read_minimum(struct figures_choice *choice, const char *value, struct error *err)
{
    size_t digits = strspn(value, "0123456789");
    long minimum =
        digits > 0 && digits <= 4 && value[digits] == '\0' && value[0] != '0' ? strtol(value, NULL, 10) : 0;
    if (minimum < 1 || minimum > LIMIT_COVERAGE_MINIMUM) {
        return error_set(err, ERR_INPUT, "minimum: 1 … %d 场 / sessions", LIMIT_COVERAGE_MINIMUM);
    }
    choice->minimum = (int32_t)minimum;
    return ERR_NONE;
}

static enum error_code read_area(struct figures_choice *choice, const char *value, struct error *err)
{
    size_t length = strlen(value); /* a form sends "" for the whole city */
    if (length > LIMIT_ID_BYTES) {
        return error_set(err, ERR_INPUT, "area: 区域代码 / the code of an area");
    }
    memcpy(choice->area, value, length + 1);
    url_decode_slashes(choice->area);
    return ERR_NONE;
}

enum error_code figures_option(struct figures_choice *choice, const char *name, const char *value,
                               struct error *err)
{
    static const struct {
        const char *name;
        enum error_code (*read)(struct figures_choice *, const char *value, struct error *);
    } READERS[] = {{"definition", read_definition},
                   {"from", read_from},
                   {"to", read_to},
                   {"minimum", read_minimum},
                   {"area", read_area}};
    for (size_t i = 0; i < sizeof READERS / sizeof READERS[0]; i++) {
        if (strcmp(READERS[i].name, name) == 0) {
            return READERS[i].read(choice, value, err);
        }
    }
    return error_set(err, ERR_INPUT, "没有这个选项 / unknown option: %.40s", name);
}

int32_t figures_last_day(const struct published *published)
{
    const struct timetable *tt = published->timetable;
    int32_t newest = published->today;
    for (size_t i = 0; i < tt->session_count; i++) {
        newest = tt->sessions[i].at.day > newest ? tt->sessions[i].at.day : newest;
    }
    return date_from_civil((struct civil){date_year(newest), 12, 31});
}

enum error_code figures_resolve(const struct published *published, const struct figures_choice *choice,
                                struct dashboard_options *ret_options, struct error *err)
{
    int32_t to_day = choice->has_to ? choice->to_day : figures_last_day(published);
    struct dashboard_options options = dashboard_defaults(to_day);
    options.to_day = to_day;
    options.as_of_day = published->today;
    options.from_day = choice->has_from ? choice->from_day : options.from_day;
    options.definition = choice->has_definition ? choice->definition : options.definition;
    options.minimum = choice->minimum > 0 ? choice->minimum : options.minimum;
    if (choice->area[0] != '\0') {
        options.area = timetable_find_area(published->timetable, choice->area);
        if (options.area == NONE) {
            return error_set(err, ERR_NOT_FOUND, "area: 没有这个区域 / no such area: %s", choice->area);
        }
    }
    if (options.from_day > options.to_day) {
        return error_set(err, ERR_INPUT, "from, to: 起日晚于止日 / the first day is after the last");
    }
    *ret_options = options;
    return ERR_NONE;
}

static void member_begin(struct text *out, size_t start, const char *name)
{
    text_addf(out, "%s%s=", out->length > start ? "&" : "", name);
}

static void day_member(struct text *out, size_t start, const char *name, int32_t day)
{
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    member_begin(out, start, name);
    text_add(out, date);
}

void figures_query(const struct figures_choice *choice, struct text *out)
{
    size_t start = out->length;
    if (choice->has_definition) {
        member_begin(out, start, "definition");
        html_path_add(out, "", coverage_name(choice->definition), "");
    }
    if (choice->has_from) {
        day_member(out, start, "from", choice->from_day);
    }
    if (choice->has_to) {
        day_member(out, start, "to", choice->to_day);
    }
    if (choice->minimum > 0) {
        member_begin(out, start, "minimum");
        text_addf(out, "%" PRId32, choice->minimum);
    }
    if (choice->area[0] != '\0') {
        member_begin(out, start, "area");
        html_path_add(out, "", choice->area, "");
    }
}
