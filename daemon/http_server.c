/* daemon/http_server: see http_server.h. */
#include "daemon/http_server.h"

#include "base/limits.h"
#include "base/log.h"
#include "daemon/http_text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    SWEEP_MAX_MS = 1000
};

/* One open connection. */
struct http_client {
    struct http_client *next, *previous;
    int socket;
    bool busy; /* a request is being answered */
    bool corked;
    size_t upload; /* bytes of its body so far */
    void *state;   /* the answerer's */
    uint64_t deadline_ms;
};

static void client_expect(struct http_server *server, struct http_client *client, bool busy)
{
    client->busy = busy;
    client->upload = 0;
    client->deadline_ms = uv_now(server->sweep.loop) + (busy ? server->reply_ms : server->header_ms);
}

static struct http_client *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? info->socket_context : NULL;
}

static void client_open(struct http_server *server, struct MHD_Connection *connection, void **socket_context)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct http_client *client = info != NULL ? calloc(1, sizeof *client) : NULL;
    *socket_context = client; /* out of memory: it goes without deadlines */
    if (client == NULL) {
        return;
    }
    client->socket = info->connect_fd;
    client->next = server->clients;
    if (client->next != NULL) {
        client->next->previous = client;
    }
    server->clients = client;
    client_expect(server, client, false);
}

static void client_close(struct http_server *server, struct http_client *client)
{
    if (client == NULL) {
        return;
    }
    if (client->next != NULL) {
        client->next->previous = client->previous;
    }
    *(client->previous != NULL ? &client->previous->next : &server->clients) = client->next;
    free(client);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        client_open(context, connection, socket_context);
    } else {
        client_close(context, *socket_context);
        *socket_context = NULL;
    }
}

static void run(struct http_server *server);

/* Hangs up on who is late; libmicrohttpd sees the end of the stream and cleans up. */
static void on_sweep(uv_timer_t *timer)
{
    struct http_server *server = timer->data;
    uint64_t now_ms = uv_now(timer->loop);
    for (struct http_client *client = server->clients; client != NULL; client = client->next) {
        if (client->deadline_ms <= now_ms) {
            shutdown(client->socket, SHUT_RDWR);
        }
    }
    /* When descriptors had run out, libmicrohttpd listens again only in the run after the one that freed
     * some, and no event may come to bring that run about. */
    run(server);
}

/* An answer has to stand before the first byte of content, so what counts is what the head says. */
static bool is_large(struct MHD_Connection *connection)
{
    const char *length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length != NULL && strtoull(length, NULL, 10) > LIMIT_POST_BYTES;
}

/* libmicrohttpd calls the handler once per request to announce it and again to have it answered. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **request_state)
{
    static char announced;
    struct http_server *server = context;
    (void)version;
    (void)upload;
    if (*request_state == NULL) {
        struct http_client *client = client_of(connection);
        *request_state = &announced;
        server->in_flight++;
        if (client != NULL) {
            client_expect(server, client, true);
        }
        bool posting = strcmp(method, MHD_HTTP_METHOD_POST) == 0 && client != NULL &&
                       server->takes_post != NULL && server->takes_post(server->context, url);
        if (posting && is_large(connection)) {
            return server->refuse_large(server->context, connection, url);
        }
        bool reading =
            posting || strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
        /* Answering here refuses the body of all others; the connection then ends. */
        return reading ? MHD_YES : server->answer(server->context, connection, method, url);
    }
    if (*upload_size > 0) { /* what a GET brings along means nothing: RFC 9110 §9.3.1 */
        struct http_client *client = client_of(connection);
        size_t total = client != NULL ? client->upload += *upload_size : 0;
        *upload_size = 0;
        return total <= LIMIT_POST_BYTES || strcmp(method, MHD_HTTP_METHOD_POST) != 0 ? MHD_YES : MHD_NO;
    }
    return server->answer(server->context, connection, method, url);
}

static void client_cork(struct http_client *client, bool cork)
{
    int value = cork;
    client->corked = setsockopt(client->socket, IPPROTO_TCP, TCP_CORK, &value, sizeof value) == 0 && cork;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_state,
                         enum MHD_RequestTerminationCode code)
{
    struct http_server *server = context;
    struct http_client *client = client_of(connection);
    (void)code;
    if (*request_state != NULL) {
        server->in_flight--;
        *request_state = NULL;
    }
    if (client != NULL) {
        if (client->state != NULL && server->forget != NULL) {
            server->forget(server->context, client->state);
        }
        client->state = NULL;
        if (client->corked) {
            client_cork(client, false);
        }
        client_expect(server, client, false);
    }
}

void http_server_cork(struct MHD_Connection *connection)
{
    struct http_client *client = client_of(connection);
    if (client != NULL && !client->corked) {
        client_cork(client, true);
    }
}

void **http_server_state(struct MHD_Connection *connection)
{
    struct http_client *client = client_of(connection);
    return client != NULL ? &client->state : NULL;
}

static size_t on_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return url_decode(text);
}

