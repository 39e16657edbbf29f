/* importers/problem_json: see problem_json.h. */
#include "importers/problem_json.h"

#include "base/date.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_SIZE = 160,
    VALUE_SHOWN = 80,  /* bytes of a value in a message */
    VALUE_LENGTH = 200 /* that are looked at */
};

/* ---- failures ---- */

static void path_format(const struct json_row *row, const char *key, char ret_path[PATH_SIZE])
{
    char index[32] = "";
    if (row->index != SIZE_MAX) {
        (void)snprintf(index, sizeof index, "[%zu]", row->index);
    }
    (void)snprintf(ret_path, PATH_SIZE, "$%s%s%s%s%s", row->section[0] != '\0' ? "." : "", row->section,
                   index, key != NULL ? "." : "", key != NULL ? key : "");
}

static void value_format(const json_t *value, char ret_text[VALUE_SHOWN + 1])
{
    char all[VALUE_LENGTH];
    const char *shown = "…";
    size_t length = strlen(shown);
    if (value == NULL) {
        shown = "";
        length = 0;
    } else if (!json_is_object(value) && !json_is_array(value)) {
        length = json_dumpb(value, all, sizeof all, JSON_ENCODE_ANY | JSON_REAL_PRECISION(10));
        length = length > sizeof all ? 0 : length;
        shown = all;
    }
    length = utf8_cut(shown, length, VALUE_SHOWN);
    memcpy(ret_text, shown, length);
    ret_text[length] = '\0';
}

/* The value of "key" or "key[3]". */
static const json_t *value_at(const struct json_row *row, const char *key)
{
    const char *bracket = strchr(key, '[');
    char name[64];
    if (bracket == NULL) {
        return json_object_get(row->object, key);
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)(bracket - key), key);
    return json_array_get(json_object_get(row->object, name), (size_t)strtoul(bracket + 1, NULL, 10));
}

void json_row_fail(struct json_row *row, const char *key, const char *zh, const char *en)
{
    struct json_reader *reader = row->reader;
    char path[PATH_SIZE];
    char value[VALUE_SHOWN + 1];
    if (reader->code != ERR_NONE) {
        return;
    }
    path_format(row, key, path);
    value_format(key != NULL ? value_at(row, key) : row->object, value);
    reader->code = error_set(reader->err, ERR_INPUT, "%s%s%s: %s (%s)", path, value[0] != '\0' ? " = " : "",
                             value, zh, en);
}

void json_row_wrap(struct json_row *row, const char *key, enum error_code code)
{
    char path[PATH_SIZE];
    if (row->reader->code != ERR_NONE || code == ERR_NONE) {
        return;
    }
    path_format(row, key, path);
    row->reader->code = code;
    (void)error_wrap(row->reader->err, "%s", path);
}

/* ---- documents and rows ---- */

struct json_row json_row_at(struct json_reader *reader, const char *section, size_t index, json_t *object)
{
    struct json_row row = {.reader = reader, .section = section, .index = index, .object = object};
    if (!json_is_object(object)) {
        json_row_fail(&row, NULL, "应为对象", "must be an object");
    }
    return row;
}

static void format_check(struct json_reader *reader, json_t *document, const char *format)
{
    struct json_row root = json_row_at(reader, "", SIZE_MAX, document);
    const char *found = field_text(&root, "format", FIELD_NEEDED);
    if (found != NULL && strcmp(found, format) != 0) {
        char zh[64];
        char en[64];
        (void)snprintf(zh, sizeof zh, "应为 \"%s\"", format);
        (void)snprintf(en, sizeof en, "must be \"%s\"", format);
        json_row_fail(&root, "format", zh, en);
    }
}

json_t *json_document(struct json_reader *reader, const char *json, size_t length, const char *format)
{
    json_error_t where;
    if (length > LIMIT_PROBLEM_BYTES) {
        reader->code = error_set(reader->err, ERR_LIMIT, "超过 %zu 字节 (more than %zu bytes)",
                                 LIMIT_PROBLEM_BYTES, LIMIT_PROBLEM_BYTES);
        return NULL;
    }
    json_t *document = json_loadb(json, length, JSON_REJECT_DUPLICATES, &where);
    if (document == NULL) {
        bool memory = json_error_code(&where) == json_error_out_of_memory;
        reader->code = error_set(reader->err, memory ? ERR_MEMORY : ERR_SYNTAX,
                                 "第 %d 行第 %d 列 (line %d, column %d): %s", where.line, where.column,
                                 where.line, where.column, where.text);
        return NULL;
    }
    format_check(reader, document, format);
    if (reader->code != ERR_NONE) {
        json_decref(document);
        return NULL;
    }
    return document;
}

static bool was_seen(const struct json_row *row, const char *key)
{
    for (size_t i = 0; i < row->seen_count; i++) {
        if (strcmp(row->seen[i], key) == 0) {
            return true;
        }
    }
    return strncmp(key, "x_", 2) == 0;
}

