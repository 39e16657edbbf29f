/* daemon/watch: see watch.h. */
#include "daemon/watch.h"

#include "base/log.h"
#include "daemon/router.h"

#include <inttypes.h>

/* The snapshot as it is now, whichever thread calls. *ret_published stays as it was when the revision and the
 * day are those that are shown already: a commit may have touched drafts only. */
static enum error_code load(struct watch *watch, const struct published *previous,
                            struct published **ret_published, struct error *err)
{
    struct timetable *timetable = NULL;
    enum error_code code = store_snapshot(watch->store, &timetable, err);
    if (code != ERR_NONE) {
        return code;
    }
    int32_t today = published_today(timetable, watch->clock.now_s(watch->clock.context));
    if (previous != NULL && previous->timetable == timetable && previous->today == today) {
        timetable_unref(timetable);
        return ERR_NONE;
    }
    struct published *published = NULL;
    code = published_create(timetable, today, previous, &published, err);
    bool open = false;
    if (code == ERR_NONE) {
        code = store_public_instructors(watch->store, &open, err);
    }
    if (code == ERR_NONE) {
        published->audience = audience_public(open);
        code = store_weights(watch->store, &published->weights, err);
    }
    if (code != ERR_NONE) {
        published_destroy(published);
        return code;
    }
    router_prepare(published);
    *ret_published = published;
    return ERR_NONE;
}

static enum error_code tokens_load(struct watch *watch, struct error *err)
{
    struct token_list list;
    enum error_code code = token_list_load(watch->store, &list, err);
    if (code != ERR_NONE) {
        token_list_finish(&list);
        return code;
    }
    token_list_finish(&watch->tokens);
    watch->tokens = list;
    watch->tokens_loaded = true;
    return ERR_NONE;
}

static enum error_code file_open(struct watch *watch, struct error *err)
{
    struct stat file;
    struct store *store = NULL;
    enum error_code code = store_open(watch->db_path, STORE_OPEN, watch->clock, &store, err);
    if (code != ERR_NONE) {
        return code;
    }
    bool known = stat(watch->db_path, &file) == 0;
    store_close(watch->store);
    watch->store = store;
    watch->device = known ? file.st_dev : 0;
    watch->inode = known ? file.st_ino : 0;
    watch->seen_version = INT64_MIN;
    return ERR_NONE;
}

/* Was another file put in the place of the one that is open? A file that is gone for a moment is not. */
static bool file_replaced(const struct watch *watch)
{
    struct stat file;
    return stat(watch->db_path, &file) == 0 && (file.st_dev != watch->device || file.st_ino != watch->inode);
}

/* Loads when something changed. A failure leaves seen_version, so that the next job tries again. */
static enum error_code look(struct watch *watch, const struct published *previous,
                            struct published **ret_published, struct error *err)
{
    int64_t version = 0;
    enum error_code code = file_replaced(watch) ? file_open(watch, err) : ERR_NONE;
    if (code == ERR_NONE && chores_run(&watch->chores, watch->store)) {
        code = tokens_load(watch, err);
    } else if (code != ERR_NONE) {
        chores_fail(&watch->chores, code);
    }
    if (code == ERR_NONE) {
        code = store_data_version(watch->store, &version, err);
    }
    if (code != ERR_NONE) {
        return code;
    }
    bool same_day =
        published_today(previous->timetable, watch->clock.now_s(watch->clock.context)) == previous->today;
    if (version == watch->seen_version && same_day) {
        return ERR_NONE;
    }
    code = load(watch, previous, ret_published, err);
    if (code == ERR_NONE) {
        code = tokens_load(watch, err);
    }
    if (code == ERR_NONE) {
        watch->seen_version = version;
    }
    return code;
}

static void on_work(uv_work_t *work)
{
    struct watch *watch = work->data;
    watch->loaded = NULL;
    watch->code = look(watch, watch->previous, &watch->loaded, &watch->error);
}

/* The last good snapshot stays; the next try comes later and later, so that the log stays readable. */
static void failure_note(struct watch *watch)
{
    uint64_t wait_ms = (uint64_t)WATCH_INTERVAL_MS << (watch->failures < 7 ? watch->failures : 7);
    wait_ms = wait_ms < WATCH_RETRY_MAX_MS ? wait_ms : WATCH_RETRY_MAX_MS;
    watch->failures++;
    watch->retry_at_ms = uv_now(watch->timer.loop) + wait_ms;
    log_line(LOG_LEVEL_ERROR, "watching %s: %s; revision %" PRId64 " stays shown", watch->db_path,
             watch->error.text, watch->previous->timetable->revision);
}

static void on_looked(uv_work_t *work, int status)
{
    struct watch *watch = work->data;
    struct published *loaded = watch->loaded;
    watch->working = false;
    watch->loaded = NULL;
    if (status == UV_ECANCELED) {
        return;
    }
    watch->settle(watch->context, &watch->chores);
    watch->chores.rotation_count = 0;
    if (watch->tokens_loaded) {
        watch->tokens_loaded = false;
        watch->tokens_changed(watch->context, watch->tokens);
        watch->tokens = (struct token_list){0};
    }
    if (watch->code != ERR_NONE) {
        published_destroy(loaded);
        failure_note(watch);
        return;
    }
    watch->failures = 0;
    if (loaded == NULL || watch->stopping) {
        published_destroy(loaded);
        return;
    }
    log_line(LOG_LEVEL_INFO, "revision %" PRId64 ", %zu sessions", loaded->timetable->revision,
             loaded->timetable->session_count);
    watch->previous = loaded;
    watch->changed(watch->context, loaded);
}

static void on_tick(uv_timer_t *timer)
{
    struct watch *watch = timer->data;
    if (watch->working || (watch->failures > 0 && uv_now(timer->loop) < watch->retry_at_ms)) {
        return;
    }
    watch->work.data = watch;
    if (watch->chores.rotation_count == 0) {
        watch->collect(watch->context, &watch->chores);
    }
    watch->working = uv_queue_work(timer->loop, &watch->work, on_work, on_looked) == 0;
}

enum error_code watch_open(struct watch *watch, struct published **ret_first, struct token_list *ret_tokens,
                           struct error *err)
{
    int64_t version = 0;
    enum error_code code = file_open(watch, err);
    if (code == ERR_NONE) {
        code = store_data_version(watch->store, &version, err);
    }
    if (code == ERR_NONE) {
        code = load(watch, NULL, ret_first, err);
    }
    if (code == ERR_NONE) {
        code = token_list_load(watch->store, ret_tokens, err);
    }
    if (code == ERR_NONE) {
        watch->seen_version = version;
    }
    return code;
}

void watch_start(struct watch *watch, uv_loop_t *loop, const struct published *first)
{
    watch->previous = first;
    uv_timer_init(loop, &watch->timer);
    watch->timer.data = watch;
    watch->timer_open = true;
    uv_timer_start(&watch->timer, on_tick, WATCH_INTERVAL_MS, WATCH_INTERVAL_MS);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct watch *watch = handle->data;
    watch->timer_open = false;
}

void watch_stop(struct watch *watch)
{
    watch->stopping = true;
    if (watch->timer_open) {
        uv_close((uv_handle_t *)&watch->timer, on_timer_closed);
    }
    if (watch->working) {
        uv_cancel((uv_req_t *)&watch->work); /* succeeds only when it has not begun */
    }
}

void watch_close(struct watch *watch)
{
    if (watch->store != NULL) {
        (void)chores_run(&watch->chores, watch->store);
    }
    chores_finish(&watch->chores);
    token_list_finish(&watch->tokens);
    store_close(watch->store);
    watch->store = NULL;
}
