/* daemon/refusal: a failure as an HTTP answer: which status, and its words as a page or as a problem document
 * (RFC 9457). A page's title and link are in one language; a document's title, and each detail, in both. Loop
 * thread. */
#ifndef LITANG_DAEMON_REFUSAL_H
#define LITANG_DAEMON_REFUSAL_H

#include "daemon/reply.h"

struct refusal {
    const char *path;  /* for the log; what went wrong inside goes nowhere else */
    bool is_page;      /* HTML rather than JSON */
    bool english;      /* the page's own language */
    unsigned status;   /* 400 … */
    const char *allow; /* with a 405: the methods that are taken; else NULL */
    const struct error *problem;
};

/* ERR_NOT_FOUND 404, ERR_INPUT 400, ERR_USAGE 405, ERR_STALE 410, ERR_LIMIT and ERR_BUSY 503; else 500. */
unsigned refusal_status(enum error_code code);
/* NULL when memory was short. To be destroyed by the caller once it is sent. */
struct reply *refusal_reply(const struct refusal *refusal);

#endif
