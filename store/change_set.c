/* Building a change set: columns and texts are checked here, references and rules in the gate. */
#include "store/change_private.h"

#include "base/date.h"
#include "base/text.h"
#include "base/vec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Longest text in one cell: notes are shorter, lists of seasons and hours too. */
    CELL_BYTES_MAX = 8000
};

static enum error_code memory_error(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

/* What the snapshot would refuse to read must not be written. */
static enum error_code text_check(const char *what, const char *text, size_t max, bool needed,
                                  struct error *err)
{
    size_t length = text == NULL ? 0 : strnlen(text, max + 1);
    if (length == 0) {
        return needed ? error_set(err, ERR_INPUT, "%s 不能为空 (%s must not be empty)", what, what)
                      : ERR_NONE;
    }
    if (length > max) {
        return error_set(err, ERR_LIMIT, "%s 超过 %zu 字节 (%s is longer than %zu bytes)", what, max, what,
                         max);
    }
    if (!utf8_valid(text, length)) {
        return error_set(err, ERR_INPUT, "%s 不是有效的 UTF-8 (%s is not valid UTF-8)", what, what);
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
            return error_set(err, ERR_INPUT, "%s 含有控制字符 (%s holds a control character)", what, what);
        }
    }
    return ERR_NONE;
}

static enum error_code text_keep(struct change_set *set, const char **text, struct error *err)
{
    if (*text == NULL) {
        return ERR_NONE;
    }
    const char *copy = arena_copy_text(&set->arena, *text);
    if (copy == NULL) {
        return memory_error(err);
    }
    *text = copy;
    return ERR_NONE;
}

enum error_code change_set_create(const char *actor, const char *reason, const char *source,
                                  struct change_set **ret_set, struct error *err)
{
    source = source != NULL ? source : "";
    enum error_code code = text_check("actor", actor, LIMIT_NAME_BYTES, true, err);
    if (code == ERR_NONE) {
        code = text_check("reason", reason, LIMIT_NOTE_BYTES, true, err);
    }
    if (code == ERR_NONE) {
        code = text_check("source", source, LIMIT_NOTE_BYTES, false, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    struct change_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        return memory_error(err);
    }
    arena_init(&set->arena);
    set->override_until = DATE_MAX;
    set->actor = arena_copy_text(&set->arena, actor);
    set->reason = arena_copy_text(&set->arena, reason);
    set->source = arena_copy_text(&set->arena, source);
    if (set->actor == NULL || set->reason == NULL || set->source == NULL) {
        change_set_destroy(set);
        return memory_error(err);
    }
    *ret_set = set;
    return ERR_NONE;
}

void change_set_destroy(struct change_set *set)
{
    if (set == NULL) {
        return;
    }
    free(set->rows.items);
    free(set->sessions.items);
    free(set->series.items);
    arena_finish(&set->arena);
    free(set);
}

enum error_code change_set_add_row(struct change_set *set, const struct row_op *op, struct error *err)
{
    enum error_code code;
    VEC_PUSH(code, &set->rows, *op, LIMIT_ROWS);
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "change set of %zu rows", set->rows.count);
}

enum error_code change_set_add_session(struct change_set *set, const struct session_op *op, struct error *err)
{
    enum error_code code;
    VEC_PUSH(code, &set->sessions, *op, LIMIT_ROWS);
    return code == ERR_NONE ? ERR_NONE
                            : error_set(err, code, "change set of %zu sessions", set->sessions.count);
}

enum error_code change_set_add_series(struct change_set *set, const struct series_op *op, struct error *err)
{
    enum error_code code;
    VEC_PUSH(code, &set->series, *op, LIMIT_ROWS);
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "change set of %zu series", set->series.count);
}

/* ---- rows ---- */

