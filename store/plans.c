/* Saving and listing drafts. */
#include "store/plans_private.h"

#include "base/date.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const ACTIONS[] = {"create", "move", "cancel"};
static const char *const KINDS[] = {"withdrawn", "no-hall",  "no-instructor", "no-day",
                                    "plan-days", "no-place", "crowded"};

struct saver {
    struct store *store;
    const char *name;
    const struct plan *plan;
};

static enum error_code name_fits(const char *name, struct error *err)
{
    size_t length = name == NULL ? 0 : strnlen(name, LIMIT_ID_BYTES + 1);
    bool fine = length > 0 && length <= LIMIT_ID_BYTES && utf8_valid(name, length);
    for (size_t i = 0; fine && i < length; i++) {
        fine = (unsigned char)name[i] >= 0x20 && name[i] != 0x7F;
    }
    return fine ? ERR_NONE
                : error_set(err, ERR_INPUT, "方案名应为 1 至 %d 字节 (a plan's name has 1 to %d bytes)",
                            (int)LIMIT_ID_BYTES, (int)LIMIT_ID_BYTES);
}

static void summary_write(const struct plan *plan, struct text *out)
{
    text_addf(out, "{\"seed\":%" PRIu64 ",\"threads\":%" PRIu32 ",\"iterations\":%" PRIu64, plan->seed,
              plan->threads, plan->iterations);
    text_addf(out, ",\"wanted\":%" PRId64 ",\"placed\":%" PRId64 ",\"priority_wanted\":%" PRId64,
              plan->wanted, plan->placed, plan->priority_wanted);
    text_addf(out, ",\"priority_placed\":%" PRId64 ",\"elapsed_ms\":%" PRIu64 ",\"cost\":{\"total\":%" PRId64,
              plan->priority_placed, plan->elapsed_ms, plan_cost_total(&plan->cost));
#define X(field, value, unit, zh) text_addf(out, ",\"%s\":%" PRId64, #field, plan->cost.field);
    WEIGHT_LIST(X)
#undef X
    text_add(out, "}}");
}

static enum error_code published_find(struct statement *look, const char *name, bool *ret_published,
                                      struct error *err)
{
    statement_reset(look);
    statement_text(look, ":name", name);
    return statement_step(look, ret_published, err);
}

static enum error_code published_prepare(struct statement *look, struct store *store, struct error *err)
{
    return statement_prepare(look, store->db,
                             "SELECT 1 FROM plan WHERE name = :name AND published_revision IS NOT NULL", err);
}

enum error_code plan_name_check(struct store *store, const char *name, struct error *err)
{
    struct statement look = {0};
    bool is_published = false;
    enum error_code code = name_fits(name, err);
    if (code == ERR_NONE) {
        code = published_prepare(&look, store, err);
    }
    if (code == ERR_NONE) {
        code = published_find(&look, name, &is_published, err);
    }
    statement_finish(&look);
    if (code == ERR_NONE && is_published) {
        code = error_set(err, ERR_EXISTS,
                         "方案“%s”已发布，请另取名 (plan %s was published; use another name)", name, name);
    }
    return code;
}

enum error_code plan_name_default(struct store *store, const char *base, char ret_name[LIMIT_ID_BYTES + 1],
                                  struct error *err)
{
    struct statement look = {0};
    char name[LIMIT_ID_BYTES + 1];
    bool is_published = true;
    enum error_code code = published_prepare(&look, store, err);
    for (int number = 1; number <= LIMIT_PLAN_NAMES && code == ERR_NONE && is_published; number++) {
        int length = number == 1 ? snprintf(name, sizeof name, "%s", base)
                                 : snprintf(name, sizeof name, "%s-%d", base, number);
        code = (size_t)length < sizeof name ? published_find(&look, name, &is_published, err)
                                            : name_fits(NULL, err);
    }
    statement_finish(&look);
    if (code == ERR_NONE && is_published) {
        code = error_set(err, ERR_LIMIT,
                         "“%s”至“%s-%d”均已发布，请用 --name 取名 (plans %s to %s-%d were all published; use "
                         "--name)",
                         base, base, LIMIT_PLAN_NAMES, base, base, LIMIT_PLAN_NAMES);
    }
    if (code == ERR_NONE) {
        (void)snprintf(ret_name, LIMIT_ID_BYTES + 1, "%s", name);
    }
    return code;
}

