/* daemon/reply: a finished answer: bytes with their entity tag. Made once per address and snapshot
 * (daemon/reply_cache), then sent many times; a reply that is being sent stays whole when the snapshot it
 * came from is swapped away. Made on any thread; afterwards of the loop thread. */
#ifndef LITANG_DAEMON_REPLY_H
#define LITANG_DAEMON_REPLY_H

#include "base/text.h"
#include "ical/feed_body.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    ETAG_SIZE = 40,
    REPLY_FILENAME_SIZE = 96
};

/* What a route's handler fills in. */
struct reply_draft {
    unsigned status;          /* 200 unless set */
    const char *content_type; /* static */
    struct text body;
    struct feed_body feed;     /* instead of `body`, where the handler has a feed: its count is not 0 */
    int64_t last_modified;     /* UTC seconds; 0: no Last-Modified */
    const char *cache_control; /* static */
    const char *allow;         /* static; Allow of a 405, else NULL */
    const char *retry_after;   /* static; Retry-After of a 503, else NULL */
    char filename[REPLY_FILENAME_SIZE]; /* "": no Content-Disposition; else inline with this ASCII name */
    bool attachment;                    /* a download rather than a subscription */
    bool runs_scripts; /* a page of web/: may run this daemon's own scripts, and they may ask it */
};

/* As it is, or packed with gzip: two representations, so two tags (RFC 9110 §8.8.3.3). */
enum reply_form {
    FORM_PLAIN,
    FORM_PACKED,
    FORM_COUNT
};

struct reply {
    char *address; /* owned: path and options; the cache's key */
    unsigned status;
    struct {
        char etag[ETAG_SIZE];           /* strong, quoted: RFC 9110 §8.8.3; "" when there is no such form */
        struct MHD_Response *full;      /* owned; a feed's and a packed one are made when first asked for */
        struct MHD_Response *unchanged; /* owned; the 304, made when first asked for */
        size_t length;
    } forms[FORM_COUNT];
    struct reply_body *body; /* a reference; each full response has one, too */
    bool from_file;          /* the plain form is sent from a file in memory */
    int64_t last_modified;
    const char *content_type, *cache_control, *allow, *retry_after;
    char filename[REPLY_FILENAME_SIZE];
    bool attachment, runs_scripts;
};

/* Takes the draft's body or feed. A feed's tag is made from its digest, without reading its bytes; they are
 * put into a file in memory when somebody first gets them, for sendfile(2) spares each of those who follow
 * the copy. ERR_LIMIT: the body outgrew its text. */
enum error_code reply_create(const char *address, struct reply_draft *draft, struct reply **ret_reply,
                             struct error *err);
void reply_destroy(struct reply *reply); /* NULL is allowed; what is being sent stays valid */
/* Makes the plain form unless it is there. False: out of memory. */
bool reply_dress(struct reply *reply);
/* Memory that it holds, or will when it has been asked for in every form. */
size_t reply_bytes(const struct reply *reply);

/* The headers of a request that choose the form and the status; NULL when absent. */
struct reply_request {
    const char *if_none_match, *if_modified_since, *accept_encoding, *user_agent;
};

struct reply_choice {
    enum reply_form form;
    bool unchanged; /* 304 */
};
/* If-None-Match wins over If-Modified-Since (RFC 9110 §13.2.2); a 304 carries the tag that the client named.
 */
struct reply_choice reply_choose(const struct reply *reply, const struct reply_request *request);
/* Queues 200, 304 or the error, plain or packed. */
enum MHD_Result reply_queue(struct reply *reply, struct MHD_Connection *connection,
                            const struct reply_request *request);

#endif