static enum error_code cell_take(struct change_set *set, const struct table_info *info,
                                 const struct cell *cell, struct row_op *op, struct error *err)
{
    int column = cell->column == NULL ? -1 : table_column(info, cell->column);
    if (column < 0) {
        return error_set(err, ERR_INPUT, "%s: 没有列 %s (no such column)", info->name,
                         cell->column == NULL ? "" : cell->column);
    }
    const struct column_info *about = &info->columns[column];
    bool null_allowed = (about->flags & COLUMN_NULLABLE) != 0;
    if (cell->type == CELL_NULL ? !null_allowed : cell->type != about->type) {
        return error_set(err, ERR_INPUT, "%s.%s: %s", info->name, about->name,
                         cell->type == CELL_NULL       ? "不能为空 (must not be null)"
                         : about->type == CELL_INTEGER ? "应为整数 (wants an integer)"
                                                       : "应为文本 (wants a text)");
    }
    struct value value = {cell->type, cell->integer, cell->type == CELL_TEXT ? cell->text : NULL};
    enum error_code code = ERR_NONE;
    if (value.type == CELL_TEXT) {
        code = text_check(about->name, value.text, CELL_BYTES_MAX, (about->flags & COLUMN_KEY) != 0, err);
        if (code == ERR_NONE) {
            code = text_keep(set, &value.text, err);
        } else {
            (void)error_wrap(err, "%s", info->name);
        }
    }
    op->record.at[column] = value;
    op->given |= UINT32_C(1) << column;
    return code;
}

static enum error_code row_op_make(struct change_set *set, enum row_op_kind kind, enum store_table table,
                                   const struct cell *cells, size_t count, struct error *err)
{
    if ((unsigned)table >= TABLE_COUNT) {
        return error_set(err, ERR_USAGE, "no such table: %d", (int)table);
    }
    const struct table_info *info = table_info(table);
    struct row_op op = {.kind = kind, .table = table};
    for (size_t i = 0; i < count; i++) {
        enum error_code code = cell_take(set, info, &cells[i], &op, err);
        if (code != ERR_NONE) {
            return code;
        }
    }
    for (int i = 0; i < info->key_count; i++) {
        if ((op.given & UINT32_C(1) << i) == 0) {
            return error_set(err, ERR_INPUT, "%s: 缺少主键列 %s (missing key column)", info->name,
                             info->columns[i].name);
        }
    }
    return change_set_add_row(set, &op, err);
}

enum error_code change_set_put(struct change_set *set, enum store_table table, const struct cell *cells,
                               size_t count, struct error *err)
{
    return row_op_make(set, ROW_PUT, table, cells, count, err);
}

enum error_code change_set_drop(struct change_set *set, enum store_table table, const struct cell *keys,
                                size_t count, struct error *err)
{
    return row_op_make(set, ROW_DROP, table, keys, count, err);
}

/* ---- sessions ---- */

static enum error_code spec_keep(struct change_set *set, struct session_spec *spec, struct error *err)
{
    const char **texts[] = {&spec->course_id, &spec->room_id, &spec->request_id, &spec->note,
                            &spec->cancel_reason};
    enum error_code code = text_check("note", spec->note, LIMIT_NOTE_BYTES, false, err);
    if (code == ERR_NONE) {
        code = text_check("cancel_reason", spec->cancel_reason, LIMIT_NOTE_BYTES, false, err);
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts && code == ERR_NONE; i++) {
        code = text_keep(set, texts[i], err);
    }
    for (size_t i = 0; i < spec->instructor_count && code == ERR_NONE; i++) {
        code = spec->instructor_ids[i] == NULL
                   ? error_set(err, ERR_INPUT, "instructor %zu 为空 (is missing)", i + 1)
                   : text_keep(set, &spec->instructor_ids[i], err);
    }
    return code;
}

static enum error_code instructors_take(struct session_spec *spec, const char *const ids[], size_t count,
                                        struct error *err)
{
    if (count > LIMIT_SESSION_INSTRUCTORS) {
        return error_set(err, ERR_LIMIT, "讲师超过 %d 人 (more than %d instructors)",
                         (int)LIMIT_SESSION_INSTRUCTORS, (int)LIMIT_SESSION_INSTRUCTORS);
    }
    for (size_t i = 0; i < count; i++) {
        spec->instructor_ids[i] = ids[i];
    }
    spec->instructor_count = count;
    return ERR_NONE;
}