enum error_code plan_drop(struct store *store, const char *name, bool *ret_dropped, struct error *err)
{
    struct statement drop = {0};
    enum error_code code = plan_name_check(store, name, err);
    if (code == ERR_NONE) {
        code = statement_prepare(&drop, store->db,
                                 "DELETE FROM plan WHERE name = :name AND published_revision IS NULL", err);
    }
    if (code == ERR_NONE) {
        statement_text(&drop, ":name", name);
        code = statement_run(&drop, err);
    }
    if (code == ERR_NONE && ret_dropped != NULL) {
        *ret_dropped = sqlite3_changes(store->db) > 0;
    }
    statement_finish(&drop);
    return code;
}

static enum error_code head_insert(const struct saver *saver, const char *actor, struct error *err)
{
    struct statement insert = {0};
    struct text summary;
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    text_init(&summary, 16384);
    summary_write(saver->plan, &summary);
    date_format(saver->plan->from_day, from);
    date_format(saver->plan->to_day, to);
    enum error_code code = text_status(&summary, err);
    if (code == ERR_NONE) {
        code = statement_prepare(
            &insert, saver->store->db,
            "INSERT INTO plan (name, base_revision, created_at, actor, from_date, to_date, summary) "
            "VALUES (:name, :base, :at, :actor, :from, :to, :summary)",
            err);
    }
    if (code == ERR_NONE) {
        statement_text(&insert, ":name", saver->name);
        statement_integer(&insert, ":base", saver->plan->base_revision);
        statement_integer(&insert, ":at", store_now_s(saver->store));
        statement_text(&insert, ":actor", actor);
        statement_text(&insert, ":from", from);
        statement_text(&insert, ":to", to);
        statement_text(&insert, ":summary", text_string(&summary));
        code = statement_run(&insert, err);
    }
    statement_finish(&insert);
    text_finish(&summary);
    return code;
}

static enum error_code series_insert(const struct saver *saver, struct error *err)
{
    struct statement insert;
    const struct plan *plan = saver->plan;
    enum error_code code =
        statement_prepare(&insert, saver->store->db,
                          "INSERT INTO plan_series (plan_name, seq, request_id, holiday_rule) "
                          "VALUES (:name, :seq, :request, :rule)",
                          err);
    for (size_t i = 0; i < plan->series_count && code == ERR_NONE; i++) {
        const struct plan_series *series = &plan->series[i];
        statement_text(&insert, ":name", saver->name);
        statement_integer(&insert, ":seq", (int64_t)i);
        statement_text(&insert, ":request", plan->timetable->requests[series->request].id);
        statement_text(&insert, ":rule", holiday_rule_name(series->holiday_rule));
        code = statement_run(&insert, err);
    }
    statement_finish(&insert);
    return code;
}

