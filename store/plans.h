/* store/plans: named drafts. Saving a plan publishes nothing; publishing goes through the gate. */
#ifndef LITANG_STORE_PLANS_H
#define LITANG_STORE_PLANS_H

#include "store/change.h"

/* Saves under `name`, replacing an unpublished draft of that name (ERR_EXISTS when it was published). */
enum error_code plan_save(struct store *store, const char *name, const char *actor, const struct plan *plan,
                          struct error *err);

/* One difference between a draft and the published timetable, ready to print. Texts belong to the list. */
struct plan_diff_row {
    const char *action; /* "create", "move", "cancel" */
    int64_t session_id; /* 0 when new */
    int32_t day, start_min, minutes;
    const char *township, *hall, *room_id, *course, *instructors; /* names; instructors joined by ";" */
    int32_t old_day, old_start_min;                               /* of a move or a cancel */
    const char *old_hall, *old_instructors;
};
struct plan_diff {
    struct arena arena;
    struct plan_diff_row *rows;
    size_t row_count;
    size_t created, moved, cancelled;
    int64_t base_revision, current_revision;
    const char *summary_json;
    struct {
        const char *request_id;
        int32_t missing;
        const char *kind, *zh, *en;
    } * refusals;
    size_t refusal_count;
};
/* name NULL: the newest draft that is not published. ERR_NOT_FOUND. */
enum error_code plan_diff_load(struct store *store, const char *name, struct plan_diff *ret_diff,
                               struct error *err);
void plan_diff_finish(struct plan_diff *diff);

/* Publishes a draft as one commit. `reason` is for the history (NULL: the draft's name); a session that the
 * draft cancels says publicly the reason of the hard closure that hits it, else nothing. */
enum error_code plan_publish(struct store *store, const char *name, const char *actor, const char *reason,
                             struct commit_result *result, struct error *err);

struct plan_entry {
    char name[LIMIT_ID_BYTES + 1];
    int64_t base_revision, created_at, published_revision;
};
/* Newest first, at most `max`. */
enum error_code plan_list(struct store *store, struct plan_entry *entries, size_t max, size_t *ret_count,
                          struct error *err);

#endif
