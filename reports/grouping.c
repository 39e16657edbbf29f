#include "reports/grouping.h"

#include "base/date.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *zh, *en;
} NAMES[] = {
#define X(code, name, zh, en) [code] = {name, zh, en},
    GROUP_LIST(X)
#undef X
};

const char *group_by_name(enum group_by by)
{
    return by < BY_COUNT ? NAMES[by].name : "?";
}

const char *group_by_title(enum group_by by, bool chinese)
{
    return by >= BY_COUNT ? "?" : chinese ? NAMES[by].zh : NAMES[by].en;
}

enum group_by group_by_from_name(const char *name)
{
    int by = 0;
    while (by < BY_COUNT && strcmp(NAMES[by].name, name) != 0) {
        by++;
    }
    return (enum group_by)by;
}

bool tag_has(const char *tags, const char *tag)
{
    size_t length = strlen(tag);
    const char *at = tags != NULL ? tags : "";
    while (*at != '\0') {
        size_t word = strcspn(at, ";");
        if (word == length && memcmp(at, tag, length) == 0) {
            return true;
        }
        at += word;
        at += *at == ';';
    }
    return false;
}

bool grouping_overlaps(const struct grouping *grouping)
{
    return grouping->by == BY_TAG;
}

static bool area_in(const struct grouping *g, uint32_t area)
{
    return g->area == NONE || timetable_area_within(g->timetable, area, g->area);
}

/* ---- the groups ---- */

static void group_add(struct grouping *g, const char *code, const char *name, uint32_t index,
                      int32_t last_day)
{
    if (index != NONE) {
        g->group_of[index] = (uint32_t)g->count;
    }
    g->groups[g->count++] = (struct group){code, name, index, last_day};
}

static void areas_list(struct grouping *g, enum area_level level)
{
    for (uint32_t a = 0; a < g->timetable->area_count; a++) {
        if (g->timetable->areas[a].level == level && area_in(g, a)) {
            group_add(g, g->timetable->areas[a].id, g->timetable->areas[a].name, a, g->to_day);
        }
    }
}

static enum error_code months_list(struct grouping *g)
{
    struct civil month = date_to_civil(g->from_day);
    int32_t count = date_month_index(g->to_day) - date_month_index(g->from_day) + 1;
    for (int32_t i = 0; i < count; i++) {
        char text[16];
        snprintf(text, sizeof text, "%04d-%02d", month.year, month.month);
        const char *code = arena_copy_text(&g->arena, text);
        month.year += month.month == 12;
        month.month = month.month == 12 ? 1 : month.month + 1;
        int32_t end = date_from_civil((struct civil){month.year, month.month, 1}) - 1;
        if (code == NULL) {
            return ERR_MEMORY;
        }
        group_add(g, code, code, NONE, end < g->to_day ? end : g->to_day);
    }
    return ERR_NONE;
}

static bool tag_known(const struct grouping *g, const char *tag)
{
    for (size_t i = 0; i < g->count; i++) {
        if (strcmp(g->groups[i].code, tag) == 0) {
            return true;
        }
    }
    return false;
}

static enum error_code tags_of_course(struct grouping *g, const char *tags)
{
    const char *at = tags != NULL ? tags : "";
    while (*at != '\0') {
        size_t word = strcspn(at, ";");
        const char *tag = arena_copy_bytes(&g->arena, at, word);
        if (tag == NULL) {
            return ERR_MEMORY;
        }
        if (word > 0 && !tag_known(g, tag)) {
            if (g->count == LIMIT_REPORT_TAGS) {
                return ERR_LIMIT;
            }
            group_add(g, tag, tag, NONE, g->to_day);
        }
        at += word;
        at += *at == ';';
    }
    return ERR_NONE;
}

static enum error_code tags_list(struct grouping *g)
{
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < g->timetable->course_count && code == ERR_NONE; i++) {
        code = tags_of_course(g, g->timetable->courses[i].tags);
    }
    return code;
}

static enum error_code groups_list(struct grouping *g)
{
    const struct timetable *tt = g->timetable;
    switch (g->by) {
    case BY_COUNTY:
        areas_list(g, AREA_COUNTY);
        break;
    case BY_TOWNSHIP:
        areas_list(g, AREA_TOWNSHIP);
        break;
    case BY_CATEGORY:
        for (uint32_t i = 0; i < tt->category_count; i++) {
            group_add(g, tt->categories[i].id, tt->categories[i].name, i, g->to_day);
        }
        break;
    case BY_PROVIDER:
        for (uint32_t i = 0; i < tt->provider_count; i++) {
            group_add(g, tt->providers[i].id, tt->providers[i].name, i, g->to_day);
        }
        break;
    case BY_TAG:
        return tags_list(g);
    case BY_MONTH:
        return months_list(g);
    case BY_CITY:
    case BY_COUNT:
        group_add(g, g->area != NONE ? tt->areas[g->area].id : "*",
                  g->area != NONE ? tt->areas[g->area].name : tt->city_name, NONE, g->to_day);
        break;
    }
    return ERR_NONE;
}

/* ---- a session's group ---- */

/* What a session hangs on: an area, category or provider; NONE: none. */
static uint32_t index_of(const struct grouping *g, const struct session *session)
{
    const struct timetable *tt = g->timetable;
    uint32_t hall = tt->rooms[session->at.room].hall;
    switch (g->by) {
    case BY_COUNTY:
        return timetable_hall_county(tt, hall);
    case BY_TOWNSHIP:
        return timetable_hall_township(tt, hall);
    case BY_CATEGORY:
        return tt->courses[session->at.course].category;
    case BY_PROVIDER:
        return tt->courses[session->at.course].provider;
    default:
        return NONE;
    }
}