static enum error_code item_insert(const struct saver *saver, struct statement *insert, size_t seq,
                                   struct error *err)
{
    const struct timetable *timetable = saver->plan->timetable;
    const struct plan_item *item = &saver->plan->items[seq];
    const struct placement *at = &item->at;
    char date[DATE_TEXT_SIZE];
    struct text people;
    text_init(&people, LIMIT_SESSION_INSTRUCTORS * (LIMIT_ID_BYTES + 1));
    for (uint8_t i = 0; i < at->instructor_count; i++) {
        text_addf(&people, "%s%s", i == 0 ? "" : ";", timetable->instructors[at->instructors[i]].id);
    }
    date_format(at->day, date);
    statement_text(insert, ":name", saver->name);
    statement_integer(insert, ":seq", (int64_t)seq);
    statement_text(insert, ":action", ACTIONS[item->action]);
    if (at->session_id != 0) {
        statement_integer(insert, ":session", at->session_id);
    }
    statement_text(insert, ":course", timetable->courses[at->course].id);
    statement_text(insert, ":room", timetable->rooms[at->room].id);
    statement_text(insert, ":people", text_string(&people));
    statement_text(insert, ":date", date);
    statement_integer(insert, ":start", at->start_min);
    statement_integer(insert, ":minutes", at->minutes);
    statement_integer(insert, ":setup", at->setup_min);
    statement_integer(insert, ":clear", at->clear_min);
    statement_text(insert, ":request", at->request == NONE ? NULL : timetable->requests[at->request].id);
    if (at->series_id != 0) {
        statement_integer(insert, ":series", at->series_id);
    }
    statement_integer(insert, ":heads", at->heads);
    statement_integer(insert, ":exception", at->series_exception);
    enum error_code code = text_status(&people, err);
    if (code == ERR_NONE) {
        code = statement_run(insert, err);
    }
    text_finish(&people);
    return code;
}

static enum error_code items_insert(const struct saver *saver, struct error *err)
{
    struct statement insert;
    enum error_code code = statement_prepare(
        &insert, saver->store->db,
        "INSERT INTO plan_item (plan_name, seq, action, session_id, course_id, room_id, "
        "instructor_ids, date, start_min, minutes, setup_min, clear_min, request_id, series_id, heads, "
        "series_exception) "
        "VALUES (:name, :seq, :action, :session, :course, :room, :people, :date, :start, :minutes, "
        ":setup, :clear, :request, :series, :heads, :exception)",
        err);
    for (size_t i = 0; i < saver->plan->item_count && code == ERR_NONE; i++) {
        code = item_insert(saver, &insert, i, err);
    }
    statement_finish(&insert);
    return code;
}

static enum error_code refusal_insert(const struct saver *saver, struct statement *insert,
                                      const struct plan_refusal *refusal, struct error *err)
{
    const struct timetable *timetable = saver->plan->timetable;
    struct text zh;
    struct text en;
    text_init(&zh, LIMIT_NOTE_BYTES * 4);
    text_init(&en, LIMIT_NOTE_BYTES * 4);
    refusal_sentence(timetable, refusal, true, &zh);
    refusal_sentence(timetable, refusal, false, &en);
    statement_text(insert, ":name", saver->name);
    statement_text(insert, ":request", timetable->requests[refusal->request].id);
    statement_integer(insert, ":missing", refusal->missing);
    statement_text(insert, ":kind", KINDS[refusal->kind]);
    statement_text(insert, ":zh", text_string(&zh));
    statement_text(insert, ":en", text_string(&en));
    enum error_code code = statement_run(insert, err);
    text_finish(&zh);
    text_finish(&en);
    return code;
}

static enum error_code refusals_insert(const struct saver *saver, struct error *err)
{
    struct statement insert;
    enum error_code code =
        statement_prepare(&insert, saver->store->db,
                          "INSERT INTO plan_refusal (plan_name, request_id, missing, kind, zh, en) "
                          "VALUES (:name, :request, :missing, :kind, :zh, :en)",
                          err);
    for (size_t i = 0; i < saver->plan->refusal_count && code == ERR_NONE; i++) {
        code = refusal_insert(saver, &insert, &saver->plan->refusals[i], err);
    }
    statement_finish(&insert);
    return code;
}

