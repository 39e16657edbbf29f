/* daemon/serve: the daemon: one libuv loop, one HTTP server, one snapshot. */
#ifndef LITANG_DAEMON_SERVE_H
#define LITANG_DAEMON_SERVE_H

#include "base/clock.h"
#include "base/error.h"

#include <stdint.h>

struct serve_options {
    const char *db_path;
    const char *address; /* "127.0.0.1", "::1" … */
    uint16_t port;       /* 0: any free one */
    struct clock_source clock;
    /* Called once from the loop thread when requests are answered; `port` is the real one. May be NULL. */
    void (*ready)(void *context, const char *address, uint16_t port);
    void *ready_context;
};

/* Runs until SIGTERM or SIGINT; answers after everything is closed. ERR_BUSY: the port is taken. */
enum error_code serve_run(const struct serve_options *options, struct error *err);

#endif
