/* daemon/router: see router.h. */
#include "daemon/router.h"

#include "base/limits.h"
#include "base/log.h"
#include "daemon/errand.h"
#include "daemon/html.h"
#include "daemon/http_server.h"
#include "daemon/http_text.h"
#include "daemon/refusal.h"
#include "daemon/rotation.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Does `path` fit `pattern`, and what does the star stand for? Most patterns end at their first letters. */
static bool pattern_fits(const char *pattern, const char *path, char ret_id[ROUTE_ID_SIZE])
{
    size_t head = 0;
    while (pattern[head] != '\0' && pattern[head] != '*' && pattern[head] == path[head]) {
        head++;
    }
    if (pattern[head] != '*') {
        ret_id[0] = '\0';
        return pattern[head] == '\0' && path[head] == '\0';
    }
    const char *tail = pattern + head + 1;
    size_t tail_length = strlen(tail);
    size_t length = strlen(path + head);
    if (length <= tail_length || strcmp(path + head + length - tail_length, tail) != 0) {
        return false;
    }
    size_t id = length - tail_length;
    if (id >= ROUTE_ID_SIZE || memchr(path + head, '/', id) != NULL) {
        return false;
    }
    memcpy(ret_id, path + head, id);
    ret_id[id] = '\0';
    url_decode_slashes(ret_id);
    return true;
}

const struct route *route_find(const char *path, char ret_id[ROUTE_ID_SIZE])
{
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (pattern_fits(ROUTES[i].pattern, path, ret_id)) {
            return &ROUTES[i];
        }
    }
    return NULL;
}

/* Reads the query into a request; the first thing that is wrong stays in `problem`. */
struct query {
    const struct route *route;
    struct route_request *request;
    struct error *problem;
    size_t count;
};

static enum MHD_Result query_read(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct query *query = context;
    (void)kind;
    if (++query->count > ROUTE_OPTIONS_MAX) {
        error_set(query->problem, ERR_INPUT, "选项太多 / too many options");
        return MHD_NO;
    }
    enum error_code code =
        route_option(query->route, query->request, name, value != NULL ? value : "", query->problem);
    return code == ERR_NONE ? MHD_YES : MHD_NO;
}

enum error_code route_token(const struct token_list *tokens, const char *word,
                            const struct feed_token **ret_token, struct error *err)
{
    char hash[TOKEN_HASH_SIZE];
    const struct feed_token *token = secret_hash(word, hash) ? token_list_find(tokens, hash) : NULL;
    if (token == NULL) {
        return error_set(err, ERR_NOT_FOUND, "没有这个地址 / no such address");
    }
    if (token->revoked_at > 0) {
        return error_set(err, ERR_STALE,
                         "此地址已停用，请索取新地址 / this address was revoked, ask for the new one");
    }
    *ret_token = token;
    return ERR_NONE;
}

static int scope_from_name(const char *name)
{
    for (int scope = 0; scope < FEED_SCOPES; scope++) {
        if (strcmp(feed_scope_name((enum feed_scope)scope), name) == 0) {
            return scope;
        }
    }
    return FEED_CITY;
}

/* One request on its way. */
struct visit {
    struct router *router;
    struct MHD_Connection *connection;
    const char *path;
    const struct route *route;
    int argument;                   /* the route's, or the token's scope */
    const struct feed_token *token; /* borrowed; of a secret address, else NULL */
    struct route_request request;
    bool waits; /* suspended: a worker makes its reply */
};

static bool is_feed_variant(const struct visit *visit)
{
    const struct route_request *request = &visit->request;
    return (visit->route->flags & ROUTE_FEED) != 0 &&
           (request->alarm_min > 0 || request->english || request->category[0] != '\0');
}

static char *add_word(char *at, const char *word)
{
    size_t length = strlen(word);
    memcpy(at, word, length);
    return at + length;
}

/* Figures and places that a client chose: of them, too, there are as many as anybody likes to make up. */
static bool is_figures_variant(const struct visit *visit)
{
    const struct figures_choice *figures = &visit->request.figures;
    return visit->request.place[0] != '\0' || figures->has_definition || figures->has_from ||
           figures->has_to || figures->minimum > 0 || figures->area[0] != '\0';
}

