/* daemon/http_server: libmicrohttpd on the libuv loop: its epoll descriptor is polled, its next time-out is a
 * timer. It brings the parsing, the limits and the time-outs; litang brings the answers. Loop thread only.
 *
 * libmicrohttpd hangs up on silence only: a client that sends or takes a byte now and then could hold a
 * connection for ever. So every connection also has a deadline for its next request's headers, and one for
 * taking a reply. */
#ifndef LITANG_DAEMON_HTTP_SERVER_H
#define LITANG_DAEMON_HTTP_SERVER_H

#include "base/error.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct http_client;

struct http_server {
    /* set by the caller */
    enum MHD_Result (*answer)(void *context, struct MHD_Connection *connection, const char *method,
                              const char *path);
    /* May be NULL: no POST is taken. Does a POST to this path deserve that its body be read (and dropped)? */
    bool (*takes_post)(void *context, const char *path);
    /* Answers a POST that says it brings more than LIMIT_POST_BYTES; needed with takes_post. One that does
     * not say so and does is hung up on. */
    enum MHD_Result (*refuse_large)(void *context, struct MHD_Connection *connection, const char *path);
    /* A connection ended whose state (http_server_state) was not NULL. May be NULL. */
    void (*forget)(void *context, void *state);
    void *context;
    uint64_t header_ms, reply_ms; /* 0: LIMIT_CONNECTION_IDLE_S, LIMIT_REPLY_READ_S */

    struct MHD_Daemon *daemon; /* owned */
    uv_poll_t poll;
    uv_timer_t timer;            /* libmicrohttpd's next time-out */
    uv_timer_t sweep;            /* the deadlines */
    struct http_client *clients; /* owned list of the open connections */
    uint16_t port;               /* the real one */
    unsigned in_flight;          /* requests begun and not completed */
};

/* Listens; from then on the process ignores SIGPIPE. ERR_INPUT: no such address; ERR_BUSY: the port is taken.
 * "::" takes IPv4, too. */
enum error_code http_server_start(struct http_server *server, uv_loop_t *loop, const char *address,
                                  uint16_t port, struct error *err);
/* What the answerer keeps with a request until it is answered; NULL when memory was short. */
void **http_server_state(struct MHD_Connection *connection);
/* The head of the response that is about to be queued waits for its body, which another system call sends:
 * one packet less. Ends with the response. */
void http_server_cork(struct MHD_Connection *connection);
/* After MHD_resume_connection: lets the resumed requests be answered. */
void http_server_wake(struct http_server *server);
/* No new connections; those that are open go on, those that wait to be accepted still are. */
void http_server_quiesce(struct http_server *server);
/* Ends every connection and closes the uv handles; `server` must live until the loop has run their close
 * callbacks. */
void http_server_stop(struct http_server *server);

#endif
