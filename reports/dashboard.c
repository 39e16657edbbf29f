/* reports/dashboard: see dashboard.h. One pass over the sessions fills the sums; a cumulative rate is
 * computed for each month. */
#include "reports/dashboard.h"

#include "base/date.h"
#include "base/limits.h"
#include "reports/equity.h"
#include "reports/session_sum.h"

#include <inttypes.h>
#include <stdlib.h>

struct dashboard {
    const struct timetable *tt;
    const struct dashboard_options *options;
    struct text *out;
    struct coverage coverage, halls;                             /* halls: the standings on the map */
    struct coverage_count *counts;                               /* owned; [area], of coverage */
    struct session_sum *areas, *hall_sums, *categories, *months; /* owned */
    size_t month_count;
    struct equity equity;
    struct error *err;
};

struct dashboard_options dashboard_defaults(int32_t today)
{
    int32_t year = date_year(today);
    return (struct dashboard_options){.definition = COVERAGE_HALLS_PLANNED,
                                      .from_day = date_from_civil((struct civil){year, 1, 1}),
                                      .to_day = date_from_civil((struct civil){year, 12, 31}),
                                      .minimum = 1,
                                      .area = NONE,
                                      .as_of_day = today};
}

/* ---- sums ---- */

static bool area_in(const struct dashboard *d, uint32_t area)
{
    return d->options->area == NONE || timetable_area_within(d->tt, area, d->options->area);
}

static void sums_fill(struct dashboard *d)
{
    const struct timetable *tt = d->tt;
    int32_t first = date_month_index(d->options->from_day);
    for (size_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        uint32_t hall = tt->rooms[session->at.room].hall;
        if (session->at.day < d->options->from_day || session->at.day > d->options->to_day ||
            !area_in(d, tt->halls[hall].area)) {
            continue;
        }
        session_sum_add_up(tt, tt->halls[hall].area, session, d->areas);
        session_sum_add(&d->hall_sums[hall], session);
        session_sum_add(&d->categories[tt->courses[session->at.course].category], session);
        session_sum_add(&d->months[date_month_index(session->at.day) - first], session);
    }
}

static enum error_code options_check(const struct dashboard_options *o, struct error *err)
{
    if (o->from_day < DATE_MIN || o->to_day > DATE_MAX || o->from_day > o->to_day ||
        o->to_day - o->from_day >= LIMIT_REPORT_DAYS) {
        return error_set(
            err, ERR_INPUT,
            "时段应先后有序且不超过 %d 天 (a period has a first day not after its last and at most "
            "%d days)",
            LIMIT_REPORT_DAYS, LIMIT_REPORT_DAYS);
    }
    return ERR_NONE;
}