/* "" or the chosen figures, as a part of the cache's key. */
static void figures_write(const struct visit *visit, char *ret_key, size_t size)
{
    const struct figures_choice *figures = &visit->request.figures;
    ret_key[0] = '\0';
    if (is_figures_variant(visit)) {
        snprintf(ret_key, size, "&%d,%" PRId32 ",%" PRId32 ",%" PRId32 ",%s%s%s",
                 figures->has_definition ? (int)figures->definition : -1,
                 figures->has_from ? figures->from_day : INT32_MIN,
                 figures->has_to ? figures->to_day : INT32_MIN, figures->minimum, figures->area,
                 visit->request.place_is_township ? "&t" : "&h", visit->request.place);
    }
}

/* The cache's key. All secret addresses of one target share its bytes, but not with its public feed. Each
 * request writes one, so without printf. False: too long for an address of ours. */
static bool address_write(const struct visit *visit, char ret_address[ROUTE_ADDRESS_SIZE])
{
    const struct route_request *request = &visit->request;
    bool shared = (visit->route->flags & ROUTE_FEED) != 0 && visit->token != NULL;
    const char *path = shared ? request->id : visit->path;
    size_t head = shared ? strlen(visit->route->pattern) + strlen(visit->token->scope) + 1 : 0;
    char figures[LIMIT_ID_BYTES + ROUTE_ID_SIZE + 64];
    figures_write(visit, figures, sizeof figures);
    if (head + strlen(path) + sizeof "?zh2147483647" + sizeof request->category + strlen(figures) >
        ROUTE_ADDRESS_SIZE) {
        return false;
    }
    char *at = ret_address;
    if (shared) {
        at = add_word(add_word(at, visit->route->pattern), visit->token->scope);
        *at++ = '/';
    }
    at = add_word(at, path);
    at = add_word(at, request->english ? "?en" : "?zh");
    if (request->alarm_min > 0) {
        at += snprintf(at, sizeof "2147483647", "%" PRId32, request->alarm_min);
    }
    *at++ = '/';
    at = add_word(add_word(at, request->category), figures);
    *at = '\0';
    return true;
}

/* A page is asked for anew each time (a 304 costs little), so that whoever just changed something sees it. */
static const char *caching_of(const struct route *route)
{
    bool is_page = (route->flags & ROUTE_PAGE) != 0;
    if ((route->flags & ROUTE_LIVE) != 0) {
        return "no-store";
    }
    if ((route->flags & (ROUTE_SECRET | ROUTE_PERSON)) != 0) {
        return is_page ? "private, no-cache" : "private, max-age=300";
    }
    return is_page ? "no-cache" : "public, max-age=300";
}

enum error_code route_make(const struct route *route, const struct route_request *request, int argument,
                           const char *address, struct reply **ret_reply, struct error *err)
{
    struct reply_draft draft = {
        .status = MHD_HTTP_OK, .content_type = HTML_TYPE, .cache_control = caching_of(route)};
    text_init(&draft.body, LIMIT_REPLY_CACHE_BYTES / 4);
    enum error_code code = route->handle(request, argument, &draft, err);
    if (code == ERR_NONE) {
        code = reply_create(address, &draft, ret_reply, err);
    }
    text_finish(&draft.body);
    feed_body_finish(&draft.feed);
    return code;
}

/* Makes the reply and keeps it if there is room; *ret_kept: the cache owns it. */
static enum error_code reply_make(const struct visit *visit, struct published *published, const char *address,
                                  struct reply **ret_reply, bool *ret_kept, struct error *err)
{
    struct reply *reply = NULL;
    bool feed_variant = is_feed_variant(visit);
    enum error_code code = route_make(visit->route, &visit->request, visit->argument, address, &reply, err);
    if (code != ERR_NONE) {
        return code;
    }
    bool kept = (visit->route->flags & ROUTE_LIVE) == 0 &&
                reply_cache_keep(&published->replies, reply, feed_variant || is_figures_variant(visit));
    if (!kept && feed_variant) {
        reply_destroy(reply);
        return error_set(err, ERR_LIMIT, "too many calendars with options are kept");
    }
    *ret_reply = reply;
    *ret_kept = kept;
    return ERR_NONE;
}

