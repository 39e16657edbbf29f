/* Ids and names of a row into rows of the snapshot. */
#include "importers/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct lookup_filter ANYWHERE = {.within = NONE};

/* "“示例村” 有 2 个：331002001001（海门街道）、…" */
static void report_candidates(struct intake *intake, size_t column, enum lookup_table table, const char *text,
                              const struct lookup_answer *answer)
{
    enum {
        SHOWN_CANDIDATES = 4
    };
    const struct timetable *base = intake->base;
    struct text zh;
    struct text en;
    text_init(&zh, FAULT_TEXT_SIZE * 4);
    text_init(&en, FAULT_TEXT_SIZE * 4);
    text_addf(&zh, "“%%s”有 %zu 个同名，请改用编号：", answer->count);
    text_addf(&en, "%zu records are called \"%%s\"; use an id: ", answer->count);
    for (size_t i = 0; i < answer->count && i < SHOWN_CANDIDATES; i++) {
        uint32_t at = answer->found[i];
        uint32_t area = table == LOOKUP_HALLS   ? base->halls[at].area
                        : table == LOOKUP_AREAS ? base->areas[at].parent
                                                : NONE;
        uint32_t provider = table == LOOKUP_INSTRUCTORS ? base->instructors[at].provider : NONE;
        const char *about = area != NONE       ? base->areas[area].name
                            : provider != NONE ? base->providers[provider].name
                                               : "";
        const char *id = lookup_id(base, table, at);
        text_addf(&zh, "%s%s%s%s%s", i == 0 ? "" : "、", id, *about == '\0' ? "" : "（", about,
                  *about == '\0' ? "" : "）");
        text_addf(&en, "%s%s%s%s%s", i == 0 ? "" : ", ", id, *about == '\0' ? "" : " (", about,
                  *about == '\0' ? "" : ")");
    }
    const char *more = answer->count > SHOWN_CANDIDATES ? " …" : "";
    text_add(&zh, more);
    text_add(&en, more);
    intake_error(intake, column, CODE_AMBIGUOUS, text_string(&zh), text_string(&en), text);
    text_finish(&en);
    text_finish(&zh);
}

static const char *table_zh(enum lookup_table table)
{
    static const char *const NAMES[LOOKUP_COUNT] = {"没有区域“%s”", "没有礼堂“%s”", "没有讲师“%s”",
                                                    "没有课程“%s”", "没有类别“%s”", "没有单位“%s”"};
    return NAMES[table];
}

static const char *table_en(enum lookup_table table)
{
    static const char *const NAMES[LOOKUP_COUNT] = {
        "there is no area \"%s\"",   "there is no hall \"%s\"",     "there is no instructor \"%s\"",
        "there is no course \"%s\"", "there is no category \"%s\"", "there is no provider \"%s\""};
    return NAMES[table];
}

enum {
    /* Slots for names that were found: a ledger's halls, courses and people repeat. A power of two. */
    REFERENCE_SLOTS = 16384
};

struct reference_memo {
    const char *text; /* in the arena; NULL: empty */
    struct lookup_filter filter;
    enum lookup_table table;
    uint32_t found;
    bool is_stem;
};

struct reference_memo *reference_memos_create(void)
{
    return calloc(REFERENCE_SLOTS, sizeof(struct reference_memo));
}

static struct reference_memo *memo_slot(const struct intake *intake, enum lookup_table table,
                                        const char *text, const struct lookup_filter *filter)
{
    uint32_t hash = 2166136261U ^ filter->within * 31U ^ filter->levels * 7919U ^ (uint32_t)table;
    for (const char *at = text; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * 16777619U;
    }
    return &intake->references[(hash ^ hash >> 13) & (REFERENCE_SLOTS - 1)];
}

static bool memo_is(const struct reference_memo *memo, enum lookup_table table, const char *text,
                    const struct lookup_filter *filter)
{
    return memo->text != NULL && memo->table == table && memo->filter.within == filter->within &&
           memo->filter.levels == filter->levels && strcmp(memo->text, text) == 0;
}

