/* Plans as JSON: items by the ids of their problem, days as dates. A new session says where, when and who;
 * how long, how many and for whom the request says. */
#include "base/date.h"
#include "importers/problem.h"
#include "importers/problem_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const ACTIONS[] = {"create", "move", "cancel"};

/* ---- writing ---- */

static void cost_write(const struct plan *plan, struct text *out)
{
    text_addf(out, ",\n\"placed\":%" PRId64 ",\"wanted\":%" PRId64 ",\"cost\":%" PRId64 ",\"terms\":{",
              plan->placed, plan->wanted, plan_cost_total(&plan->cost));
    const char *before = "";
#define X(field, value, unit, zh)                                                                            \
    text_addf(out, "%s\"" #field "\":%" PRId64, before, plan->cost.field);                                   \
    before = ",";
    WEIGHT_LIST(X)
#undef X
    text_add(out, "}");
}

static void item_write(const struct plan *plan, const struct plan_item *item, struct text *out)
{
    const struct timetable *t = plan->timetable;
    const struct placement *at = &item->at;
    char date[DATE_TEXT_SIZE];
    date_format(at->day, date);
    text_addf(out, "{\"action\":\"%s\"", ACTIONS[item->action]);
    if (item->action == PLAN_CREATE) {
        text_add(out, ",\"request\":");
        text_add_json(out, t->requests[at->request].id);
    } else {
        text_addf(out, ",\"session\":%" PRId64, at->session_id);
    }
    if (item->action != PLAN_CANCEL) {
        text_add(out, ",\"room\":");
        text_add_json(out, t->rooms[at->room].id);
        text_add(out, ",\"instructors\":[");
        for (uint8_t k = 0; k < at->instructor_count; k++) {
            text_add(out, k > 0 ? "," : "");
            text_add_json(out, t->instructors[at->instructors[k]].id);
        }
        text_addf(out, "],\"date\":\"%s\",\"start_min\":%d", date, at->start_min);
    }
    if (item->action == PLAN_CREATE && at->series_id > 0) {
        text_addf(out, ",\"series\":%" PRId64, at->series_id);
    } else if (item->action == PLAN_CREATE && at->series_id < 0) {
        text_addf(out, ",\"new_series\":%" PRId64, -at->series_id - 1);
    }
    text_add_char(out, '}');
}

enum error_code plan_file_write(const struct plan *plan, struct text *out, struct error *err)
{
    text_addf(out,
              "{\"format\":\"" PLAN_FORMAT "\",\n\"solver\":\"litang " LITANG_VERSION "\",\"seed\":%" PRIu64
              ",\"threads\":%" PRIu32 ",\"iterations\":%" PRIu64 ",\"elapsed_ms\":%" PRIu64,
              plan->seed, plan->threads, plan->iterations, plan->elapsed_ms);
    cost_write(plan, out);
    text_add(out, ",\n\"series\":[");
    for (size_t i = 0; i < plan->series_count; i++) {
        text_add(out, i > 0 ? ",\n{\"request\":" : "\n{\"request\":");
        text_add_json(out, plan->timetable->requests[plan->series[i].request].id);
        text_addf(out, ",\"holiday_rule\":\"%s\"}", holiday_rule_name(plan->series[i].holiday_rule));
    }
    text_add(out, "],\n\"items\":[");
    for (size_t i = 0; i < plan->item_count; i++) {
        text_add(out, i > 0 ? ",\n" : "\n");
        item_write(plan, &plan->items[i], out);
    }
    text_add(out, "]}\n");
    return text_status(out, err);
}

/* ---- reading ---- */

static void series_read(struct json_row *row, struct plan *plan)
{
    static const char *const RULES[] = HOLIDAY_WORDS;
    uint32_t request = field_refer(row, "request", FIELD_NEEDED, timetable_find_request);
    if (row->reader->code != ERR_NONE) {
        return;
    }
    struct plan_series series = {request, plan->timetable->requests[request].holiday_rule};
    series.holiday_rule =
        (enum holiday_rule)field_word(row, "holiday_rule", RULES, 3, (int)series.holiday_rule);
    if (series.holiday_rule != plan->timetable->requests[request].holiday_rule) {
        json_row_fail(row, "holiday_rule", "与点单不同", "is not the request's");
    }
    plan->series[plan->series_count++] = series;
}

static void teachers_read(struct json_row *row, struct placement *at)
{
    const json_t *list = field_list(row, "instructors", LIMIT_SESSION_INSTRUCTORS);
    at->instructor_count = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        char key[48];
        uint32_t found =
            timetable_find_instructor(row->reader->timetable, json_string_value(json_array_get(list, i)));
        (void)snprintf(key, sizeof key, "instructors[%zu]", i);
        if (found == NONE) {
            json_row_fail(row, key, "没有这位讲师", "no such instructor");
        }
        for (uint8_t k = 0; k < at->instructor_count; k++) {
            if (at->instructors[k] == found) {
                json_row_fail(row, key, "同一讲师重复", "names one person twice");
            }
        }
        at->instructors[at->instructor_count++] = found;
    }
    if (at->instructor_count == 0) {
        json_row_fail(row, "instructors", "须有讲师", "at least one is needed");
    }
}

