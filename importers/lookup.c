#include "importers/lookup.h"

#include "importers/values.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const char *key; /* plain name, in the arena */
    uint32_t index;
    bool is_stem;
};

struct lookup {
    struct timetable *timetable; /* owned reference */
    struct arena arena;
    struct entry *entries[LOOKUP_COUNT]; /* owned; sorted by key, then index */
    size_t counts[LOOKUP_COUNT];
    bool is_ready[LOOKUP_COUNT];
};

struct lookup *lookup_create(struct timetable *timetable)
{
    struct lookup *lookup = calloc(1, sizeof *lookup);
    if (lookup != NULL) {
        lookup->timetable = timetable_ref(timetable);
        arena_init(&lookup->arena);
    }
    return lookup;
}

void lookup_destroy(struct lookup *lookup)
{
    if (lookup == NULL) {
        return;
    }
    for (size_t i = 0; i < LOOKUP_COUNT; i++) {
        free(lookup->entries[i]);
    }
    arena_finish(&lookup->arena);
    timetable_unref(lookup->timetable);
    free(lookup);
}

size_t lookup_count(const struct timetable *timetable, enum lookup_table table)
{
    const size_t counts[LOOKUP_COUNT] = {[LOOKUP_AREAS] = timetable->area_count,
                                         [LOOKUP_HALLS] = timetable->hall_count,
                                         [LOOKUP_INSTRUCTORS] = timetable->instructor_count,
                                         [LOOKUP_COURSES] = timetable->course_count,
                                         [LOOKUP_CATEGORIES] = timetable->category_count,
                                         [LOOKUP_PROVIDERS] = timetable->provider_count};
    return counts[table];
}

const char *lookup_id(const struct timetable *timetable, enum lookup_table table, uint32_t index)
{
    switch (table) {
    case LOOKUP_AREAS:
        return timetable->areas[index].id;
    case LOOKUP_HALLS:
        return timetable->halls[index].id;
    case LOOKUP_INSTRUCTORS:
        return timetable->instructors[index].id;
    case LOOKUP_COURSES:
        return timetable->courses[index].id;
    case LOOKUP_CATEGORIES:
        return timetable->categories[index].id;
    default:
        return timetable->providers[index].id;
    }
}

const char *lookup_name(const struct timetable *timetable, enum lookup_table table, uint32_t index)
{
    switch (table) {
    case LOOKUP_AREAS:
        return timetable->areas[index].name;
    case LOOKUP_HALLS:
        return timetable->halls[index].name;
    case LOOKUP_INSTRUCTORS:
        return timetable->instructors[index].name;
    case LOOKUP_COURSES:
        return timetable->courses[index].name;
    case LOOKUP_CATEGORIES:
        return timetable->categories[index].name;
    default:
        return timetable->providers[index].name;
    }
}

uint32_t lookup_by_id(const struct timetable *timetable, enum lookup_table table, const char *id)
{
    const struct map *const maps[LOOKUP_COUNT] = {[LOOKUP_AREAS] = &timetable->area_ids,
                                                  [LOOKUP_HALLS] = &timetable->hall_ids,
                                                  [LOOKUP_INSTRUCTORS] = &timetable->instructor_ids,
                                                  [LOOKUP_COURSES] = &timetable->course_ids,
                                                  [LOOKUP_CATEGORIES] = &timetable->category_ids,
                                                  [LOOKUP_PROVIDERS] = &timetable->provider_ids};
    return map_get(maps[table], id);
}

size_t lookup_stem(enum lookup_table table, const char *plain)
{
    static const char *const AREA_ENDS[] = {"村委会", "居委会", "行政村", "社区", "街道", "村",
                                            "镇",     "乡",     "县",     "区",   "市",   NULL};
    static const char *const HALL_ENDS[] = {"农村文化礼堂", "文化礼堂", "礼堂", "文化禮堂", "禮堂", NULL};
    static const char *const NO_ENDS[] = {NULL};
    const char *const *ends = table == LOOKUP_AREAS ? AREA_ENDS : table == LOOKUP_HALLS ? HALL_ENDS : NO_ENDS;
    size_t length = strlen(plain);
    for (; *ends != NULL; ends++) {
        size_t size = strlen(*ends);
        if (length > size && strcmp(plain + length - size, *ends) == 0) {
            return length - size;
        }
    }
    return length;
}

