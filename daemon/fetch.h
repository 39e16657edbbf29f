/* daemon/fetch: one calendar from the network or a file, bounded in time and size. Blocks: call on a worker
 * thread, or in a command.
 *
 * Only http and https, also after a redirect; https never goes on as http. Every address that a connection is
 * about to be made to is looked at, after the name was resolved and for each redirect anew, so neither a name
 * that means two things (DNS rebinding) nor a redirect gets to a private one. Proxies of the environment are
 * not used, for what they connect to cannot be looked at. */
#ifndef LITANG_DAEMON_FETCH_H
#define LITANG_DAEMON_FETCH_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FETCH_MARK_SIZE = 256, /* an ETag or a date; a longer one is not used */
    FETCH_TEXT_SIZE = 400
};

struct fetch_request {
    const char *source;               /* "https://…", "http://…" or the name of a file */
    const char *etag, *last_modified; /* of the newest good answer; "" or NULL: all of it */
    bool allow_private;               /* loopback, private and link-local addresses too */
    const bool *cancel;               /* set by another thread; may be NULL */
};

enum fetch_outcome {
    FETCH_BODY,      /* there is something new to read */
    FETCH_UNCHANGED, /* 304 (RFC 9110 §15.4.5) */
    FETCH_GONE,      /* 404 or 410, or no such file */
    FETCH_REFUSED,   /* the address must not be read, or is none */
    FETCH_FAILED     /* anything else; worth another try */
};

struct fetch_answer {
    enum fetch_outcome outcome;
    long status; /* HTTP; 0: none */
    char *body;  /* owned; of FETCH_BODY: at least one byte */
    size_t length;
    char etag[FETCH_MARK_SIZE], last_modified[FETCH_MARK_SIZE];
    char zh[FETCH_TEXT_SIZE], en[FETCH_TEXT_SIZE]; /* what happened, unless it is FETCH_BODY */
};

/* ERR_MEMORY is the only failure; all else is an outcome. To be finished in every case. */
enum error_code fetch(const struct fetch_request *request, struct fetch_answer *ret_answer,
                      struct error *err);
void fetch_finish(struct fetch_answer *answer);

/* What to store of a word that a user typed: webcal:// is https://, file:// and relative names become
 * absolute ones. ERR_INPUT: another scheme, too long, or control characters; ERR_NOT_FOUND: no such file. */
enum error_code fetch_source(const char *word, char *ret_source, size_t size, struct error *err);
/* The part that may be shown in a log: the host of an address (the rest may be a secret), or the file. */
void fetch_source_shown(const char *source, char *ret_text, size_t size);

struct sockaddr;
/* Is it an address of the public internet (RFC 6890 and the IANA registries of special-purpose addresses)?
 * IPv4 addresses within IPv6 ones are looked at too. */
bool fetch_address_public(const struct sockaddr *address);

#endif