enum error_code change_set_session_edit(struct change_set *set, const struct session_edit *edit,
                                        struct error *err)
{
    struct session_op op = {.kind = SESSION_OP_EDIT, .fields = edit->fields & ((1U << 11) - 1)};
    op.spec = (struct session_spec){
        .id = edit->id,
        .course_id = (edit->fields & EDIT_COURSE) != 0 ? edit->course_id : NULL,
        .room_id = (edit->fields & EDIT_ROOM) != 0 ? edit->room_id : NULL,
        .day = edit->day,
        .start_min = edit->start_min,
        .minutes = edit->minutes,
        .status = edit->status,
        .pinned = edit->pinned,
        .series_exception = edit->series_exception,
        .heads = edit->heads,
        .counts_as = edit->counts_as,
        .note = (edit->fields & EDIT_NOTE) != 0 ? edit->note : NULL,
        .cancel_reason = (edit->fields & EDIT_STATUS) != 0 ? edit->cancel_reason : NULL,
    };
    enum error_code code = ERR_NONE;
    if ((edit->fields & EDIT_INSTRUCTORS) != 0) {
        code = instructors_take(&op.spec, edit->instructor_ids, edit->instructor_count, err);
    }
    if (code == ERR_NONE) {
        code = spec_keep(set, &op.spec, err);
    }
    if (code != ERR_NONE) {
        (void)error_wrap(err, "场次 %" PRId64 " (session)", edit->id);
        return code;
    }
    return change_set_add_session(set, &op, err);
}

enum error_code change_set_session_new(struct change_set *set, const struct session_new *session,
                                       struct error *err)
{
    struct session_op op = {.kind = SESSION_OP_NEW};
    op.spec = (struct session_spec){
        .course_id = session->course_id,
        .room_id = session->room_id,
        .request_id = session->request_id,
        .day = session->day,
        .start_min = session->start_min,
        .minutes = session->minutes,
        .setup_min = session->setup_min,
        .clear_min = session->clear_min,
        .series_id = session->series_id,
        .status = session->status,
        .heads = session->heads,
        .counts_as = session->counts_as != 0 ? session->counts_as : 1,
        .note = session->note,
        .cancel_reason = session->cancel_reason,
    };
    enum error_code code =
        instructors_take(&op.spec, session->instructor_ids, session->instructor_count, err);
    if (code == ERR_NONE) {
        code = spec_keep(set, &op.spec, err);
    }
    if (code != ERR_NONE) {
        (void)error_wrap(err, "新场次 (new session)");
        return code;
    }
    return change_set_add_session(set, &op, err);
}

enum error_code change_set_new_series(struct change_set *set, const char *request_id, enum holiday_rule rule,
                                      int64_t *ret_series_id, struct error *err)
{
    struct series_op op = {.kind = SERIES_OP_NEW, .request_id = request_id, .holiday_rule = rule};
    enum error_code code = text_keep(set, &op.request_id, err);
    if (code == ERR_NONE) {
        code = change_set_add_series(set, &op, err);
    }
    if (code == ERR_NONE) {
        set->new_series_count++;
        *ret_series_id = -(int64_t)set->new_series_count;
    }
    return code;
}

enum error_code change_set_override(struct change_set *set, uint64_t rules, const char *reason,
                                    struct error *err)
{
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        if ((rules & RULE_BIT(rule)) != 0 && !rule_overridable((enum rule_code)rule)) {
            return error_set(err, ERR_INPUT, "规则“%s”不可批准例外 (rule %s cannot be overridden)",
                             rule_title((enum rule_code)rule, true), rule_name((enum rule_code)rule));
        }
    }
    enum error_code code = text_check("override reason", reason, LIMIT_NOTE_BYTES, true, err);
    if (code == ERR_NONE) {
        code = text_keep(set, &reason, err);
    }
    if (code == ERR_NONE) {
        set->override_rules |= rules;
        set->override_reason = reason;
    }
    return code;
}

void change_set_override_until(struct change_set *set, int32_t day)
{
    set->override_until = day;
}

struct change_mark change_set_mark(const struct change_set *set)
{
    return (struct change_mark){set->rows.count, set->sessions.count, set->series.count,
                                set->new_series_count};
}

void change_set_rewind(struct change_set *set, struct change_mark mark)
{
    set->rows.count = mark.rows;
    set->sessions.count = mark.sessions;
    set->series.count = mark.series;
    set->new_series_count = mark.new_series;
}

void change_set_expect_revision(struct change_set *set, int64_t revision)
{
    set->expected_revision = revision;
}