static int entry_compare(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int order = strcmp(a->key, b->key);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static enum error_code table_prepare(struct lookup *lookup, enum lookup_table table)
{
    size_t rows = lookup_count(lookup->timetable, table);
    struct entry *entries = calloc(2 * rows + 1, sizeof *entries);
    if (entries == NULL) {
        return ERR_MEMORY;
    }
    lookup->entries[table] = entries;
    size_t count = 0;
    char plain[LIMIT_NAME_BYTES + 8];
    for (uint32_t i = 0; i < rows; i++) {
        if (!plain_text(lookup_name(lookup->timetable, table, i), plain, sizeof plain)) {
            continue;
        }
        const char *key = arena_copy_text(&lookup->arena, plain);
        size_t stem = lookup_stem(table, plain);
        const char *stem_key = arena_copy_bytes(&lookup->arena, plain, stem);
        if (key == NULL || stem_key == NULL) {
            return ERR_MEMORY;
        }
        entries[count++] = (struct entry){key, i, false};
        if (key[stem] != '\0') {
            entries[count++] = (struct entry){stem_key, i, true};
        }
    }
    qsort(entries, count, sizeof *entries, entry_compare);
    lookup->counts[table] = count;
    lookup->is_ready[table] = true;
    return ERR_NONE;
}

static size_t first_at(const struct entry *entries, size_t count, const char *key)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (strcmp(entries[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            count = middle;
        }
    }
    return low;
}

bool lookup_passes(const struct timetable *timetable, enum lookup_table table, uint32_t index,
                   const struct lookup_filter *filter)
{
    if (table != LOOKUP_AREAS && table != LOOKUP_HALLS) {
        return true;
    }
    uint32_t area = table == LOOKUP_HALLS ? timetable->halls[index].area : index;
    if (filter->within != NONE && !timetable_area_within(timetable, area, filter->within)) {
        return false;
    }
    return table == LOOKUP_HALLS || filter->levels == 0 ||
           (filter->levels & (1U << timetable->areas[index].level)) != 0;
}

/* Every record that bears the plain name, whole or without its ending. */
static void collect(const struct lookup *lookup, enum lookup_table table, const char *plain,
                    const struct lookup_filter *filter, struct lookup_answer *exact,
                    struct lookup_answer *stems)
{
    const struct entry *entries = lookup->entries[table];
    size_t count = lookup->counts[table];
    for (size_t i = first_at(entries, count, plain); i < count && strcmp(entries[i].key, plain) == 0; i++) {
        if (lookup_passes(lookup->timetable, table, entries[i].index, filter)) {
            struct lookup_answer *answer = entries[i].is_stem ? stems : exact;
            if (answer->count < sizeof answer->found / sizeof *answer->found) {
                answer->found[answer->count] = entries[i].index;
            }
            answer->count++;
        }
    }
}

enum error_code lookup_find(struct lookup *lookup, enum lookup_table table, const char *name,
                            const struct lookup_filter *filter, struct lookup_answer *ret_answer)
{
    char plain[LIMIT_NAME_BYTES + 8];
    struct lookup_answer exact = {.count = 0};
    struct lookup_answer stems = {.count = 0};
    if (!lookup->is_ready[table] && table_prepare(lookup, table) != ERR_NONE) {
        return ERR_MEMORY;
    }
    if (!plain_text(name, plain, sizeof plain) || plain[0] == '\0') {
        *ret_answer = exact;
        return ERR_NONE;
    }
    collect(lookup, table, plain, filter, &exact, &stems);
    if (exact.count == 0 && stems.count == 0 && table == LOOKUP_HALLS) {
        /* 示例村礼堂: its own ending is another one than that of the record. (示例社区 is not 示例村.) */
        plain[lookup_stem(table, plain)] = '\0';
        collect(lookup, table, plain, filter, &stems, &stems);
    }
    stems.is_stem = true;
    *ret_answer = exact.count > 0 ? exact : stems;
    return ERR_NONE;
}
