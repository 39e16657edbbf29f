/* daemon/serve: see serve.h. Start and the one shutdown function. */
#include "daemon/serve.h"

#include "base/limits.h"
#include "base/log.h"
#include "daemon/errand.h"
#include "daemon/follow.h"
#include "daemon/http_server.h"
#include "daemon/inbox.h"
#include "daemon/rotation.h"
#include "daemon/router.h"
#include "daemon/template.h"
#include "daemon/watch.h"

#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    GRACE_TICK_MS = 20
};

struct server {
    uv_loop_t loop;
    uv_signal_t terminate, interrupt;
    uv_timer_t grace; /* while shutting down */
    uint64_t stop_by_ms;
    bool stopping;
    struct http_server http;
    struct watch watch;
    struct router router; /* owns the snapshot that is shown */
    struct rotation_desk rotations;
    struct errand_desk errands;
    struct inbox inbox;
    struct follow_desk follows;
    uint64_t receipts_at_ms; /* loop time of the newest write */
};

static enum MHD_Result on_answer(void *context, struct MHD_Connection *connection, const char *method,
                                 const char *path)
{
    struct server *server = context;
    if (strcmp(method, MHD_HTTP_METHOD_POST) == 0 && rotation_path(path)) {
        return rotation_answer(&server->rotations, &server->router.tokens, connection, path,
                               http_server_state(connection));
    }
    return router_answer(&server->router, connection, method, path);
}

static enum MHD_Result on_large(void *context, struct MHD_Connection *connection, const char *path)
{
    (void)context;
    return router_refuse_large(connection, path);
}

static bool on_takes_post(void *context, const char *path)
{
    const struct server *server = context;
    return !server->stopping && rotation_path(path);
}

static void on_forget(void *context, void *state)
{
    struct server *server = context;
    struct errand *errand = errand_of(&server->errands, state);
    if (errand != NULL) {
        errand_forget(errand);
    } else {
        rotation_forget(state);
    }
}

/* While the server stops, its last step wakes it. */
static void on_errands_done(void *context)
{
    struct server *server = context;
    if (server->http.daemon != NULL) {
        http_server_wake(&server->http);
    }
}

/* Hands the worker the rotations that wait and, now and then, the receipts. */
static void on_collect(void *context, struct chores *chores)
{
    struct server *server = context;
    for (size_t i = 0; i < LIMIT_ROTATIONS; i++) {
        struct rotation *rotation = &server->rotations.items[i];
        if (rotation->state == ROTATION_WAITING) {
            struct chore_rotation *chore = &chores->rotations[chores->rotation_count++];
            rotation->state = ROTATION_TAKEN;
            *chore = (struct chore_rotation){.place = i, .code = ERR_CANCELLED};
            memcpy(chore->old_hash, rotation->old_hash, sizeof chore->old_hash);
            memcpy(chore->new_hash, rotation->new_hash, sizeof chore->new_hash);
        }
    }
    uint64_t now_ms = uv_now(&server->loop);
    if (chores->receipt_count == 0 && now_ms >= server->receipts_at_ms + CHORE_RECEIPTS_EVERY_MS) {
        server->receipts_at_ms = now_ms;
        chores->receipt_count =
            receipt_book_take(&server->router.receipts, CHORE_RECEIPTS_MAX, &chores->receipts);
    }
}

static void on_tokens_changed(void *context, struct token_list tokens)
{
    struct server *server = context;
    token_list_finish(&server->router.tokens);
    server->router.tokens = tokens;
}

static void on_settle(void *context, struct chores *chores)
{
    struct server *server = context;
    for (size_t i = 0; i < chores->rotation_count; i++) {
        struct rotation *rotation = &server->rotations.items[chores->rotations[i].place];
        if (rotation->state == ROTATION_TAKEN) {
            rotation_finish(rotation, chores->rotations[i].code);
        }
    }
}

/* A snapshot that is shown no more. Freeing one of 60,000 sessions takes 80 ms, which a worker has. */
struct retired {
    uv_work_t work;
    struct published *published; /* owned */
};

static void on_retired(uv_work_t *work)
{
    struct retired *retired = work->data;
    published_destroy(retired->published); /* replies being sent hold their own bytes */
}

static void on_retired_done(uv_work_t *work, int status)
{
    (void)status; /* never cancelled */
    free(work->data);
}

static void on_changed(void *context, struct published *published)
{
    struct server *server = context;
    struct published *old = server->router.published;
    struct retired *retired = calloc(1, sizeof *retired);
    server->router.published = published;
    if (retired != NULL) {
        *retired = (struct retired){.work = {.data = retired}, .published = old};
    }
    if (retired == NULL || uv_queue_work(&server->loop, &retired->work, on_retired, on_retired_done) != 0) {
        free(retired);
        published_destroy(old);
    }
}

static void on_grace(uv_timer_t *timer)
{
    struct server *server = timer->data;
    bool busy = server->http.in_flight > 0 || server->watch.working || server->inbox.working ||
                server->follows.working;
    if (busy && uv_now(&server->loop) < server->stop_by_ms) {
        return;
    }
    errand_abandon(&server->errands, true);
    rotation_abandon(&server->rotations, true); /* libmicrohttpd does not end while a request is suspended */
    http_server_wake(&server->http);
    http_server_stop(&server->http);
    uv_close((uv_handle_t *)&server->terminate, NULL);
    uv_close((uv_handle_t *)&server->interrupt, NULL);
    uv_close((uv_handle_t *)&server->grace, NULL);
}

/* The one way out: stop accepting, let what is in flight finish within LIMIT_SHUTDOWN_MS, close every handle;
 * uv_run then returns by itself. */
