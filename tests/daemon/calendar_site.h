/* A calendar server on this machine for tests: one thread, one answer at a time, as the test sets it. */
#ifndef LITANG_TESTS_DAEMON_CALENDAR_SITE_H
#define LITANG_TESTS_DAEMON_CALENDAR_SITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct site {
    int listener;
    uint16_t port;
    pthread_t thread;
    pthread_mutex_t lock;
    char head[512]; /* "HTTP/1.1 200 OK\r\nETag: …\r\n" */
    char body[8192];
    const char *etag;   /* that answers 304 when it comes back; NULL: none */
    size_t endless;     /* bytes of filler after the body; SIZE_MAX: none are sent and it hangs */
    char request[4096]; /* the newest */
    unsigned hits;
    bool stop;
};

static inline void site_set(struct site *site, const char *head, const char *body, const char *etag)
{
    pthread_mutex_lock(&site->lock);
    snprintf(site->head, sizeof site->head, "%s", head);
    snprintf(site->body, sizeof site->body, "%s", body);
    site->etag = etag;
    site->endless = 0;
    pthread_mutex_unlock(&site->lock);
}

static inline unsigned site_hits(struct site *site)
{
    pthread_mutex_lock(&site->lock);
    unsigned hits = site->hits;
    pthread_mutex_unlock(&site->lock);
    return hits;
}

static inline bool site_request_has(struct site *site, const char *words)
{
    pthread_mutex_lock(&site->lock);
    bool has = strstr(site->request, words) != NULL;
    pthread_mutex_unlock(&site->lock);
    return has;
}

static inline void send_all(int client, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(client, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        bytes += sent;
        length -= (size_t)sent;
    }
}

static inline void site_answer(struct site *site, int client)
{
    static const char FILLER[4096] = {'X'};
    char request[sizeof site->request] = "";
    char reply[sizeof site->head + sizeof site->body + 128];
    size_t used = 0;
    ssize_t got = 1;
    while (got > 0 && strstr(request, "\r\n\r\n") == NULL && used + 1 < sizeof request) {
        got = recv(client, request + used, sizeof request - 1 - used, 0);
        used += got > 0 ? (size_t)got : 0;
        request[used] = '\0';
    }
    pthread_mutex_lock(&site->lock);
    site->hits++;
    memcpy(site->request, request, sizeof request);
    bool is_same = site->etag != NULL && strstr(request, site->etag) != NULL;
    size_t endless = site->endless;
    int length =
        is_same ? snprintf(reply, sizeof reply, "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")
        : endless > 0 ? snprintf(reply, sizeof reply, "%sConnection: close\r\n\r\n%s", site->head, site->body)
                      : snprintf(reply, sizeof reply, "%sContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                                 site->head, strlen(site->body), site->body);
    pthread_mutex_unlock(&site->lock);
    send_all(client, reply, (size_t)length);
    if (endless == SIZE_MAX) {
        char byte;
        (void)recv(client, &byte, 1, 0); /* until the client hangs up */
        return;
    }
    for (size_t sent = 0; sent < endless; sent += sizeof FILLER) {
        send_all(client, FILLER, sizeof FILLER);
    }
}

static inline void *site_run(void *context)
{
    struct site *site = context;
    for (;;) {
        int client = accept(site->listener, NULL, NULL);
        if (client < 0) {
            return NULL;
        }
        pthread_mutex_lock(&site->lock);
        bool stop = site->stop;
        pthread_mutex_unlock(&site->lock);
        if (!stop) {
            site_answer(site, client);
        }
        close(client);
        if (stop) {
            return NULL;
        }
    }
}

static inline void site_start(struct site *site)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    memset(site, 0, sizeof *site);
    pthread_mutex_init(&site->lock, NULL);
    site->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(site->listener >= 0);
    assert_int_equal(bind(site->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(site->listener, 8), 0);
    assert_int_equal(getsockname(site->listener, (struct sockaddr *)&address, &size), 0);
    site->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&site->thread, NULL, site_run, site), 0);
}

static inline void site_stop(struct site *site)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(site->port)};
    pthread_mutex_lock(&site->lock);
    site->stop = true;
    pthread_mutex_unlock(&site->lock);
    int wake = socket(AF_INET, SOCK_STREAM, 0);
    (void)!connect(wake, (struct sockaddr *)&address, sizeof address);
    pthread_join(site->thread, NULL);
    close(wake);
    close(site->listener);
    pthread_mutex_destroy(&site->lock);
}

#endif