void json_row_end(struct json_row *row)
{
    const char *key;
    json_t *value;
    json_object_foreach(row->object, key, value)
    {
        if (row->reader->code == ERR_NONE && !was_seen(row, key)) {
            char shown[65];
            (void)snprintf(shown, sizeof shown, "%.*s", (int)utf8_cut(key, strlen(key), sizeof shown - 1),
                           key);
            json_row_fail(row, shown, "没有这个字段", "no such field");
        }
    }
}

/* The value of a key in one row of a list. */
struct keyed {
    const json_t *value; /* borrowed */
    size_t index;
};

static int keyed_compare(const void *left, const void *right)
{
    const struct keyed *a = left;
    const struct keyed *b = right;
    int order = json_is_string(a->value) ? strcmp(json_string_value(a->value), json_string_value(b->value))
                                         : (json_integer_value(a->value) > json_integer_value(b->value)) -
                                               (json_integer_value(a->value) < json_integer_value(b->value));
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* The first row, in the list's order, whose key an earlier row has, too; SIZE_MAX: none. */
static size_t keyed_first_repeat(struct keyed *rows, size_t count)
{
    size_t found = SIZE_MAX;
    qsort(rows, count, sizeof *rows, keyed_compare);
    for (size_t i = 1; i < count; i++) {
        if (json_equal(rows[i].value, rows[i - 1].value) && rows[i].index < found) {
            found = rows[i].index;
        }
    }
    return found;
}

void json_list_unique(struct json_reader *reader, const char *section, const json_t *list, const char *key)
{
    size_t size = json_array_size(list);
    size_t count = 0;
    struct keyed *rows = malloc((size + 1) * sizeof *rows);
    if (rows == NULL) {
        reader->code = error_set(reader->err, ERR_MEMORY, "内存不足 (out of memory)");
        return;
    }
    for (size_t i = 0; i < size; i++) {
        const json_t *value = json_object_get(json_array_get(list, i), key);
        if (value != NULL && !json_is_null(value)) {
            rows[count++] = (struct keyed){value, i};
        }
    }
    size_t repeat = keyed_first_repeat(rows, count);
    if (repeat != SIZE_MAX) {
        struct json_row row = json_row_at(reader, section, repeat, json_array_get(list, repeat));
        json_row_fail(&row, key, "重复", "is there twice");
    }
    free(rows);
}

/* ---- fields ---- */

const json_t *field_get(struct json_row *row, const char *key)
{
    if (row->seen_count < LIMIT_PROBLEM_KEYS) {
        row->seen[row->seen_count++] = key;
    }
    const json_t *value = row->reader->code == ERR_NONE ? json_object_get(row->object, key) : NULL;
    return json_is_null(value) ? NULL : value;
}

/* The value, or NULL after saying that a needed one is missing. */
static const json_t *value_get(struct json_row *row, const char *key, bool needed)
{
    const json_t *value = field_get(row, key);
    if (value == NULL && needed) {
        json_row_fail(row, key, "缺少", "missing");
    }
    return value;
}

const char *field_text(struct json_row *row, const char *key, bool needed)
{
    const json_t *value = value_get(row, key, needed);
    if (value != NULL && !json_is_string(value)) {
        json_row_fail(row, key, "应为文本", "must be a string");
        return NULL;
    }
    return value == NULL ? NULL : json_string_value(value);
}

static int64_t integer_of(struct json_row *row, const char *key, const json_t *value, int64_t min,
                          int64_t max)
{
    if (!json_is_integer(value)) {
        json_row_fail(row, key, "应为整数", "must be an integer");
        return min;
    }
    int64_t number = json_integer_value(value);
    if (number < min || number > max) {
        char zh[96];
        char en[96];
        (void)snprintf(zh, sizeof zh, "应在 %" PRId64 " 至 %" PRId64 " 之间", min, max);
        (void)snprintf(en, sizeof en, "must be within %" PRId64 " and %" PRId64, min, max);
        json_row_fail(row, key, zh, en);
        return min;
    }
    return number;
}

int64_t field_integer(struct json_row *row, const char *key, int64_t otherwise, int64_t min, int64_t max)
{
    const json_t *value = field_get(row, key);
    return value == NULL ? otherwise : integer_of(row, key, value, min, max);
}

int64_t field_integer_needed(struct json_row *row, const char *key, int64_t min, int64_t max)
{
    const json_t *value = value_get(row, key, FIELD_NEEDED);
    return value == NULL ? min : integer_of(row, key, value, min, max);
}

bool field_bool(struct json_row *row, const char *key, bool otherwise)
{
    const json_t *value = field_get(row, key);
    if (value != NULL && !json_is_boolean(value)) {
        json_row_fail(row, key, "应为 true 或 false", "must be true or false");
    }
    return value == NULL ? otherwise : json_is_true(value);
}

static int32_t day_of(struct json_row *row, const char *key, const json_t *value)
{
    int32_t day = 0;
    if (!json_is_string(value) || !date_parse(json_string_value(value), &day)) {
        json_row_fail(row, key, "应为日期 YYYY-MM-DD", "must be a date, YYYY-MM-DD");
    }
    return day;
}

int32_t field_day(struct json_row *row, const char *key, int32_t otherwise)
{
    const json_t *value = field_get(row, key);
    return value == NULL ? otherwise : day_of(row, key, value);
}

int32_t field_day_needed(struct json_row *row, const char *key)
{
    const json_t *value = value_get(row, key, FIELD_NEEDED);
    return value == NULL ? 0 : day_of(row, key, value);
}

uint32_t field_refer(struct json_row *row, const char *key, bool needed, field_finder *find)
{
    const char *id = field_text(row, key, needed);
    if (id == NULL) {
        return NONE;
    }
    uint32_t found = find(row->reader->timetable, id);
    if (found == NONE) {
        json_row_fail(row, key, "所引用的记录不存在", "refers to nothing");
    }
    return found;
}

const json_t *field_list(struct json_row *row, const char *key, size_t max)
{
    const json_t *value = field_get(row, key);
    if (value != NULL && (!json_is_array(value) || json_array_size(value) > max)) {
        char en[64];
        (void)snprintf(en, sizeof en, "must be a list of at most %zu", max);
        json_row_fail(row, key, "应为列表且不过长", en);
        return NULL;
    }
    return value;
}

static int word_index(const json_t *value, const char *const *names, int count)
{
    for (int i = 0; i < count && json_is_string(value); i++) {
        if (strcmp(json_string_value(value), names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static void word_fail(struct json_row *row, const char *key, const char *const *names, int count)
{
    struct text words;
    struct text zh;
    text_init(&words, VALUE_LENGTH);
    text_init(&zh, VALUE_LENGTH);
    for (int i = 0; i < count; i++) {
        text_addf(&words, "%s%s", i == 0 ? "must be of: " : ", ", names[i]);
    }
    text_addf(&zh, "应为其中之一");
    json_row_fail(row, key, text_string(&zh), text_string(&words));
    text_finish(&words);
    text_finish(&zh);
}

uint8_t field_words(struct json_row *row, const char *key, const char *const *names, int count)
{
    const json_t *list = field_list(row, key, LIMIT_PROBLEM_KEYS);
    unsigned bits = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        int found = word_index(json_array_get(list, i), names, count);
        if (found < 0) {
            word_fail(row, key, names, count);
            return 0;
        }
        bits |= 1U << found;
    }
    return (uint8_t)bits;
}

int field_word(struct json_row *row, const char *key, const char *const *names, int count, int otherwise)
{
    const json_t *value = field_get(row, key);
    int found = value == NULL ? otherwise : word_index(value, names, count);
    if (found < 0) {
        word_fail(row, key, names, count);
        return 0;
    }
    return found;
}

struct place field_place(struct json_row *row)
{
    const json_t *lat = field_get(row, "lat_e6");
    const json_t *lon = field_get(row, "lon_e6");
    struct place place = {.known = lat != NULL && lon != NULL};
    if ((lat == NULL) != (lon == NULL)) {
        json_row_fail(row, lat == NULL ? "lat_e6" : "lon_e6", "经纬度须成对",
                      "latitude and longitude come together");
    }
    if (place.known) {
        place.lat_e6 = (int32_t)integer_of(row, "lat_e6", lat, -90000000, 90000000);
        place.lon_e6 = (int32_t)integer_of(row, "lon_e6", lon, -180000000, 180000000);
    }
    return place;
}

static bool span_read(const json_t *value, struct hours_span *ret_span)
{
    int64_t numbers[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        const json_t *number = json_array_get(value, i);
        if (!json_is_integer(number) || json_integer_value(number) < 0 ||
            json_integer_value(number) > DAY_MINUTES) {
            return false;
        }
        numbers[i] = json_integer_value(number);
    }
    *ret_span = (struct hours_span){(uint8_t)(numbers[0] & 0xFF), (int16_t)numbers[1], (int16_t)numbers[2]};
    return json_array_size(value) == 3 && numbers[0] >= 1 && numbers[0] <= 7;
}

void field_hours(struct json_row *row, const char *key, struct hours *ret_hours)
{
    const json_t *list = field_list(row, key, LIMIT_HOURS_SPANS);
    struct hours hours = {.count = 0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!span_read(json_array_get(list, i), &hours.spans[hours.count++])) {
            json_row_fail(row, key, "每段应为 [星期 1-7, 起分, 止分]",
                          "each span is [weekday 1-7, from_min, to_min]");
            return;
        }
    }
    if (!hours_valid(&hours)) {
        json_row_fail(row, key, "时段须按星期与时刻排列，不重叠也不相接",
                      "spans are in order and do not touch");
        return;
    }
    *ret_hours = hours;
}

void field_joined(struct json_row *row, const char *key, struct text *out)
{
    const json_t *list = field_list(row, key, LIMIT_FACILITIES);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));
        if (word == NULL || word[0] == '\0' || strpbrk(word, ";, \t\r\n") != NULL) {
            json_row_fail(row, key, "应为不含分隔符的词语列表", "must be a list of words without separators");
            return;
        }
        text_addf(out, "%s%s", out->length > 0 ? ";" : "", word);
    }
    if (out->failed != ERR_NONE) {
        json_row_fail(row, key, "过长", "is too long");
    }
}