static enum error_code dashboard_begin(struct dashboard *d)
{
    const struct dashboard_options *o = d->options;
    enum error_code code = coverage_compute(d->tt, o->definition, o->from_day, o->to_day, o->minimum, o->area,
                                            &d->coverage, d->err);
    if (code != ERR_NONE) {
        return code;
    }
    enum coverage_definition on_map =
        coverage_is_of_areas(o->definition) ? COVERAGE_HALLS_PLANNED : o->definition;
    code = coverage_compute(d->tt, on_map, o->from_day, o->to_day, o->minimum, o->area, &d->halls, d->err);
    if (code == ERR_NONE) {
        code = equity_compute(d->tt, o->from_day, o->to_day, o->area, &d->equity, d->err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    d->month_count = (size_t)(date_month_index(o->to_day) - date_month_index(o->from_day)) + 1;
    d->counts = calloc(d->tt->area_count + 1, sizeof *d->counts);
    d->areas = calloc(d->tt->area_count + 1, sizeof *d->areas);
    d->hall_sums = calloc(d->tt->hall_count + 1, sizeof *d->hall_sums);
    d->categories = calloc(d->tt->category_count + 1, sizeof *d->categories);
    d->months = calloc(d->month_count, sizeof *d->months);
    if (d->counts == NULL || d->areas == NULL || d->hall_sums == NULL || d->categories == NULL ||
        d->months == NULL) {
        return error_set(d->err, ERR_MEMORY, "内存不足 (dashboard: out of memory)");
    }
    coverage_spread(d->tt, &d->coverage, d->counts);
    sums_fill(d);
    return ERR_NONE;
}

static void dashboard_end(struct dashboard *d)
{
    coverage_finish(&d->coverage);
    coverage_finish(&d->halls);
    equity_finish(&d->equity);
    free(d->counts);
    free(d->areas);
    free(d->hall_sums);
    free(d->categories);
    free(d->months);
}

/* ---- JSON ---- */

static void member(struct text *out, const char *name, const char *value)
{
    text_addf(out, ",\"%s\":", name);
    text_add_json(out, value);
}

static void day_member(struct text *out, const char *name, int32_t day)
{
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    member(out, name, date);
}

static void figure_members(struct text *out, int64_t numerator, int64_t denominator)
{
    char rate[COVERAGE_RATE_SIZE];
    ratio_format(numerator, denominator, 100, rate);
    text_addf(out, ",\"numerator\":%" PRId64 ",\"denominator\":%" PRId64 ",\"rate\":\"%s\"", numerator,
              denominator, rate);
}

static void sum_members(struct text *out, const struct session_sum *sum)
{
    text_addf(out,
              ",\"sessions\":%" PRId64 ",\"meetings\":%" PRId64 ",\"held\":%" PRId64 ",\"heads\":%" PRId64,
              sum->sessions, sum->meetings, sum->held, sum->heads);
}

static void ratio_member(struct text *out, const char *name, int64_t numerator, int64_t denominator,
                         int64_t scale)
{
    char ratio[COVERAGE_RATE_SIZE];
    ratio_format(numerator, denominator, scale, ratio);
    if (denominator <= 0) {
        text_addf(out, ",\"%s\":null", name);
    } else {
        text_addf(out, ",\"%s\":\"%s\"", name, ratio);
    }
}

static void degree_add(struct text *out, const char *name, int32_t e6)
{
    text_addf(out, ",\"%s\":%s%d.%06d", name, e6 < 0 ? "-" : "", abs(e6) / 1000000, abs(e6) % 1000000);
}

static void place_members(struct text *out, const struct place *place)
{
    if (!place->known) {
        text_add(out, ",\"lat\":null,\"lon\":null");
        return;
    }
    degree_add(out, "lat", place->lat_e6);
    degree_add(out, "lon", place->lon_e6);
}

/* "[" or "," before an item. */
static void item_begin(struct text *out, bool *first)
{
    text_add(out, *first ? "{" : ",{");
    *first = false;
}

static void definition_members(struct text *out, enum coverage_definition definition)
{
    text_add(out, "\"id\":");
    text_add_json(out, coverage_name(definition));
    member(out, "zh", coverage_title(definition, true));
    member(out, "en", coverage_title(definition, false));
}

static void head_add(struct dashboard *d)
{
    const struct dashboard_options *o = d->options;
    char target[COVERAGE_RATE_SIZE];
    ratio_format(d->tt->coverage_target, 100, 1, target);
    text_addf(d->out, "{\"revision\":%" PRId64, d->tt->revision);
    day_member(d->out, "as_of", o->as_of_day);
    day_member(d->out, "from", o->from_day);
    day_member(d->out, "to", o->to_day);
    member(d->out, "city", d->tt->city_name);
    if (o->area != NONE) {
        text_add(d->out, ",\"area\":{\"code\":");
        text_add_json(d->out, d->tt->areas[o->area].id);
        member(d->out, "name", d->tt->areas[o->area].name);
        text_add(d->out, "}");
    }
    text_add(d->out, ",\"definition\":{");
    definition_members(d->out, o->definition);
    text_addf(d->out, "},\"minimum\":%d,\"coverage\":{\"exempt\":%" PRId64 ",\"closed\":%" PRId64, o->minimum,
              d->coverage.exempt, d->coverage.closed);
    figure_members(d->out, d->coverage.numerator, d->coverage.denominator);
    text_addf(d->out, "},\"target\":\"%s\"", target);
}

static enum error_code definitions_add(struct dashboard *d)
{
    const struct dashboard_options *o = d->options;
    bool first = true;
    text_add(d->out, ",\"definitions\":[");
    for (int i = 0; i < COVERAGE_COUNT; i++) {
        struct coverage coverage;
        enum error_code code = coverage_compute(d->tt, (enum coverage_definition)i, o->from_day, o->to_day,
                                                o->minimum, o->area, &coverage, d->err);
        if (code != ERR_NONE) {
            return code;
        }
        item_begin(d->out, &first);
        definition_members(d->out, coverage.definition);
        figure_members(d->out, coverage.numerator, coverage.denominator);
        text_add(d->out, "}");
        coverage_finish(&coverage);
    }
    text_add(d->out, "]");
    return ERR_NONE;
}

static void area_members(struct dashboard *d, uint32_t area)
{
    text_add(d->out, "\"code\":");
    text_add_json(d->out, d->tt->areas[area].id);
    member(d->out, "name", d->tt->areas[area].name);
    figure_members(d->out, d->counts[area].numerator, d->counts[area].denominator);
    sum_members(d->out, &d->areas[area]);
}

static void areas_add(struct dashboard *d, const char *name, enum area_level level)
{
    bool first = true;
    text_addf(d->out, ",\"%s\":[", name);
    for (uint32_t a = 0; a < d->tt->area_count; a++) {
        const struct area *area = &d->tt->areas[a];
        if (area->level != level || !area_in(d, a)) {
            continue;
        }
        item_begin(d->out, &first);
        area_members(d, a);
        if (level == AREA_TOWNSHIP) {
            const struct equity_row *row = equity_find(&d->equity, a);
            member(d->out, "county", area->county != NONE ? d->tt->areas[area->county].id : "");
            place_members(d->out, &area->place);
            ratio_member(d->out, "per_1000", row != NULL ? row->sessions : 0,
                         row != NULL ? row->population : 0, 1000);
        }
        text_add(d->out, "}");
    }
    text_add(d->out, "]");
}

static void halls_add(struct dashboard *d)
{
    bool first = true;
    text_add(d->out, ",\"halls\":[");
    for (uint32_t h = 0; h < d->tt->hall_count; h++) {
        const struct hall *hall = &d->tt->halls[h];
        uint32_t township = timetable_hall_township(d->tt, h);
        if (!area_in(d, hall->area)) {
            continue;
        }
        item_begin(d->out, &first);
        text_add(d->out, "\"id\":");
        text_add_json(d->out, hall->id);
        member(d->out, "name", hall->name);
        member(d->out, "township", township != NONE ? d->tt->areas[township].id : "");
        place_members(d->out, &hall->known_place);
        member(d->out, "standing", standing_name(d->halls.standings[h]));
        text_addf(d->out, ",\"sessions\":%" PRId64 "}", d->hall_sums[h].sessions);
    }
    text_add(d->out, "]");
}

/* The last day of the n-th month of the period, or the period's own. */
static int32_t month_end(const struct dashboard_options *o, size_t n)
{
    struct civil first = date_to_civil(o->from_day);
    int32_t end = date_from_civil((struct civil){first.year, first.month + (int32_t)n + 1, 1}) - 1;
    return end < o->to_day ? end : o->to_day;
}

static enum error_code months_add(struct dashboard *d)
{
    const struct dashboard_options *o = d->options;
    struct civil month = date_to_civil(o->from_day);
    bool first = true;
    text_add(d->out, ",\"months\":[");
    for (size_t n = 0; n < d->month_count; n++) {
        struct coverage coverage;
        enum error_code code = coverage_compute(d->tt, o->definition, o->from_day, month_end(o, n),
                                                o->minimum, o->area, &coverage, d->err);
        if (code != ERR_NONE) {
            return code;
        }
        const struct session_sum *sum = &d->months[n];
        item_begin(d->out, &first);
        text_addf(d->out,
                  "\"month\":\"%04d-%02d\",\"planned\":%" PRId64 ",\"held\":%" PRId64 ",\"heads\":%" PRId64,
                  month.year, month.month, sum->planned, sum->held, sum->heads);
        figure_members(d->out, coverage.numerator, coverage.denominator);
        text_add(d->out, "}");
        coverage_finish(&coverage);
        month.year += month.month == 12;
        month.month = month.month == 12 ? 1 : month.month + 1;
    }
    text_add(d->out, "]");
    return ERR_NONE;
}

static void categories_add(struct dashboard *d)
{
    bool first = true;
    text_add(d->out, ",\"categories\":[");
    for (uint32_t c = 0; c < d->tt->category_count; c++) {
        item_begin(d->out, &first);
        text_add(d->out, "\"id\":");
        text_add_json(d->out, d->tt->categories[c].id);
        member(d->out, "name", d->tt->categories[c].name);
        sum_members(d->out, &d->categories[c]);
        text_add(d->out, "}");
    }
    text_add(d->out, "]");
}

static void lowest_add(struct dashboard *d, const struct equity_row *row, bool *first)
{
    item_begin(d->out, first);
    text_add(d->out, "\"code\":");
    text_add_json(d->out, d->tt->areas[row->township].id);
    member(d->out, "name", d->tt->areas[row->township].name);
    ratio_member(d->out, "per_hall", row->sessions, row->halls, 1);
    ratio_member(d->out, "per_1000", row->sessions, row->population, 1000);
    text_add(d->out, "}");
}

static void equity_add(struct dashboard *d)
{
    const struct equity *equity = &d->equity;
    bool first = true;
    text_add(d->out, ",\"equity\":{\"lowest_decile\":[");
    for (size_t i = 0; i < equity->count; i++) {
        if (equity->rows[i].is_lowest) {
            lowest_add(d, &equity->rows[i], &first);
        }
    }
    first = true;
    text_add(d->out, "],\"category_gaps\":[");
    for (size_t i = 0; i < equity->count * equity->category_count; i++) {
        if (equity->gaps[i]) {
            item_begin(d->out, &first);
            text_add(d->out, "\"township\":");
            text_add_json(d->out, d->tt->areas[equity->rows[i / equity->category_count].township].id);
            member(d->out, "category", d->tt->categories[i % equity->category_count].id);
            text_add(d->out, "}");
        }
    }
    text_add(d->out, "]}}");
}

enum error_code dashboard_json(const struct timetable *timetable, const struct dashboard_options *options,
                               struct text *out, struct error *err)
{
    struct dashboard d = {.tt = timetable, .options = options, .out = out, .err = err};
    enum error_code code = options_check(options, err);
    if (code == ERR_NONE) {
        code = dashboard_begin(&d);
    }
    if (code == ERR_NONE) {
        head_add(&d);
        code = definitions_add(&d);
    }
    if (code == ERR_NONE) {
        areas_add(&d, "counties", AREA_COUNTY);
        areas_add(&d, "townships", AREA_TOWNSHIP);
        halls_add(&d);
        code = months_add(&d);
    }
    if (code == ERR_NONE) {
        categories_add(&d);
        equity_add(&d);
        code = text_status(out, err);
    }
    dashboard_end(&d);
    return code;
}
