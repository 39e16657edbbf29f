/* Sessions and series that keep the numbers they had in another database. They take the way of an undo that
 * brings sessions back, so that the gate checks and records them like any other. */
#include "store/change_private.h"

static enum error_code overrides_keep(struct change_set *set, const struct session_kept *kept,
                                      struct session_spec *spec, struct error *err)
{
    struct override_row *rows = arena_array(&set->arena, OVERRIDES_MAX, sizeof *rows);
    const char *reason = arena_copy_text(&set->arena, kept->override_reason);
    if (rows == NULL || reason == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        if ((kept->overrides & RULE_BIT(rule)) != 0) {
            rows[spec->override_count++] =
                (struct override_row){(enum rule_code)rule, reason, set->actor, kept->created_at};
        }
    }
    spec->overrides = rows;
    return ERR_NONE;
}

enum error_code change_set_session_keep(struct change_set *set, const struct session_kept *kept,
                                        struct error *err)
{
    if (kept->id <= 0 || (kept->overrides != 0 && kept->override_reason == NULL)) {
        return error_set(err, ERR_USAGE, "change_set_session_keep: id, override_reason");
    }
    enum error_code code = change_set_session_new(set, &kept->as, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct session_op *op = &set->sessions.items[set->sessions.count - 1];
    op->kind = SESSION_OP_RESTORE;
    op->spec.id = kept->id;
    op->spec.pinned = kept->pinned;
    op->spec.series_exception = kept->series_exception;
    op->spec.created_at = kept->created_at;
    op->spec.sequence = -1; /* the gate counts it up: its first one here is 0 */
    return kept->overrides == 0 ? ERR_NONE : overrides_keep(set, kept, &op->spec, err);
}

enum error_code change_set_series_keep(struct change_set *set, int64_t id, const char *request_id,
                                       enum holiday_rule rule, struct error *err)
{
    struct series_op op = {.kind = SERIES_OP_RESTORE, .id = id, .holiday_rule = rule};
    if (id <= 0) {
        return error_set(err, ERR_USAGE, "change_set_series_keep: id");
    }
    if (request_id != NULL) {
        op.request_id = arena_copy_text(&set->arena, request_id);
        if (op.request_id == NULL) {
            return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
        }
    }
    return change_set_add_series(set, &op, err);
}
