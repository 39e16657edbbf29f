/* daemon/follow: see follow.h. */
#include "daemon/follow.h"

#include "base/log.h"
#include "daemon/fetch.h"
#include "daemon/follow_read.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

enum {
    CLASHES_LOGGED = 5
};

static bool is_cancelled(const struct follow_desk *desk)
{
    return __atomic_load_n(&desk->cancel, __ATOMIC_RELAXED);
}

/* The sessions that a new closure or absence hits, each with the rule's sentence. */
static void clashes_log(const struct follow *follow, const struct commit_result *result)
{
    for (size_t i = 0; i < result->reflagged.count && i < CLASHES_LOGGED && result->timetable != NULL; i++) {
        struct text text;
        text_init(&text, LIMIT_NOTE_BYTES);
        clash_sentence(result->timetable, &result->reflagged.items[i], true, &text);
        text_add(&text, " / ");
        clash_sentence(result->timetable, &result->reflagged.items[i], false, &text);
        log_line(LOG_LEVEL_WARN, "calendar %" PRId64 ": now clashes: %s", follow->id, text_string(&text));
        text_finish(&text);
    }
}

/* One line when something changed or went wrong; nothing while all is as it was. */
static void reading_log(const struct follow *follow, const struct follow_reading *reading, const char *before)
{
    char where[256];
    fetch_source_shown(follow->source, where, sizeof where);
    const char *name = follow_outcome_name(reading->outcome);
    bool is_news = reading->outcome == FOLLOW_IMPORTED || strcmp(before, name) != 0;
    bool is_bad = reading->outcome != FOLLOW_IMPORTED && reading->outcome != FOLLOW_UNCHANGED;
    if (is_news) {
        log_line(is_bad ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "calendar %" PRId64 " (%s): %s: %s", follow->id,
                 where, name, reading->detail);
    }
    if (reading->has_report) {
        clashes_log(follow, &reading->report.result);
    }
}

static struct follow_look *look_of(struct follow_desk *desk, int64_t id)
{
    for (size_t i = 0; i < desk->look_count; i++) {
        if (desk->looks[i].id == id) {
            return &desk->looks[i];
        }
    }
    return NULL;
}

static void look_keep(struct follow_desk *desk, int64_t id, int64_t now_s)
{
    struct follow_look *look = look_of(desk, id);
    if (look == NULL && desk->look_count == LIMIT_FOLLOWS) {
        desk->look_count = 0; /* of removed ones, mostly; the others are looked at once more */
    }
    look = look == NULL ? &desk->looks[desk->look_count++] : look;
    *look = (struct follow_look){id, now_s};
}

static bool is_due(struct follow_desk *desk, const struct follow *follow, int64_t now_s)
{
    const struct follow_look *look = look_of(desk, follow->id);
    struct follow seen = *follow;
    seen.checked_at = look != NULL && look->checked_at > seen.checked_at ? look->checked_at : seen.checked_at;
    return follow_due_s(&seen) <= now_s;
}

static enum error_code read_one(struct follow_desk *desk, struct follow *follow, int64_t now_s,
                                struct error *err)
{
    char before[FOLLOW_WORD_SIZE];
    struct follow_reading reading;
    memcpy(before, follow->outcome, sizeof before);
    const struct follow_read_options options = {
        .actor = "follow", .now_s = now_s, .cancel = &desk->cancel, .quiet = true};
    enum error_code code = follow_read(desk->store, follow, &options, &reading, err);
    if (code == ERR_NONE) {
        look_keep(desk, follow->id, now_s);
        reading_log(follow, &reading, before);
    }
    follow_reading_finish(&reading);
    return code;
}

/* Opens the database, or opens it anew when another file was put in its place. */
static enum error_code file_open(struct follow_desk *desk, struct error *err)
{
    struct stat file;
    bool is_known = stat(desk->db_path, &file) == 0;
    if (desk->store != NULL && (!is_known || (file.st_dev == desk->device && file.st_ino == desk->inode))) {
        return ERR_NONE;
    }
    store_close(desk->store);
    desk->store = NULL;
    desk->device = is_known ? file.st_dev : 0;
    desk->inode = is_known ? file.st_ino : 0;
    return store_open(desk->db_path, STORE_OPEN, desk->clock, &desk->store, err);
}

static void on_work(uv_work_t *work)
{
    struct follow_desk *desk = work->data;
    struct follow_list list = {0};
    struct error err = {.text = ""};
    enum error_code code = file_open(desk, &err);
    if (code == ERR_NONE) {
        code = follow_list_load(desk->store, &list, &err);
    }
    for (size_t i = 0; i < list.count && code == ERR_NONE && !is_cancelled(desk); i++) {
        int64_t now_s = desk->clock.now_s(desk->clock.context);
        if (is_due(desk, &list.items[i], now_s)) {
            code = read_one(desk, &list.items[i], now_s, &err);
            code = code == ERR_NOT_FOUND ? ERR_NONE : code; /* removed meanwhile */
        }
    }
    follow_list_finish(&list);
    bool is_trouble = code != ERR_NONE && code != ERR_CANCELLED;
    if (is_trouble && !desk->trouble_told) {
        log_line(LOG_LEVEL_ERROR, "following calendars: %s", err.text);
    }
    desk->trouble_told = is_trouble;
}

static void on_done(uv_work_t *work, int status)
{
    struct follow_desk *desk = work->data;
    (void)status;
    desk->working = false;
}

static void on_tick(uv_timer_t *timer)
{
    struct follow_desk *desk = timer->data;
    if (!desk->working) {
        desk->work.data = desk;
        desk->working = uv_queue_work(timer->loop, &desk->work, on_work, on_done) == 0;
    }
}

void follow_desk_start(struct follow_desk *desk, uv_loop_t *loop)
{
    uv_timer_init(loop, &desk->timer);
    desk->timer.data = desk;
    desk->timer_open = true;
    uv_timer_start(&desk->timer, on_tick, FOLLOW_TICK_MS, FOLLOW_TICK_MS);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct follow_desk *desk = handle->data;
    desk->timer_open = false;
}

void follow_desk_stop(struct follow_desk *desk)
{
    __atomic_store_n(&desk->cancel, true, __ATOMIC_RELAXED);
    if (desk->timer_open) {
        uv_close((uv_handle_t *)&desk->timer, on_timer_closed);
    }
    if (desk->working) {
        uv_cancel((uv_req_t *)&desk->work); /* succeeds only when it has not begun */
    }
}

void follow_desk_close(struct follow_desk *desk)
{
    store_close(desk->store);
    desk->store = NULL;
}
