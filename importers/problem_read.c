/* Reading a problem: its head, then its lists in the order in which rows refer to each other. */
#include "importers/problem_read.h"

#include "base/date.h"
#include "importers/problem.h"

#include <inttypes.h>
#include <string.h>

/* `key`: what tells rows apart where timetable_add_* does not look; `check`: after the last row. */
static const struct {
    const char *name;
    problem_row_reader *read;
    const char *key;
    problem_list_check *check;
} SECTIONS[] = {
    {"travel_classes", problem_read_travel_class, NULL, NULL},
    {"areas", problem_read_area, NULL, problem_check_areas},
    {"travel_overrides", problem_read_travel_override, NULL, NULL},
    {"categories", problem_read_category, NULL, NULL},
    {"courses", problem_read_course, NULL, NULL},
    {"halls", problem_read_hall, NULL, NULL},
    {"rooms", problem_read_room, NULL, NULL},
    {"instructors", problem_read_instructor, NULL, NULL},
    {"holidays", problem_read_holiday, "date", NULL},
    {"closures", problem_read_closure, "id", NULL},
    {"absences", problem_read_absence, "id", NULL},
    {"requests", problem_read_request, NULL, NULL},
    {"series", problem_read_series, "id", NULL},
    {"sessions", problem_read_session, "id", NULL},
};
enum {
    SECTION_COUNT = sizeof SECTIONS / sizeof *SECTIONS
};

static void city_read(struct json_reader *reader, json_t *object)
{
    struct json_row row = json_row_at(reader, "city", SIZE_MAX, object);
    const char *name = field_text(&row, "name", FIELD_OPTIONAL);
    const char *tzid = field_text(&row, "tzid", FIELD_OPTIONAL);
    json_row_end(&row);
    if (reader->code == ERR_NONE &&
        timetable_set_city(reader->timetable, name, tzid, NULL, NULL, NULL) != ERR_NONE) {
        json_row_fail(&row, NULL, "城市名称或时区无效", "not a usable name or tzid");
    }
}

static void window_read(struct json_reader *reader, json_t *object, struct problem_file *file)
{
    struct json_row row = json_row_at(reader, "plan", SIZE_MAX, object);
    file->from_day = field_day_needed(&row, "from");
    file->to_day = field_day_needed(&row, "to");
    file->frozen_until_day = field_day(&row, "frozen_until", file->from_day - 1);
    file->keep_published = field_bool(&row, "keep_published", true);
    json_row_end(&row);
    if (reader->code == ERR_NONE &&
        (file->to_day < file->from_day || file->to_day - file->from_day >= LIMIT_PLAN_DAYS)) {
        json_row_fail(&row, "to", "排课区间须为 1 至 1096 天", "a plan spans 1 to 1096 days");
    }
}

static void weights_read(struct json_reader *reader, json_t *object, struct weights *weights)
{
    const char *key;
    json_t *value;
    struct json_row row = json_row_at(reader, "weights", SIZE_MAX, object);
    json_object_foreach(object, key, value)
    {
        if (reader->code == ERR_NONE && strncmp(key, "x_", 2) != 0) {
            int64_t number = field_integer_needed(&row, key, INT64_MIN, INT64_MAX);
            struct error why = {0};
            row.seen_count = 0;
            if (reader->code == ERR_NONE && weights_set(weights, key, number, &why) != ERR_NONE) {
                json_row_fail(&row, key, why.text, "weights");
            }
        }
    }
}

static void section_read(struct json_reader *reader, size_t section, const json_t *list)
{
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && reader->code == ERR_NONE; i++) {
        struct json_row row = json_row_at(reader, SECTIONS[section].name, i, json_array_get(list, i));
        if (reader->code == ERR_NONE) {
            SECTIONS[section].read(&row);
            json_row_end(&row);
        }
    }
    if (reader->code == ERR_NONE && SECTIONS[section].key != NULL) {
        json_list_unique(reader, SECTIONS[section].name, list, SECTIONS[section].key);
    }
    if (reader->code == ERR_NONE && SECTIONS[section].check != NULL) {
        SECTIONS[section].check(reader, list);
    }
}

static void document_read(struct json_reader *reader, json_t *document, struct problem_file *file)
{
    struct json_row root = json_row_at(reader, "", SIZE_MAX, document);
    const json_t *lists[SECTION_COUNT];
    (void)field_get(&root, "format");
    json_t *city = json_object_get(document, "city");
    if (field_get(&root, "city") != NULL) {
        city_read(reader, city);
    }
    (void)field_get(&root, "plan");
    window_read(reader, json_object_get(document, "plan"), file);
    if (field_get(&root, "weights") != NULL) {
        weights_read(reader, json_object_get(document, "weights"), &file->weights);
    }
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        lists[i] = field_list(&root, SECTIONS[i].name, LIMIT_ROWS);
    }
    json_row_end(&root);
    for (size_t i = 0; i < SECTION_COUNT && reader->code == ERR_NONE; i++) {
        section_read(reader, i, lists[i]);
        (void)json_object_del(document,
                              SECTIONS[i].name); /* the tree is large: each list goes as soon as it is read */
    }
}

/* A session of a series that is not listed. */
static enum error_code series_check(const struct timetable *timetable, struct error *err)
{
    for (size_t i = 0; i < timetable->session_count; i++) {
        const struct placement *at = &timetable->sessions[i].at;
        if (at->series_id != 0 && timetable_find_series(timetable, at->series_id) == NULL) {
            return error_set(err, ERR_INPUT,
                             "$.sessions（id %" PRId64 "）.series = %" PRId64
                             ": 所引用的记录不存在 (of the session %" PRId64 ": refers to nothing)",
                             at->session_id, at->series_id, at->session_id);
        }
    }
    return ERR_NONE;
}

enum error_code problem_file_read(const char *json, size_t length, struct problem_file *ret_file,
                                  struct error *err)
{
    struct problem_file file = {.weights = weights_default(), .timetable = timetable_create()};
    struct json_reader reader = {.timetable = file.timetable, .err = err};
    if (file.timetable == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    json_t *document = json_document(&reader, json, length, PROBLEM_FORMAT);
    if (document != NULL) {
        document_read(&reader, document, &file);
        json_decref(document);
    }
    if (reader.code == ERR_NONE) {
        reader.code = timetable_seal(file.timetable, err);
    }
    if (reader.code == ERR_NONE) {
        reader.code = series_check(file.timetable, err);
    }
    if (reader.code != ERR_NONE) {
        problem_file_finish(&file);
        return reader.code;
    }
    *ret_file = file;
    return ERR_NONE;
}

void problem_file_finish(struct problem_file *file)
{
    timetable_unref(file->timetable);
    file->timetable = NULL;
}

bool problem_file_window(const struct timetable *timetable, int32_t *ret_from_day, int32_t *ret_to_day)
{
    int32_t from = INT32_MAX;
    int32_t to = INT32_MIN;
    for (size_t i = 0; i < timetable->request_count; i++) {
        const struct request *request = &timetable->requests[i];
        if (!request->withdrawn) {
            from = request->from_day < from ? request->from_day : from;
            to = request->to_day > to ? request->to_day : to;
        }
    }
    if (from > to) {
        return false;
    }
    *ret_from_day = from;
    *ret_to_day = to;
    return true;
}

struct planner_options problem_file_options(const struct problem_file *file)
{
    struct planner_options options = planner_options_default(file->from_day, file->to_day);
    options.frozen_until_day = file->frozen_until_day;
    options.keep_published = file->keep_published;
    options.weights = file->weights;
    return options;
}
