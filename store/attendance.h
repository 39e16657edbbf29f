/* store/attendance: what was entered after sessions; a snapshot holds only whether they were held. */
#ifndef LITANG_STORE_ATTENDANCE_H
#define LITANG_STORE_ATTENDANCE_H

#include "store/store.h"

struct attendance {
    int64_t session_id;
    bool held;
    int32_t heads, heads_60, satisfaction; /* -1: not entered */
    int64_t recorded_at;                   /* UTC seconds */
};

struct attendance_list {
    struct attendance *items; /* owned; by session_id, ascending */
    size_t count;
};

/* To be finished by the caller, also after a failure. */
enum error_code attendance_load(struct store *store, struct attendance_list *ret_list, struct error *err);
void attendance_list_finish(struct attendance_list *list);

#endif
