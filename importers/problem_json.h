/* importers/problem_json: reading one JSON object field by field. The first failure sticks in the reader with
 * the JSON path and the value, later calls do nothing, so that the reading of a row reads as a list. One
 * thread. */
#ifndef LITANG_IMPORTERS_PROBLEM_JSON_H
#define LITANG_IMPORTERS_PROBLEM_JSON_H

#include "base/limits.h"
#include "scheduler/timetable.h"

#include <jansson.h>

struct json_reader {
    struct timetable *timetable; /* references are looked up in it */
    struct error *err;
    enum error_code code;
};

/* An object at $.section or $.section[index]. */
struct json_row {
    struct json_reader *reader;
    const char *section;                  /* "": the document itself */
    size_t index;                         /* SIZE_MAX: it is not in a list */
    json_t *object;                       /* borrowed */
    const char *seen[LIMIT_PROBLEM_KEYS]; /* keys that were asked for */
    size_t seen_count;
};

/* Parses a whole document that must be an object with this "format"; NULL after a failure. */
json_t *json_document(struct json_reader *reader, const char *json, size_t length, const char *format);

/* ERR_INPUT when `object` is not one. */
struct json_row json_row_at(struct json_reader *reader, const char *section, size_t index, json_t *object);
/* Refuses keys that nobody asked for, but for those that begin with "x_". */
void json_row_end(struct json_row *row);
/* Refuses a list in which two rows have the same `key`; rows without it do not count. For keys that were read
 * as texts or as integers. */
void json_list_unique(struct json_reader *reader, const char *section, const json_t *list, const char *key);
/* The failure of one field, or of the row itself (key NULL): "$.halls[3].area = "x": zh (en)". */
void json_row_fail(struct json_row *row, const char *key, const char *zh, const char *en);
/* Another function has filled reader->err: puts the path before it. */
void json_row_wrap(struct json_row *row, const char *key, enum error_code code);

enum {
    FIELD_NEEDED = true,
    FIELD_OPTIONAL = false
};
/* NULL when absent or null. */
const json_t *field_get(struct json_row *row, const char *key);
const char *field_text(struct json_row *row, const char *key, bool needed); /* NULL: absent */
int64_t field_integer(struct json_row *row, const char *key, int64_t otherwise, int64_t min, int64_t max);
int64_t field_integer_needed(struct json_row *row, const char *key, int64_t min, int64_t max);
bool field_bool(struct json_row *row, const char *key, bool otherwise);
int32_t field_day(struct json_row *row, const char *key, int32_t otherwise);
int32_t field_day_needed(struct json_row *row, const char *key);
/* An index by id through one of timetable_find_*; NONE when absent. */
typedef uint32_t field_finder(const struct timetable *timetable, const char *id);
uint32_t field_refer(struct json_row *row, const char *key, bool needed, field_finder *find);
/* A list, or NULL when absent. */
const json_t *field_list(struct json_row *row, const char *key, size_t max);
/* Bits of a list of words: the n-th of `names` is bit n. */
uint8_t field_words(struct json_row *row, const char *key, const char *const *names, int count);
/* The index of the word in `names`. */
int field_word(struct json_row *row, const char *key, const char *const *names, int count, int otherwise);
struct place field_place(struct json_row *row);
void field_hours(struct json_row *row, const char *key, struct hours *ret_hours);
/* The words of a list joined by ";", at most LIMIT_NOTE_BYTES. */
void field_joined(struct json_row *row, const char *key, struct text *out);

#endif