static bool is_in(const struct grouping *g, const struct session *session)
{
    uint32_t hall = g->timetable->rooms[session->at.room].hall;
    return session->at.day >= g->from_day && session->at.day <= g->to_day &&
           area_in(g, g->timetable->halls[hall].area);
}

/* The only group of a session; NONE: none of them. */
static uint32_t group_find(const struct grouping *g, const struct session *session)
{
    if (g->by == BY_CITY) {
        return 0;
    }
    if (g->by == BY_MONTH) {
        return (uint32_t)(date_month_index(session->at.day) - date_month_index(g->from_day));
    }
    uint32_t index = index_of(g, session);
    return index != NONE ? g->group_of[index] : (uint32_t)NONE;
}

/* Some sessions belong to none of the groups: a line of their own. */
static void rest_add(struct grouping *g)
{
    const struct timetable *tt = g->timetable;
    bool needed = false;
    for (size_t i = 0; !needed && g->by != BY_TAG && i < tt->session_count; i++) {
        needed = is_in(g, &tt->sessions[i]) && group_find(g, &tt->sessions[i]) == NONE;
    }
    if (needed) {
        g->rest = (uint32_t)g->count;
        group_add(g, "", "（无）", NONE, g->to_day);
    }
}

enum error_code grouping_make(const struct timetable *timetable, enum group_by by, int32_t from_day,
                              int32_t to_day, uint32_t area, struct grouping *ret_grouping, struct error *err)
{
    struct grouping g = {
        .timetable = timetable, .by = by, .from_day = from_day, .to_day = to_day, .area = area, .rest = NONE};
    size_t most = timetable->area_count + timetable->category_count + timetable->provider_count +
                  LIMIT_REPORT_TAGS + (size_t)LIMIT_REPORT_DAYS / 28 + 2;
    arena_init(&g.arena);
    g.groups = malloc(most * sizeof *g.groups);
    g.group_of = malloc(most * sizeof *g.group_of);
    enum error_code code = g.groups != NULL && g.group_of != NULL ? ERR_NONE : ERR_MEMORY;
    for (size_t i = 0; code == ERR_NONE && i < most; i++) {
        g.group_of[i] = NONE;
    }
    if (code == ERR_NONE) {
        code = groups_list(&g);
    }
    if (code != ERR_NONE) {
        grouping_finish(&g);
        return error_set(err, code, "%s",
                         code == ERR_LIMIT ? "项目标签过多 (too many programme tags)"
                                           : "内存不足 (grouping: out of memory)");
    }
    rest_add(&g);
    *ret_grouping = g;
    return ERR_NONE;
}

void grouping_finish(struct grouping *grouping)
{
    free(grouping->groups);
    free(grouping->group_of);
    arena_finish(&grouping->arena);
    *grouping = (struct grouping){0};
}

void grouping_courses(const struct grouping *grouping, size_t group, bool *ret_courses)
{
    const struct timetable *tt = grouping->timetable;
    uint32_t index = grouping->groups[group].index;
    bool is_rest = group == grouping->rest;
    for (size_t c = 0; c < tt->course_count; c++) {
        const struct course *course = &tt->courses[c];
        switch (grouping->by) {
        case BY_CATEGORY:
            ret_courses[c] = course->category == index;
            break;
        case BY_PROVIDER:
            ret_courses[c] = is_rest ? course->provider == NONE : course->provider == index;
            break;
        case BY_TAG:
            ret_courses[c] = tag_has(course->tags, grouping->groups[group].code);
            break;
        default:
            ret_courses[c] = true;
        }
    }
}

/* Tags of each course, once: [course × group count + group]. */
static enum error_code tags_sum(const struct grouping *g, struct session_sum *sums, struct error *err)
{
    const struct timetable *tt = g->timetable;
    bool *has = malloc(tt->course_count * g->count + 1);
    if (has == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (tags: out of memory)");
    }
    for (size_t i = 0; i < tt->course_count * g->count; i++) {
        has[i] = tag_has(tt->courses[i / g->count].tags, g->groups[i % g->count].code);
    }
    for (size_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        for (size_t group = 0; group < g->count && is_in(g, session); group++) {
            if (has[session->at.course * g->count + group]) {
                session_sum_add(&sums[group], session);
            }
        }
    }
    free(has);
    return ERR_NONE;
}

enum error_code grouping_sum(const struct grouping *grouping, struct session_sum **ret_sums,
                             struct error *err)
{
    const struct timetable *tt = grouping->timetable;
    struct session_sum *sums = calloc(grouping->count + 1, sizeof *sums);
    enum error_code code = sums != NULL ? ERR_NONE : error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    if (code == ERR_NONE && grouping->by == BY_TAG) {
        code = tags_sum(grouping, sums, err);
    }
    for (size_t i = 0; code == ERR_NONE && grouping->by != BY_TAG && i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        if (is_in(grouping, session)) {
            uint32_t group = group_find(grouping, session);
            session_sum_add(&sums[group != NONE ? group : grouping->rest], session);
        }
    }
    if (code != ERR_NONE) {
        free(sums);
        return code;
    }
    *ret_sums = sums;
    return ERR_NONE;
}