static enum error_code access_check(struct visit *visit, struct error *err)
{
    struct router *router = visit->router;
    if ((visit->route->flags & ROUTE_PERSON) != 0 &&
        !audience_may_know(router->published->audience, PERSON_ID)) {
        return error_set(
            err, ERR_NOT_FOUND,
            "讲师的页面和日历只有专属地址，请向排课人员索取 / instructors have secret addresses; "
            "ask your coordinator (litang token)");
    }
    if ((visit->route->flags & ROUTE_SECRET) == 0) {
        return ERR_NONE;
    }
    enum error_code code = route_token(&router->tokens, visit->request.id, &visit->token, err);
    if (code == ERR_NONE) {
        memcpy(visit->request.token, visit->request.id, SECRET_SIZE);
        snprintf(visit->request.id, sizeof visit->request.id, "%s", visit->token->target);
        visit->argument = scope_from_name(visit->token->scope);
    }
    return code;
}

/* Leaves a slow reply to a worker, where there are workers. */
static bool reply_order(struct visit *visit, const char *address, struct error *err)
{
    struct errand_desk *desk = visit->router->errands;
    void **state = desk != NULL ? http_server_state(visit->connection) : NULL;
    if ((visit->route->flags & ROUTE_SLOW) == 0 || state == NULL) {
        return false;
    }
    struct errand wanted = {.connection = visit->connection,
                            .route = visit->route,
                            .request = visit->request,
                            .argument = visit->argument};
    snprintf(wanted.address, sizeof wanted.address, "%s", address);
    err->code = errand_begin(desk, &wanted, state, err);
    visit->waits = err->code == ERR_NONE;
    return true;
}

/* Finds the reply of a request or makes it. NULL: *err says why not, or a worker makes it. */
static struct reply *reply_find(struct visit *visit, bool *ret_kept, struct error *err)
{
    struct published *published = visit->router->published;
    char address[ROUTE_ADDRESS_SIZE];
    struct query query = {.route = visit->route, .request = &visit->request, .problem = err};
    if (access_check(visit, err) != ERR_NONE) {
        return NULL;
    }
    MHD_get_connection_values(visit->connection, MHD_GET_ARGUMENT_KIND, query_read, &query);
    if (err->code != ERR_NONE) {
        return NULL;
    }
    if (!address_write(visit, address)) {
        error_set(err, ERR_NOT_FOUND, "没有这个地址 / no such address");
        return NULL;
    }
    struct reply *reply =
        (visit->route->flags & ROUTE_LIVE) == 0 ? reply_cache_find(&published->replies, address) : NULL;
    if (reply != NULL) {
        *ret_kept = true;
    } else if (!reply_order(visit, address, err)) {
        err->code = reply_make(visit, published, address, &reply, ret_kept, err);
    }
    return reply;
}

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void key_take(struct client_key *key, const void *bytes, size_t length)
{
    memcpy(key->bytes, bytes, length);
    key->length = length;
}

/* An IPv4 address in the clothes of IPv6 is the IPv4 address. */
static void key_take_v6(struct client_key *key, const struct in6_addr *address)
{
    bool mapped = IN6_IS_ADDR_V4MAPPED(address);
    key_take(key, address->s6_addr + (mapped ? 12 : 0), mapped ? 4 : 16);
}

static bool key_is_local(const struct client_key *key)
{
    return (key->length == 4 && key->bytes[0] == 127) ||
           (key->length == 16 && memcmp(key->bytes, &in6addr_loopback, 16) == 0);
}

static void key_take_text(struct client_key *key, const char *text)
{
    char address[sizeof key->bytes + 1];
    struct in_addr v4;
    struct in6_addr v6;
    snprintf(address, sizeof address, "%s", text);
    address[strcspn(address, " \t")] = '\0';
    if (inet_pton(AF_INET, address, &v4) == 1) {
        key_take(key, &v4, sizeof v4);
    } else if (inet_pton(AF_INET6, address, &v6) == 1) {
        key_take_v6(key, &v6);
    } else {
        key_take(key, address, strlen(address));
    }
}