/* By id, then by name; an answer of one is remembered. */
static void look(struct intake *intake, enum lookup_table table, const char *text,
                 const struct lookup_filter *filter, struct lookup_answer *ret_answer)
{
    struct reference_memo *memo = memo_slot(intake, table, text, filter);
    *ret_answer = (struct lookup_answer){.count = 1};
    if (memo_is(memo, table, text, filter)) {
        ret_answer->found[0] = memo->found;
        ret_answer->is_stem = memo->is_stem;
        return;
    }
    ret_answer->found[0] = lookup_by_id(intake->base, table, text);
    if (ret_answer->found[0] == NONE) {
        enum error_code code = lookup_find(intake->lookup, table, text, filter, ret_answer);
        if (code != ERR_NONE) {
            intake->failed = code;
            ret_answer->count = 0;
            return;
        }
    }
    if (ret_answer->count == 1) {
        /* A copy: the caller's text may be a buffer that the next name is read into. */
        *memo = (struct reference_memo){intake_keep(intake, text), *filter, table, ret_answer->found[0],
                                        ret_answer->is_stem};
    }
}

size_t reference_try(struct intake *intake, enum lookup_table table, const char *text, uint32_t *ret_index)
{
    struct lookup_answer answer;
    look(intake, table, text, &ANYWHERE, &answer);
    if (answer.count > 0) {
        *ret_index = answer.found[0];
    }
    return answer.count;
}

/* Taken, but told: 示例一村 for 示例一村文化礼堂. */
static void other_spelling(struct intake *intake, size_t column, enum lookup_table table, uint32_t found)
{
    /* Within the area that the row gives, 石塘 for 石塘镇 is how everybody writes. */
    if (table == LOOKUP_AREAS) {
        return;
    }
    struct text understood;
    text_init(&understood, LIMIT_NOTE_BYTES);
    text_addf(&understood, "%s (%s)", lookup_name(intake->base, table, found),
              lookup_id(intake->base, table, found));
    intake_convert(intake, column, HOW_SPELLING, text_string(&understood));
    text_finish(&understood);
}

/* "没有礼堂“…”；是不是：示例一村文化礼堂（H1）？" */
static void report_unknown(struct intake *intake, size_t column, enum lookup_table table, const char *text,
                           const struct lookup_filter *filter)
{
    enum {
        /* Looking at every name takes a millisecond; a file of wrong names must not take minutes. */
        NEAR_MAX = 500
    };
    struct lookup_answer near = {.count = 0};
    struct text zh;
    struct text en;
    text_init(&zh, FAULT_TEXT_SIZE - 1);
    text_init(&en, FAULT_TEXT_SIZE - 1);
    text_add(&zh, table_zh(table));
    text_add(&en, table_en(table));
    if (intake->near_count++ < NEAR_MAX) {
        lookup_near(intake->base, table, text, filter, &near);
        if (near.count == 0 && filter->within != NONE) {
            lookup_near(intake->base, table, text,
                        &(struct lookup_filter){.within = NONE, .levels = filter->levels}, &near);
        }
    }
    for (size_t i = 0; i < near.count; i++) {
        const char *id = lookup_id(intake->base, table, near.found[i]);
        const char *name = lookup_name(intake->base, table, near.found[i]);
        text_addf(&zh, "%s%s（%s）", i == 0 ? "；是不是：" : "、", name, id);
        text_addf(&en, "%s%s (%s)", i == 0 ? "; is it one of: " : ", ", name, id);
    }
    text_add(&zh, near.count > 0 ? "？请照此填写" : "");
    text_add(&en, near.count > 0 ? "? Write it like that" : "");
    intake_error(intake, column, CODE_UNKNOWN, text_string(&zh), text_string(&en), text);
    text_finish(&en);
    text_finish(&zh);
}

