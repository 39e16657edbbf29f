/* daemon/serve: the daemon: one libuv loop, one HTTP server, one snapshot. */
#ifndef LITANG_DAEMON_SERVE_H
#define LITANG_DAEMON_SERVE_H

#include "base/clock.h"
#include "base/error.h"
#include "daemon/inbox_job.h"

#include <stdint.h>

struct serve_options {
    const char *db_path;
    const char *address; /* "127.0.0.1", "::1" … */
    uint16_t port;       /* 0: any free one */
    struct clock_source clock;
    const char *inbox; /* a drop folder, or NULL */
    enum inbox_policy inbox_policy;
    uint64_t inbox_settle_ms; /* 0: INBOX_SETTLE_MS */
    const char *actor;        /* whose imports they are; NULL: "inbox" */
    /* Called once from the loop thread when requests are answered; `port` is the real one. May be NULL. */
    void (*ready)(void *context, const char *address, uint16_t port);
    void *ready_context;
};

/* Runs until SIGTERM or SIGINT; answers after everything is closed. ERR_BUSY: the port is taken. */
enum error_code serve_run(const struct serve_options *options, struct error *err);

#endif