/* Who asks: the peer, or whom the proxy on this machine names as its own. */
static void client_key_read(struct MHD_Connection *connection, struct client_key *ret_key)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *peer = info != NULL ? info->client_addr : NULL;
    ret_key->length = 0;
    if (peer != NULL && peer->sa_family == AF_INET) {
        key_take(ret_key, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, 4);
    } else if (peer != NULL && peer->sa_family == AF_INET6) {
        key_take_v6(ret_key, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr);
    }
    const char *forwarded = key_is_local(ret_key) ? header_of(connection, "X-Forwarded-For") : NULL;
    const char *last = forwarded != NULL ? strrchr(forwarded, ',') : NULL;
    forwarded = last != NULL ? last + 1 : forwarded;
    if (forwarded != NULL) {
        key_take_text(ret_key, forwarded + strspn(forwarded, " \t"));
    }
}

/* A 304 is a receipt, too: the client holds the bytes of this revision. */
static void receipt_note(const struct visit *visit)
{
    struct router *router = visit->router;
    const struct route_request *request = &visit->request;
    const char *scope = feed_scope_name((enum feed_scope)visit->argument);
    struct receipt seen = {.family = client_family_of(header_of(visit->connection, "User-Agent"))};
    if (strlen(request->id) > LIMIT_ID_BYTES) {
        return;
    }
    memcpy(seen.scope, scope, strnlen(scope, sizeof seen.scope - 1));
    memcpy(seen.target, request->id, strlen(request->id));
    if (visit->token != NULL) {
        memcpy(seen.token, visit->token->hash, sizeof seen.token - 1);
    } else {
        struct client_key client;
        client_key_read(visit->connection, &client);
        seen.client = client_mark(&client, seen.scope, seen.target);
    }
    receipt_book_note(&router->receipts, &seen, router->clock.now_s(router->clock.context),
                      router->published->timetable->revision);
}

static enum MHD_Result reply_send(struct MHD_Connection *connection, struct reply *reply)
{
    const struct reply_request conditions = {
        .if_none_match = header_of(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
        .if_modified_since = header_of(connection, MHD_HTTP_HEADER_IF_MODIFIED_SINCE),
        .accept_encoding = header_of(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING),
        .user_agent = header_of(connection, MHD_HTTP_HEADER_USER_AGENT)};
    return reply_queue(reply, connection, &conditions);
}

static enum MHD_Result refuse(struct MHD_Connection *connection, struct refusal refusal)
{
    const char *language = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "lang");
    refusal.english = language != NULL && strcmp(language, "en") == 0;
    struct reply *reply = refusal_reply(&refusal);
    if (reply == NULL) {
        return MHD_NO; /* out of memory: the connection is closed, nothing half-made is sent */
    }
    enum MHD_Result result = reply_send(connection, reply);
    reply_destroy(reply);
    return result;
}

/* Where programs ask: they get a document even at an address that is none. */
static bool is_machine_path(const char *path)
{
    static const char *const PREFIXES[] = {"/feed/", "/api/", "/sessions/", "/freebusy/", "/assets/"};
    bool found = false;
    for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES && !found; i++) {
        found = strncmp(path, PREFIXES[i], strlen(PREFIXES[i])) == 0;
    }
    return found;
}

enum MHD_Result router_refuse(struct MHD_Connection *connection, const char *path, bool is_page,
                              const struct error *problem)
{
    return refuse(connection, (struct refusal){.path = path,
                                               .is_page = is_page,
                                               .status = refusal_status(problem->code),
                                               .allow = rotation_path(path) ? "POST" : "GET, HEAD",
                                               .problem = problem});
}

enum MHD_Result router_refuse_large(struct MHD_Connection *connection, const char *path)
{
    struct error problem = {0};
    error_set(&problem, ERR_LIMIT, "内容不能超过 %d 字节 / at most %d bytes of content",
              (int)LIMIT_POST_BYTES, (int)LIMIT_POST_BYTES);
    return refuse(connection, (struct refusal){.path = path,
                                               .is_page = true,
                                               .status = MHD_HTTP_CONTENT_TOO_LARGE,
                                               .problem = &problem});
}