static void on_log(void *context, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static void on_log(void *context, const char *format, va_list arguments)
{
    char line[512];
    (void)context;
    vsnprintf(line, sizeof line, format, arguments);
    line[strcspn(line, "\n")] = '\0';
    log_line(LOG_LEVEL_DEBUG, "http: %s", line);
}

static void on_timer(uv_timer_t *timer);

/* Lets libmicrohttpd work, then sleeps until its next time-out. */
static void run(struct http_server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
    MHD_run(server->daemon);
    if (MHD_get_timeout(server->daemon, &timeout_ms) == MHD_YES) {
        uv_timer_start(&server->timer, on_timer, timeout_ms, 0);
    } else {
        uv_timer_stop(&server->timer);
    }
}

static void on_timer(uv_timer_t *timer)
{
    run(timer->data);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    (void)events;
    if (status < 0) {
        log_line(LOG_LEVEL_ERROR, "http: polling failed: %s", uv_strerror(status));
    }
    run(poll->data);
}

/* MHD flags of the address's family, or false. */
static bool address_read(const char *address, uint16_t port, struct sockaddr_storage *ret_address,
                         unsigned *ret_flags)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;
    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        *ret_flags = 0;
        return true;
    }
    if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        *ret_flags = IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr) ? MHD_USE_DUAL_STACK : MHD_USE_IPv6;
        return true;
    }
    return false;
}

/* Each connection is a descriptor, and so is each feed that is sent; a login shell's soft limit is 1024. */
static void descriptors_allow(void)
{
    struct rlimit limit;
    rlim_t wanted = LIMIT_CONNECTIONS + LIMIT_OTHER_FILES + LIMIT_REPLY_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static enum error_code daemon_start(struct http_server *server, const char *address, uint16_t port,
                                    struct error *err)
{
    struct sockaddr_storage sockaddr;
    unsigned family = 0;
    if (!address_read(address, port, &sockaddr, &family)) {
        return error_set(err, ERR_INPUT, "listen on %s: not an IP address", address);
    }
    descriptors_allow();
    signal(SIGPIPE, SIG_IGN); /* a client that hangs up is an error of its write, not a reason to die */
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | family, port, NULL, NULL, on_request,
        server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&sockaddr,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIMIT_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)LIMIT_CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_CONNECTION_IDLE_S,
        MHD_OPTION_UNESCAPE_CALLBACK, on_escaped, NULL, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_END);
    if (server->daemon == NULL) {
        int cause = errno;
        return error_set(err, cause == EADDRINUSE ? ERR_BUSY : ERR_IO, "listen on %s port %u: %s", address,
                         port, strerror(cause));
    }
    return ERR_NONE;
}

enum error_code http_server_start(struct http_server *server, uv_loop_t *loop, const char *address,
                                  uint16_t port, struct error *err)
{
    enum error_code code = daemon_start(server, address, port, err);
    if (code != ERR_NONE) {
        return code;
    }
    const union MHD_DaemonInfo *epoll = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    const union MHD_DaemonInfo *bound = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    int failed =
        epoll == NULL || bound == NULL ? UV_EINVAL : uv_poll_init(loop, &server->poll, epoll->epoll_fd);
    if (failed != 0) {
        MHD_stop_daemon(server->daemon);
        server->daemon = NULL;
        return error_set(err, ERR_IO, "listen on %s: %s", address, uv_strerror(failed));
    }
    server->port = bound->port;
    server->header_ms = server->header_ms > 0 ? server->header_ms : LIMIT_CONNECTION_IDLE_S * UINT64_C(1000);
    server->reply_ms = server->reply_ms > 0 ? server->reply_ms : LIMIT_REPLY_READ_S * UINT64_C(1000);
    uint64_t shortest_ms = server->header_ms < server->reply_ms ? server->header_ms : server->reply_ms;
    uint64_t sweep_ms = shortest_ms / 4 < SWEEP_MAX_MS ? shortest_ms / 4 + 1 : SWEEP_MAX_MS;
    uv_timer_init(loop, &server->timer);
    uv_timer_init(loop, &server->sweep);
    server->poll.data = server;
    server->timer.data = server;
    server->sweep.data = server;
    uv_poll_start(&server->poll, UV_READABLE, on_poll);
    uv_timer_start(&server->sweep, on_sweep, sweep_ms, sweep_ms);
    run(server);
    return ERR_NONE;
}

void http_server_wake(struct http_server *server)
{
    run(server);
}

void http_server_quiesce(struct http_server *server)
{
    run(server);
    MHD_socket listener = MHD_quiesce_daemon(server->daemon);
    if (listener != MHD_INVALID_SOCKET) {
        close(listener);
    }
    run(server);
}

void http_server_stop(struct http_server *server)
{
    uv_poll_stop(&server->poll);
    uv_close((uv_handle_t *)&server->poll, NULL);
    uv_close((uv_handle_t *)&server->timer, NULL);
    uv_close((uv_handle_t *)&server->sweep, NULL);
    MHD_stop_daemon(server->daemon);
    server->daemon = NULL;
}
