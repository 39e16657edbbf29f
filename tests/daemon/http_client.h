/* A plain HTTP/1.1 client on a blocking socket: sends what it is told, byte for byte, and reads one response.
 */
#ifndef LITANG_TESTS_DAEMON_HTTP_CLIENT_H
#define LITANG_TESTS_DAEMON_HTTP_CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    CLIENT_WAIT_S = 30,
    HEAD_MAX = 16384
};

struct http_response {
    int status; /* 0: the connection was closed without one */
    char head[HEAD_MAX];
    char *body; /* owned, NUL-terminated */
    size_t length;
};

static inline void response_finish(struct http_response *response)
{
    free(response->body);
    response->body = NULL;
}

static inline int client_socket(int family)
{
    const struct timeval wait = {.tv_sec = CLIENT_WAIT_S};
    int connection = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(connection >= 0);
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    return connection;
}

static inline int client_connect(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int connection = client_socket(AF_INET);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0) {
        fail_msg("connect: %s", strerror(errno));
    }
    return connection;
}

static inline void client_send(int connection, const char *bytes)
{
    size_t length = strlen(bytes);
    for (size_t sent = 0; sent < length;) {
        ssize_t part = send(connection, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (part <= 0) {
            return; /* the server hung up; what it said can still be read */
        }
        sent += (size_t)part;
    }
}

/* The value of a header field, or NULL; in one of four turns of a static buffer. */
static inline const char *response_header(const struct http_response *response, const char *name)
{
    static char values[4][512];
    static unsigned turn;
    size_t length = strlen(name);
    for (const char *line = strstr(response->head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':') {
            const char *value = line + 3 + length + strspn(line + 3 + length, " ");
            char *copy = values[turn++ % 4];
            snprintf(copy, sizeof values[0], "%.*s", (int)strcspn(value, "\r"), value);
            return copy;
        }
    }
    return NULL;
}

/* The head byte by byte (pipelined responses follow each other), then as much body as it announces. */
static inline void client_read(int connection, bool has_body, struct http_response *ret_response)
{
    size_t length = 0;
    *ret_response = (struct http_response){0};
    while (length < HEAD_MAX - 1 &&
           (length < 4 || memcmp(ret_response->head + length - 4, "\r\n\r\n", 4) != 0)) {
        if (recv(connection, ret_response->head + length, 1, 0) != 1) {
            return;
        }
        length++;
    }
    ret_response->status = atoi(ret_response->head + strcspn(ret_response->head, " "));
    const char *announced = response_header(ret_response, "Content-Length");
    has_body = has_body && ret_response->status != 304 && announced != NULL;
    size_t wanted = has_body ? (size_t)strtoull(announced, NULL, 10) : 0;
    ret_response->body = calloc(1, wanted + 1);
    assert_non_null(ret_response->body);
    while (ret_response->length < wanted) {
        ssize_t part =
            recv(connection, ret_response->body + ret_response->length, wanted - ret_response->length, 0);
        if (part <= 0) {
            ret_response->status = 0;
            return;
        }
        ret_response->length += (size_t)part;
    }
}

/* One request on a connection of its own. `headers`: whole lines with CRLF, or "". */
static inline struct http_response http_request(uint16_t port, const char *method, const char *target,
                                                const char *headers)
{
    struct http_response response;
    int connection = client_connect(port);
    size_t size = strlen(target) + strlen(headers) + 128;
    char *text = malloc(size);
    assert_non_null(text);
    snprintf(text, size, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", method, target, headers);
    client_send(connection, text);
    client_read(connection, strcmp(method, "HEAD") != 0, &response);
    free(text);
    close(connection);
    return response;
}

static inline struct http_response http_get(uint16_t port, const char *target, const char *headers)
{
    return http_request(port, "GET", target, headers);
}

#endif