static void shutdown_begin(struct server *server)
{
    if (server->stopping) {
        return;
    }
    server->stopping = true;
    log_line(LOG_LEVEL_INFO, "stopping");
    http_server_quiesce(&server->http);
    watch_stop(&server->watch);
    inbox_stop(&server->inbox);
    follow_desk_stop(&server->follows);
    rotation_abandon(&server->rotations, false);
    errand_abandon(&server->errands, false);
    uv_update_time(&server->loop);
    server->stop_by_ms = uv_now(&server->loop) + LIMIT_SHUTDOWN_MS;
    uv_timer_start(&server->grace, on_grace, GRACE_TICK_MS, GRACE_TICK_MS);
}

static void on_signal(uv_signal_t *signal_handle, int number)
{
    (void)number;
    shutdown_begin(signal_handle->data);
}

static void handles_open(struct server *server)
{
    uv_signal_init(&server->loop, &server->terminate);
    uv_signal_init(&server->loop, &server->interrupt);
    uv_timer_init(&server->loop, &server->grace);
    server->terminate.data = server;
    server->interrupt.data = server;
    server->grace.data = server;
    uv_signal_start(&server->terminate, on_signal, SIGTERM);
    uv_signal_start(&server->interrupt, on_signal, SIGINT);
    watch_start(&server->watch, &server->loop, server->router.published);
    inbox_start(&server->inbox, &server->loop);
    follow_desk_start(&server->follows, &server->loop);
}

static enum error_code loop_run(struct server *server, const struct serve_options *options, struct error *err)
{
    int failed = uv_loop_init(&server->loop);
    if (failed != 0) {
        return error_set(err, ERR_IO, "event loop: %s", uv_strerror(failed));
    }
    enum error_code code =
        http_server_start(&server->http, &server->loop, options->address, options->port, err);
    if (code == ERR_NONE) {
        handles_open(server);
        log_line(LOG_LEVEL_INFO, "revision %" PRId64 ", %zu sessions, listening on %s port %" PRIu16,
                 server->router.published->timetable->revision,
                 server->router.published->timetable->session_count, options->address, server->http.port);
        if (options->ready != NULL) {
            options->ready(options->ready_context, options->address, server->http.port);
        }
    }
    uv_run(&server->loop, UV_RUN_DEFAULT);
    failed = uv_loop_close(&server->loop);
    if (failed != 0 && code == ERR_NONE) {
        code = error_set(err, ERR_INTERNAL, "event loop: a handle was left open (%s)", uv_strerror(failed));
    }
    return code;
}

/* What earlier runs noted. */
static enum error_code receipts_open(struct server *server, struct error *err)
{
    struct receipt_list known;
    enum error_code code = receipt_book_init(&server->router.receipts, err);
    if (code != ERR_NONE) {
        return code;
    }
    code = receipt_list_load(server->watch.store, &known, err);
    if (code == ERR_NONE) {
        receipt_book_load(&server->router.receipts, &known);
    }
    receipt_list_finish(&known);
    return code;
}

/* The newest ones go with the end. */
static void receipts_hand_over(struct server *server)
{
    struct chores *chores = &server->watch.chores;
    if (server->router.receipts.slots != NULL && chores->receipt_count == 0) {
        chores->rotation_count = 0;
        chores->receipt_count =
            receipt_book_take(&server->router.receipts, LIMIT_RECEIPTS, &chores->receipts);
    }
}

enum error_code serve_run(const struct serve_options *options, struct error *err)
{
    struct server server;
    memset(&server, 0, sizeof server);
    server.http.answer = on_answer;
    server.http.context = &server;
    server.http.takes_post = on_takes_post;
    server.http.refuse_large = on_large;
    server.http.forget = on_forget;
    server.errands.loop = &server.loop;
    server.errands.wake = on_errands_done;
    server.errands.context = &server;
    server.router.errands = &server.errands;
    server.router.clock = options->clock;
    server.watch.changed = on_changed;
    server.watch.collect = on_collect;
    server.watch.settle = on_settle;
    server.watch.tokens_changed = on_tokens_changed;
    server.watch.db_path = options->db_path;
    server.watch.clock = options->clock;
    server.watch.context = &server;
    server.inbox.job = (struct inbox_job){.path = options->inbox,
                                          .root = -1,
                                          .done = -1,
                                          .failed = -1,
                                          .policy = options->inbox_policy,
                                          .settle_ms = options->inbox_settle_ms,
                                          .actor = options->actor != NULL ? options->actor : "inbox",
                                          .db_path = options->db_path,
                                          .clock = options->clock};
    server.follows.db_path = options->db_path;
    server.follows.clock = options->clock;
    if (sodium_init() < 0) {
        return error_set(err, ERR_INTERNAL, "libsodium cannot start");
    }
    enum error_code code = template_publish(options->db_path, options->clock, err);
    if (code == ERR_NONE) {
        code = watch_open(&server.watch, &server.router.published, &server.router.tokens, err);
    }
    if (code == ERR_NONE) {
        code = receipts_open(&server, err);
    }
    if (code == ERR_NONE) {
        code = inbox_open(&server.inbox, err);
    }
    if (code == ERR_NONE) {
        code = loop_run(&server, options, err);
    }
    inbox_close(&server.inbox);
    receipts_hand_over(&server);
    follow_desk_close(&server.follows);
    watch_close(&server.watch);
    receipt_book_finish(&server.router.receipts);
    token_list_finish(&server.router.tokens);
    published_destroy(server.router.published);
    return code;
}
