/* store/plans: named drafts. Saving a plan publishes nothing; publishing goes through the gate. */
#ifndef LITANG_STORE_PLANS_H
#define LITANG_STORE_PLANS_H

#include "store/change.h"

/* May a draft be saved under this name? One that is not published makes room, so it may. ERR_INPUT: no name
 * for a plan; ERR_EXISTS: a published plan has it. */
enum error_code plan_name_check(struct store *store, const char *name, struct error *err);
/* What a draft is called that nobody named: the first of `base`, base-2, base-3 … that no published plan has.
 * ERR_LIMIT past LIMIT_PLAN_NAMES. */
enum error_code plan_name_default(struct store *store, const char *base, char ret_name[LIMIT_ID_BYTES + 1],
                                  struct error *err);

/* Saves under `name`, as plan_name_check allows it; replaces an unpublished draft of that name. */
enum error_code plan_save(struct store *store, const char *name, const char *actor, const struct plan *plan,
                          struct error *err);
/* Forgets an unpublished draft; *ret_dropped: there was one. As plan_name_check refuses. */
enum error_code plan_drop(struct store *store, const char *name, bool *ret_dropped, struct error *err);

/* One difference between a draft and the published timetable, ready to print. Texts belong to the list. */
struct plan_diff_row {
    const char *action; /* "create", "move", "cancel" */
    int64_t session_id; /* 0 when new */
    int32_t day, start_min, minutes;
    const char *township, *hall, *room_id, *course, *instructors; /* names; instructors joined by ";" */
    const char *room;               /* its name, where the hall has more than one; else "" */
    int32_t old_day, old_start_min; /* of a move or a cancel */
    const char *old_hall, *old_room, *old_instructors;
};
struct plan_diff {
    struct arena arena;
    struct plan_diff_row *rows;
    size_t row_count;
    size_t created, moved, cancelled;
    const char *name;
    int64_t base_revision, current_revision;
    int64_t published_revision; /* 0: not published */
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

/* Publishes a draft as one commit; one that changes nothing makes no revision, and result->revision is the
 * one that is there. name NULL: the one draft that changes something; ERR_INPUT names them when there are
 * several. `reason` is for the history (NULL: the draft's name); a session that the draft cancels says
 * publicly the reason of the hard closure that hits it, else nothing. */
enum error_code plan_publish(struct store *store, const char *name, const char *actor, const char *reason,
                             struct commit_result *result, struct error *err);

struct plan_entry {
    char name[LIMIT_ID_BYTES + 1];
    char actor[LIMIT_NAME_BYTES + 1]; /* who saved it, cut at a character */
    int64_t base_revision, created_at;
    int64_t published_revision; /* 0: not published */
    int64_t items;              /* sessions created, moved or cancelled */
};
/* Newest first, at most `max`. */
enum error_code plan_list(struct store *store, struct plan_entry *entries, size_t max, size_t *ret_count,
                          struct error *err);
/* The plan of that name. ERR_NOT_FOUND. */
enum error_code plan_look(struct store *store, const char *name, struct plan_entry *ret_entry,
                          struct error *err);

#endif