static void where_read(struct json_row *row, struct placement *at)
{
    at->room = field_refer(row, "room", FIELD_NEEDED, timetable_find_room);
    teachers_read(row, at);
    at->day = field_day_needed(row, "date");
    at->start_min = (int32_t)field_integer_needed(row, "start_min", 0, DAY_MINUTES - 1);
}

static void create_read(struct json_row *row, const struct plan *plan, struct placement *at)
{
    const struct timetable *t = plan->timetable;
    uint32_t index = field_refer(row, "request", FIELD_NEEDED, timetable_find_request);
    if (row->reader->code != ERR_NONE) {
        return;
    }
    const struct request *request = &t->requests[index];
    const struct course *course = &t->courses[request->course];
    *at = (struct placement){.course = request->course,
                             .request = index,
                             .minutes = course->minutes,
                             .setup_min = course->setup_min,
                             .clear_min = course->clear_min,
                             .heads = request->heads > 0 ? request->heads : course->heads};
    where_read(row, at);
    int64_t series = field_integer(row, "series", 0, 1, INT64_MAX);
    int64_t fresh = field_integer(row, "new_series", -1, 0, INT64_MAX - 1);
    const struct series *known = series > 0 ? timetable_find_series(t, series) : NULL;
    if (series > 0 && (known == NULL || known->request != index)) {
        json_row_fail(row, "series", "没有这个点单的此系列课", "no such series of the request");
    }
    if (fresh >= 0 &&
        (series > 0 || (uint64_t)fresh >= plan->series_count || plan->series[fresh].request != index)) {
        json_row_fail(row, "new_series", "series 中没有这个点单的此项",
                      "not an index in series of this request");
    }
    at->series_id = fresh >= 0 ? -(fresh + 1) : series;
}

/* `touched`: by session of the timetable. */
static void item_read(struct json_row *row, struct plan *plan, bool *touched)
{
    const struct timetable *t = plan->timetable;
    struct plan_item item = {.action = (enum plan_action)field_word(row, "action", ACTIONS, 3, -1)};
    if (row->reader->code == ERR_NONE && item.action == PLAN_CREATE) {
        create_read(row, plan, &item.at);
    } else if (row->reader->code == ERR_NONE) {
        const struct session *session =
            timetable_find_session(t, field_integer_needed(row, "session", 1, INT64_MAX));
        if (session == NULL || session->status == SESSION_CANCELLED) {
            json_row_fail(row, "session", "没有这个场次", "no such session");
            return;
        }
        if (touched[session - t->sessions]) {
            json_row_fail(row, "session", "同一场次出现两次", "is there twice");
        }
        touched[session - t->sessions] = true;
        item.at = session->at;
        if (item.action == PLAN_MOVE) {
            where_read(row, &item.at);
        }
    }
    if (row->reader->code == ERR_NONE) {
        plan->items[plan->item_count++] = item;
    }
}