enum error_code plan_save(struct store *store, const char *name, const char *actor, const struct plan *plan,
                          struct error *err)
{
    const struct saver saver = {store, name, plan};
    enum error_code code = name_fits(name, err);
    if (code == ERR_NONE) {
        code = sql_run(store->db, "BEGIN IMMEDIATE", err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    code = plan_drop(store, name, NULL, err);
    if (code == ERR_NONE) {
        code = head_insert(&saver, actor != NULL ? actor : "", err);
    }
    if (code == ERR_NONE) {
        code = series_insert(&saver, err);
    }
    if (code == ERR_NONE) {
        code = items_insert(&saver, err);
    }
    if (code == ERR_NONE) {
        code = refusals_insert(&saver, err);
    }
    if (code == ERR_NONE) {
        code = sql_run(store->db, "COMMIT", err);
    }
    if (code != ERR_NONE) {
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        (void)error_wrap(err, "方案 %s (plan)", name);
    }
    return code;
}

#define ENTRY_SELECT                                                                                         \
    "SELECT name, actor, base_revision, created_at, coalesce(published_revision, 0), "                       \
    "(SELECT count(*) FROM plan_item i WHERE i.plan_name = plan.name) FROM plan "

static void entry_read(const struct statement *rows, struct plan_entry *entry)
{
    *entry = (struct plan_entry){.base_revision = column_integer(rows, 2),
                                 .created_at = column_integer(rows, 3),
                                 .published_revision = column_integer(rows, 4),
                                 .items = column_integer(rows, 5)};
    (void)snprintf(entry->name, sizeof entry->name, "%s", column_text(rows, 0));
    const char *actor = column_text(rows, 1);
    (void)snprintf(entry->actor, sizeof entry->actor, "%.*s",
                   (int)utf8_cut(actor, strlen(actor), LIMIT_NAME_BYTES), actor);
}

enum error_code plan_list(struct store *store, struct plan_entry *entries, size_t max, size_t *ret_count,
                          struct error *err)
{
    struct statement rows;
    size_t count = 0;
    bool row = true;
    enum error_code code =
        statement_prepare(&rows, store->db, ENTRY_SELECT "ORDER BY created_at DESC, rowid DESC", err);
    while (code == ERR_NONE && row && count < max) {
        code = statement_step(&rows, &row, err);
        if (code == ERR_NONE && row) {
            entry_read(&rows, &entries[count++]);
        }
    }
    statement_finish(&rows);
    if (code == ERR_NONE) {
        *ret_count = count;
    }
    return code;
}

enum error_code plan_look(struct store *store, const char *name, struct plan_entry *ret_entry,
                          struct error *err)
{
    struct statement rows;
    bool row = false;
    enum error_code code = statement_prepare(&rows, store->db, ENTRY_SELECT "WHERE name = :name", err);
    statement_text(&rows, ":name", name);
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE && row) {
        entry_read(&rows, ret_entry);
    } else if (code == ERR_NONE) {
        code = error_set(err, ERR_NOT_FOUND, "没有方案“%s” (there is no plan %s)", name, name);
    }
    statement_finish(&rows);
    return code;
}

enum error_code plan_find(struct store *store, const char *name, struct plan_head *ret_head,
                          struct error *err)
{
    struct statement rows;
    bool row = false;
    enum error_code code = statement_prepare(
        &rows, store->db,
        name != NULL
            ? "SELECT name, base_revision, coalesce(published_revision, 0) FROM plan WHERE name = :name"
            : "SELECT name, base_revision, 0 FROM plan WHERE published_revision IS NULL "
              "ORDER BY created_at DESC, rowid DESC LIMIT 1",
        err);
    if (code == ERR_NONE && name != NULL) {
        statement_text(&rows, ":name", name);
    }
    if (code == ERR_NONE) {
        code = statement_step(&rows, &row, err);
    }
    if (code == ERR_NONE && !row) {
        code = name != NULL
                   ? error_set(err, ERR_NOT_FOUND, "没有方案“%s” (there is no plan %s)", name, name)
                   : error_set(err, ERR_NOT_FOUND, "没有未发布的方案 (there is no unpublished plan)");
    }
    if (code == ERR_NONE) {
        ret_head->base_revision = column_integer(&rows, 1);
        ret_head->published_revision = column_integer(&rows, 2);
        (void)snprintf(ret_head->name, sizeof ret_head->name, "%s", column_text(&rows, 0));
    }
    statement_finish(&rows);
    return code;
}