/* A worker has made the reply of a request, or the server stops before that. */
static enum MHD_Result errand_answer(struct router *router, struct MHD_Connection *connection,
                                     const char *path, struct errand *errand)
{
    struct published *published = router->published;
    bool is_page = (errand->route->flags & ROUTE_PAGE) != 0;
    enum MHD_Result result = MHD_NO;
    if (errand->state != ERRAND_DONE || errand->reply == NULL) {
        struct error problem = errand->problem;
        if (errand->state != ERRAND_DONE) {
            problem = (struct error){0};
            error_set(&problem, ERR_BUSY, "the server stops");
        }
        result = router_refuse(connection, path, is_page, &problem);
    } else {
        struct reply *reply = errand->reply;
        errand->reply = NULL;
        result = reply_send(connection, reply);
        bool kept = errand->shown.timetable == published->timetable &&
                    errand->shown.today == published->today &&
                    reply_cache_find(&published->replies, errand->address) == NULL &&
                    reply_cache_keep(&published->replies, reply, true);
        if (!kept) {
            reply_destroy(reply);
        }
    }
    *http_server_state(connection) = NULL;
    errand_forget(errand);
    return result;
}

enum MHD_Result router_answer(struct router *router, struct MHD_Connection *connection, const char *method,
                              const char *path)
{
    struct visit visit = {.router = router, .connection = connection, .path = path};
    struct error problem = {0};
    struct reply *reply = NULL;
    bool kept = false;
    bool is_get = strcmp(method, MHD_HTTP_METHOD_GET) == 0;
    void **state = router->errands != NULL ? http_server_state(connection) : NULL;
    struct errand *errand = state != NULL ? errand_of(router->errands, *state) : NULL;
    if (errand != NULL) {
        return errand_answer(router, connection, path, errand);
    }
    visit.route = route_find(path, visit.request.id);
    visit.request.published = router->published;
    visit.request.receipts = &router->receipts;
    if (rotation_path(path)) { /* its POST goes elsewhere: a GET changes nothing */
        error_set(&problem, ERR_USAGE, "只接受 POST / POST only");
    } else if (visit.route == NULL) {
        error_set(&problem, ERR_NOT_FOUND, "没有这个地址 / no such address");
    } else if (!is_get && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
        error_set(&problem, ERR_USAGE, "只接受 GET 与 HEAD / GET and HEAD only");
    } else {
        visit.argument = visit.route->argument;
        reply = reply_find(&visit, &kept, &problem);
    }
    if (visit.waits) {
        return MHD_YES;
    }
    if (reply == NULL) {
        bool is_page = visit.route != NULL ? (visit.route->flags & ROUTE_PAGE) != 0 : !is_machine_path(path);
        return router_refuse(connection, path, is_page, &problem);
    }
    enum MHD_Result result = reply_send(connection, reply);
    if (is_get && result == MHD_YES && (visit.route->flags & ROUTE_FEED) != 0) {
        receipt_note(&visit);
    }
    if (!kept) {
        reply_destroy(reply);
    }
    return result;
}

void router_prepare(struct published *published)
{
    static const char *const SLOW[] = {"/feed/city.ics", "/api/coverage", "/coverage"};
    for (size_t i = 0; i < sizeof SLOW / sizeof SLOW[0]; i++) {
        struct visit visit = {.path = SLOW[i], .request = {.published = published}};
        struct error err = {0};
        char address[ROUTE_ADDRESS_SIZE];
        struct reply *reply = NULL;
        bool kept = false;
        visit.route = route_find(SLOW[i], visit.request.id);
        if (visit.route == NULL) {
            continue;
        }
        visit.argument = visit.route->argument;
        if (address_write(&visit, address) &&
            reply_make(&visit, published, address, &reply, &kept, &err) == ERR_NONE && !kept) {
            reply_destroy(reply);
        }
    }
}