static uint32_t find_within(struct intake *intake, size_t column, enum lookup_table table, const char *text,
                            const struct lookup_filter *filter)
{
    struct lookup_answer answer;
    look(intake, table, text, filter, &answer);
    if (answer.count == 1) {
        if (answer.is_stem) {
            other_spelling(intake, column, table, answer.found[0]);
        }
        return answer.found[0];
    }
    if (intake->failed != ERR_NONE) {
        return NONE;
    }
    if (answer.count > 1) {
        report_candidates(intake, column, table, text, &answer);
    } else {
        report_unknown(intake, column, table, text, filter);
    }
    return NONE;
}

uint32_t reference_find(struct intake *intake, size_t column, enum lookup_table table, const char *text)
{
    return find_within(intake, column, table, text, &ANYWHERE);
}

uint32_t reference_hall(struct intake *intake, size_t column, uint32_t area)
{
    return find_within(intake, column, LOOKUP_HALLS, intake_text(intake, column),
                       &(struct lookup_filter){.within = area});
}

uint32_t reference_area(struct intake *intake, const struct area_columns *columns)
{
    const struct {
        size_t column;
        unsigned levels;
    } steps[] = {{columns->county, 1U << AREA_COUNTY},
                 {columns->township, 1U << AREA_TOWNSHIP},
                 {columns->village, 1U << AREA_VILLAGE},
                 {columns->area, 0}};
    uint32_t area = NONE;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].column == INTAKE_NO_COLUMN || !intake_value(intake, steps[i].column)->given) {
            continue;
        }
        struct lookup_filter filter = {.within = area, .levels = steps[i].levels};
        uint32_t found =
            find_within(intake, steps[i].column, LOOKUP_AREAS, intake_text(intake, steps[i].column), &filter);
        if (found == NONE) {
            return NONE;
        }
        if (area != NONE && !timetable_area_within(intake->base, found, area)) {
            intake_error(intake, steps[i].column, CODE_CONFLICT, "“%s”不属于同一行所填的上级区域",
                         "\"%s\" does not lie within the area given in the same row",
                         intake_text(intake, steps[i].column));
            return NONE;
        }
        area = found;
    }
    return area;
}

const char *reference_or_make(struct intake *intake, size_t column, enum lookup_table table)
{
    const char *text = intake_text(intake, column);
    uint32_t by_id = lookup_by_id(intake->base, table, text);
    if (by_id != NONE) {
        return lookup_id(intake->base, table, by_id);
    }
    struct lookup_answer answer;
    enum error_code code = lookup_find(intake->lookup, table, text, &ANYWHERE, &answer);
    if (code != ERR_NONE) {
        intake->failed = code;
        return NULL;
    }
    if (answer.count > 1) {
        report_candidates(intake, column, table, text, &answer);
        return NULL;
    }
    if (answer.count == 1) {
        return lookup_id(intake->base, table, answer.found[0]);
    }
    if (strlen(text) > LIMIT_ID_BYTES) {
        intake_error(intake, column, CODE_TOO_LONG, "名称“%s”过长，不能新建",
                     "the name \"%s\" is too long for a new record", text);
        return NULL;
    }
    /* The prefix keeps a provider and a category of one name apart. */
    char key[LIMIT_ID_BYTES + 4];
    (void)snprintf(key, sizeof key, "%c:%s", table == LOOKUP_CATEGORIES ? 'c' : 'p', text);
    if (map_get(&intake->made, key) == MAP_NONE && intake->row_errors == 0) {
        struct cells cells = {.count = 0};
        cells_add(&cells, CELL_STR("id", text));
        cells_add(&cells, CELL_STR("name", text));
        intake_put(intake, table == LOOKUP_CATEGORIES ? TABLE_CATEGORY : TABLE_PROVIDER, &cells);
        if (map_put(&intake->made, intake_keep(intake, key), intake->row->number) != ERR_NONE) {
            intake->failed = ERR_MEMORY;
        }
    }
    return text;
}
