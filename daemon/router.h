/* daemon/router: address → reply, by the table of routes. Loop thread only, but for router_prepare.
 *
 * Adding a route: a line in routes.c and a handler that fills a reply_draft from the snapshot
 * (docs/adding.md). A GET changes nothing. Options that a route does not name are refused with 400. */
#ifndef LITANG_DAEMON_ROUTER_H
#define LITANG_DAEMON_ROUTER_H

#include "base/clock.h"
#include "daemon/figures.h"
#include "daemon/published.h"
#include "daemon/receipt_book.h"
#include "daemon/secret.h"

enum {
    ROUTE_ID_SIZE = 72,
    ROUTE_ADDRESS_SIZE =
        256, /* path and options: 72 bytes each of id and category, figures, a short pattern */
    ROUTE_OPTIONS_MAX = 6
};

struct errand_desk;

/* What answers are made from. */
struct router {
    struct published *published; /* owned by the daemon */
    struct token_list tokens;    /* owned */
    struct receipt_book receipts;
    struct clock_source clock;
    struct errand_desk *errands; /* borrowed; NULL: slow routes are answered on the spot */
};

/* What a handler may look at. */
struct route_request {
    const struct published *published;
    const struct receipt_book *receipts;
    char id[ROUTE_ID_SIZE];  /* what stood for "*" in the route's pattern; of a secret address, its target */
    char token[SECRET_SIZE]; /* of a secret address; else "" */
    bool english;            /* ?lang=en */
    int32_t alarm_min;       /* ?alarm=MINUTES, 0 */
    char category[ROUTE_ID_SIZE];  /* ?category=ID, "" */
    int64_t revision;              /* ?revision=N, 0 */
    struct figures_choice figures; /* ?definition= &from= &to= &minimum= &area= */
    char place[ROUTE_ID_SIZE];     /* ?hall=ID or ?township=CODE, "" */
    bool place_is_township;
};

enum {
    OPTION_LANG = 1,
    OPTION_ALARM = 2,
    OPTION_CATEGORY = 4,
    OPTION_REVISION = 8,
    OPTION_FIGURES = 16, /* the five of daemon/figures.h */
    OPTION_PLACE = 32    /* hall or township */
};

enum {
    ROUTE_PAGE = 1,   /* errors are HTML pages rather than JSON problem documents (RFC 9457) */
    ROUTE_FEED = 2,   /* a subscription: fetches are noted; its argument is an enum feed_scope */
    ROUTE_SECRET = 4, /* the star is a token; the handler gets its target, and its scope as argument */
    ROUTE_PERSON = 8, /* only where instructors are public (setting public_instructors) */
    ROUTE_LIVE = 16,  /* made anew for each request */
    ROUTE_SLOW = 32   /* made by a worker, which sees no feeds and no replies (daemon/errand.h) */
};

struct route {
    const char *pattern; /* "/feed/hall/" + "*" + ".ics": at most one star, which matches one path segment */
    unsigned options;    /* OPTION_* that it understands */
    int argument;        /* for the handler */
    unsigned flags;      /* ROUTE_* */
    /* An error becomes the status that refusal_status says. */
    enum error_code (*handle)(const struct route_request *request, int argument, struct reply_draft *draft,
                              struct error *err);
};

extern const struct route ROUTES[];
extern const size_t ROUTE_COUNT;

/* Answers one request. `path` is as url_decode leaves it. */
enum MHD_Result router_answer(struct router *router, struct MHD_Connection *connection, const char *method,
                              const char *path);
/* Answers with a failure. */
enum MHD_Result router_refuse(struct MHD_Connection *connection, const char *path, bool is_page,
                              const struct error *problem);

/* Answers a request whose content is larger than LIMIT_POST_BYTES: 413. */
enum MHD_Result router_refuse_large(struct MHD_Connection *connection, const char *path);

/* Makes the reply of a request; any thread. The worker's part of a slow route. */
enum error_code route_make(const struct route *route, const struct route_request *request, int argument,
                           const char *address, struct reply **ret_reply, struct error *err);

/* Renders what would hold the loop thread up (the city's calendar) into the cache of a snapshot that is not
 * shown yet. Worker thread. Failing leaves it to the first request. */
void router_prepare(struct published *published);

/* Finds the route of a path and what its star stands for; NULL when none matches. For tests, too. */
const struct route *route_find(const char *path, char ret_id[ROUTE_ID_SIZE]);
/* Reads one option into the request; ERR_INPUT when the route does not know it or the value is not one. For
 * tests, too. */
enum error_code route_option(const struct route *route, struct route_request *request, const char *name,
                             const char *value, struct error *err);
/* The token in force that `word` is: ERR_NOT_FOUND, or ERR_STALE when it was revoked. */
enum error_code route_token(const struct token_list *tokens, const char *word,
                            const struct feed_token **ret_token, struct error *err);

/* The handlers, by file: feed_routes.c, page_*.c, static_text.c. Where a scope is possible, `argument` is an
 * enum feed_scope. */
typedef enum error_code route_handler(const struct route_request *, int argument, struct reply_draft *,
                                      struct error *);
route_handler route_feed, route_index, route_township, route_hall, route_instructor, route_session,
    route_text, route_subscribe, route_receipts, route_jcal, route_freebusy, route_sessions, route_coverage,
    route_coverage_page, route_asset, route_proposals;

/* What a feed of a scope is about: its index in the snapshot, NONE when there is none; and its name. */
uint32_t route_scope_index(const struct timetable *timetable, enum feed_scope scope, const char *id);
const char *route_scope_title(const struct timetable *timetable, enum feed_scope scope, uint32_t index);

#endif