static void lists_read(struct json_reader *reader, json_t *document, struct plan *plan, bool *touched)
{
    /* What a solver says about itself is not read: only the items count. */
    static const char *const IGNORED[] = {"format",     "solver", "seed",   "threads", "iterations",
                                          "elapsed_ms", "placed", "wanted", "cost",    "terms"};
    struct json_row root = json_row_at(reader, "", SIZE_MAX, document);
    for (size_t i = 0; i < sizeof IGNORED / sizeof *IGNORED; i++) {
        (void)field_get(&root, IGNORED[i]);
    }
    const json_t *series = field_list(&root, "series", LIMIT_ROWS);
    const json_t *items = field_list(&root, "items", LIMIT_ROWS);
    json_row_end(&root);
    plan->series_capacity = json_array_size(series) + 1;
    plan->item_capacity = json_array_size(items) + 1;
    plan->series = calloc(plan->series_capacity, sizeof *plan->series);
    plan->items = calloc(plan->item_capacity, sizeof *plan->items);
    if (plan->series == NULL || plan->items == NULL) {
        reader->code = error_set(reader->err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    for (size_t i = 0; i < json_array_size(series) && reader->code == ERR_NONE; i++) {
        struct json_row row = json_row_at(reader, "series", i, json_array_get(series, i));
        series_read(&row, plan);
        json_row_end(&row);
    }
    for (size_t i = 0; i < json_array_size(items) && reader->code == ERR_NONE; i++) {
        struct json_row row = json_row_at(reader, "items", i, json_array_get(items, i));
        item_read(&row, plan, touched);
        json_row_end(&row);
    }
}

enum error_code plan_file_read(const struct problem_file *file, const char *json, size_t length,
                               struct plan **ret_plan, struct error *err)
{
    struct plan *plan = calloc(1, sizeof *plan);
    bool *touched = calloc(file->timetable->session_count + 1, sizeof *touched);
    struct json_reader reader = {.timetable = file->timetable, .err = err};
    if (plan == NULL || touched == NULL) {
        free(plan);
        free(touched);
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    plan->timetable = timetable_ref(file->timetable);
    plan->from_day = file->from_day;
    plan->to_day = file->to_day;
    json_t *document = json_document(&reader, json, length, PLAN_FORMAT);
    if (document != NULL) {
        lists_read(&reader, document, plan, touched);
        json_decref(document);
    }
    free(touched);
    if (reader.code != ERR_NONE) {
        plan_destroy(plan);
        return reader.code;
    }
    *ret_plan = plan;
    return ERR_NONE;
}

/* ---- into a book ---- */

enum error_code plan_file_book(const struct plan *plan, struct book **ret_book, struct error *err)
{
    struct book *book = NULL;
    uint32_t slot;
    enum error_code code = book_create(plan->timetable, false, &book, err);
    for (size_t i = 0; code == ERR_NONE && i < plan->item_count; i++) {
        const struct plan_item *item = &plan->items[i];
        if (item->action != PLAN_CREATE) {
            book_remove(book, book_slot_of(book, item->at.session_id));
        }
    }
    for (size_t i = 0; code == ERR_NONE && i < plan->item_count; i++) {
        if (plan->items[i].action != PLAN_CANCEL) {
            code = book_add(book, &plan->items[i].at, &slot, err);
            if (code != ERR_NONE) {
                (void)error_wrap(err, "$.items[%zu]", i);
            }
        }
    }
    if (code != ERR_NONE) {
        book_destroy(book);
        return code;
    }
    *ret_book = book;
    return ERR_NONE;
}
