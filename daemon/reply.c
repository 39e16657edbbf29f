/* daemon/reply: see reply.h. */
#include "daemon/reply.h"

#include "base/limits.h"
#include "daemon/http_server.h"
#include "daemon/http_text.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

/* What libmicrohttpd and the allocator take for one reply beside its body: four responses of eight headers.
 */
enum {
    REPLY_OVERHEAD_BYTES = 6000,
    /* Below this gzip saves no packet. */
    PACK_MIN_BYTES = 512,
    /* A feed without a file is copied into one piece up to here, a larger one is sent from where its events
     * lie. */
    FLAT_MAX_BYTES = 64 * 1024,
    /* A piece of a large one on its way. */
    BLOCK_BYTES = 64 * 1024
};

/* What a reply sends; belongs to it and to its full response, which may be on its way when the reply is gone.
 */
struct reply_body {
    atomic_uint references;
    char *bytes;           /* owned; NULL: only the feed */
    struct feed_body feed; /* owned; count 0: only the bytes */
    size_t length;
};

/* Descriptors are the process's, so is their count. */
static atomic_int files_open;

static void body_unref(void *context)
{
    struct reply_body *body = context;
    if (body != NULL && atomic_fetch_sub_explicit(&body->references, 1, memory_order_acq_rel) == 1) {
        free(body->bytes);
        feed_body_finish(&body->feed);
        free(body);
    }
}

/* Takes the draft's body or feed; NULL: out of memory. */
static struct reply_body *body_take(struct reply_draft *draft)
{
    struct reply_body *body = calloc(1, sizeof *body);
    if (body == NULL) {
        return NULL;
    }
    atomic_init(&body->references, 1);
    if (draft->feed.count > 0) {
        body->feed = draft->feed;
        body->length = draft->feed.length;
        draft->feed = (struct feed_body){0};
        return body;
    }
    body->length = draft->body.length;
    body->bytes = text_take(&draft->body);
    if (body->bytes == NULL) {
        body_unref(body);
        return NULL;
    }
    return body;
}

static ssize_t block_read(void *context, uint64_t at, char *ret_bytes, size_t max)
{
    const struct reply_body *body = context;
    size_t count = feed_body_read(&body->feed, (size_t)at, ret_bytes, max);
    return count > 0 ? (ssize_t)count : MHD_CONTENT_READER_END_OF_STREAM;
}

/* A strong tag is a digest of the bytes, or of the digests of their parts: equal tags mean equal bytes, and
 * the same bytes made again, on any machine and after any restart, have the same tag. */
static void etag_write(const unsigned char digest[FEED_DIGEST_SIZE], const char *suffix,
                       char ret_etag[ETAG_SIZE])
{
    char hex[2 * FEED_DIGEST_SIZE + 1];
    sodium_bin2hex(hex, sizeof hex, digest, FEED_DIGEST_SIZE);
    snprintf(ret_etag, ETAG_SIZE, "\"%s%s\"", hex, suffix);
}

static void digest_take(const struct reply_draft *draft, unsigned char ret_digest[FEED_DIGEST_SIZE])
{
    if (draft->feed.count > 0) {
        memcpy(ret_digest, draft->feed.digest, FEED_DIGEST_SIZE);
    } else {
        crypto_generichash(ret_digest, FEED_DIGEST_SIZE, (const unsigned char *)text_string(&draft->body),
                           draft->body.length, NULL, 0);
    }
}

/* The headers that a 304 carries, too: RFC 9110 §15.4.5. */
static void validators_add(struct MHD_Response *response, const struct reply *reply, const char *etag)
{
    MHD_add_response_header(response, "Cache-Control", reply->cache_control);
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (etag[0] != '\0') {
        MHD_add_response_header(response, "ETag", etag);
    }
    if (reply->last_modified > 0) {
        char date[HTTP_DATE_SIZE];
        http_date_format(reply->last_modified, date);
        MHD_add_response_header(response, "Last-Modified", date);
    }
}

#define CONTENT_POLICY                                                                                       \
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "            \
    "frame-ancestors 'none'"

static void body_headers_add(struct MHD_Response *response, const struct reply *reply)
{
    MHD_add_response_header(response, "Content-Type", reply->content_type);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (strncmp(reply->content_type, "text/html", 9) == 0) { /* what no browser draws needs no rules */
        MHD_add_response_header(response, "Content-Security-Policy",
                                reply->runs_scripts ? CONTENT_POLICY "; script-src 'self'; connect-src 'self'"
                                                    : CONTENT_POLICY);
        /* An address may be a secret: it does not go along to other sites. */
        MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    }
    if (reply->allow != NULL) {
        MHD_add_response_header(response, "Allow", reply->allow);
    }
    if (reply->retry_after != NULL) {
        MHD_add_response_header(response, "Retry-After", reply->retry_after);
    }
    if (reply->filename[0] != '\0') {
        char disposition[REPLY_FILENAME_SIZE + 32];
        snprintf(disposition, sizeof disposition, "%s; filename=\"%s\"",
                 reply->attachment ? "attachment" : "inline", reply->filename);
        MHD_add_response_header(response, "Content-Disposition", disposition);
        /* Search engines may fetch a feed (robots.txt allows it for calendars) but shall not list it. */
        MHD_add_response_header(response, "X-Robots-Tag", "noindex");
    }
}

static struct MHD_Response *full_dress(struct MHD_Response *response, const struct reply *reply,
                                       const char *etag)
{
    if (response != NULL) {
        validators_add(response, reply, etag);
        body_headers_add(response, reply);
    }
    return response;
}

/* From the heap; holds a reference on the body. */
static struct MHD_Response *heap_response(struct reply_body *body)
{
    struct MHD_Response *response = NULL;
    if (body->bytes == NULL && body->length <= FLAT_MAX_BYTES) {
        body->bytes = malloc(body->length);
        if (body->bytes != NULL) {
            feed_body_read(&body->feed, 0, body->bytes, body->length);
        }
    }
    atomic_fetch_add_explicit(&body->references, 1, memory_order_relaxed);
    if (body->bytes != NULL) {
        response = MHD_create_response_from_buffer_with_free_callback_cls(body->length, body->bytes,
                                                                          body_unref, body);
    } else {
        response = MHD_create_response_from_callback(body->length, BLOCK_BYTES, block_read, body, body_unref);
    }
    if (response == NULL) {
        body_unref(body);
    }
    return response;
}

/* Connections come first: their share of the descriptors is never touched. */
static bool file_allowed(void)
{
    struct rlimit limit;
    rlim_t reserved = LIMIT_CONNECTIONS + LIMIT_OTHER_FILES;
    int open = atomic_load(&files_open);
    return open < LIMIT_REPLY_FILES && getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
           limit.rlim_cur > reserved + (rlim_t)open;
}

static bool file_fill(int file, const struct feed_body *feed)
{
    char block[BLOCK_BYTES];
    size_t at = 0;
    while (at < feed->length) {
        size_t size = feed_body_read(feed, at, block, sizeof block);
        ssize_t written = write(file, block, size);
        if (written <= 0) {
            return false;
        }
        at += (size_t)written;
    }
    return true;
}

/* A feed as a file in memory, which sendfile(2) sends without copying: a body on the heap is copied into the
 * socket for each request, which costs twice as much where other programs keep the caches busy
 * (docs/benchmarks.md). NULL: from the heap, then. */
static struct MHD_Response *file_response(const struct reply_body *body)
{
    if (body->feed.count == 0 || body->length > LIMIT_FEED_BYTES || !file_allowed()) {
        return NULL;
    }
    int file = memfd_create("litang-feed", MFD_CLOEXEC);
    if (file < 0) {
        return NULL;
    }
    struct MHD_Response *response =
        file_fill(file, &body->feed) ? MHD_create_response_from_fd(body->length, file) : NULL;
    if (response == NULL) {
        close(file);
    } else {
        atomic_fetch_add(&files_open, 1);
    }
    return response;
}

bool reply_dress(struct reply *reply)
{
    struct MHD_Response *response = reply->forms[FORM_PLAIN].full;
    if (response != NULL) {
        return true;
    }
    response = file_response(reply->body);
    reply->from_file = response != NULL;
    response = response != NULL ? response : heap_response(reply->body);
    reply->forms[FORM_PLAIN].full = full_dress(response, reply, reply->forms[FORM_PLAIN].etag);
    return response != NULL;
}

static bool may_pack(const struct reply *reply)
{
    size_t length = reply->forms[FORM_PLAIN].length;
    return reply->status == MHD_HTTP_OK && length >= PACK_MIN_BYTES && length <= LIMIT_GZIP_BYTES;
}

enum error_code reply_create(const char *address, struct reply_draft *draft, struct reply **ret_reply,
                             struct error *err)
{
    enum error_code code = text_status(&draft->body, err);
    unsigned char digest[FEED_DIGEST_SIZE];
    if (code != ERR_NONE) {
        return code;
    }
    struct reply *reply = calloc(1, sizeof *reply);
    if (reply == NULL || (reply->address = strdup(address)) == NULL) {
        goto no_memory;
    }
    digest_take(draft, digest);
    reply->body = body_take(draft);
    if (reply->body == NULL) {
        goto no_memory;
    }
    reply->status = draft->status;
    reply->last_modified = draft->last_modified;
    reply->content_type = draft->content_type;
    reply->cache_control = draft->cache_control;
    reply->allow = draft->allow;
    reply->retry_after = draft->retry_after;
    reply->attachment = draft->attachment;
    reply->runs_scripts = draft->runs_scripts;
    memcpy(reply->filename, draft->filename, sizeof reply->filename);
    reply->forms[FORM_PLAIN].length = reply->body->length;
    if (reply->status == MHD_HTTP_OK) {
        etag_write(digest, "", reply->forms[FORM_PLAIN].etag);
    }
    if (may_pack(reply)) { /* known without packing, so that a 304 costs none */
        etag_write(digest, "-gz", reply->forms[FORM_PACKED].etag);
    }
    if (reply->body->feed.count == 0 && !reply_dress(reply)) {
        goto no_memory;
    }
    *ret_reply = reply;
    return ERR_NONE;

no_memory:
    reply_destroy(reply);
    return error_set(err, ERR_MEMORY, "a reply: out of memory");
}

void reply_destroy(struct reply *reply)
{
    if (reply == NULL) {
        return;
    }
    for (size_t form = 0; form < FORM_COUNT; form++) {
        if (reply->forms[form].full != NULL) {
            MHD_destroy_response(reply->forms[form].full);
        }
        if (reply->forms[form].unchanged != NULL) {
            MHD_destroy_response(reply->forms[form].unchanged);
        }
    }
    atomic_fetch_sub(&files_open, reply->from_file ? 1 : 0);
    body_unref(reply->body);
    free(reply->address);
    free(reply);
}

size_t reply_bytes(const struct reply *reply)
{
    size_t length = reply->body->length;
    const struct feed_body *feed = &reply->body->feed;
    size_t pieces = feed->count > 0 ? feed->own.capacity + feed->capacity * sizeof *feed->pieces : 0;
    size_t held = pieces + (length <= LIMIT_FEED_BYTES || feed->count == 0 ? length : BLOCK_BYTES);
    return REPLY_OVERHEAD_BYTES + held + (may_pack(reply) ? length / 2 : 0);
}

/* Everything from `bytes` into the stream, the last of it if `last`. The stream has room for all. */
static bool deflate_add(z_stream *stream, const char *bytes, size_t length, bool last)
{
    stream->next_in = (Bytef *)(uintptr_t)bytes; /* zlib reads only */
    stream->avail_in = (uInt)length;
    return deflate(stream, last ? Z_FINISH : Z_NO_FLUSH) == (last ? Z_STREAM_END : Z_OK);
}

static bool deflate_body(z_stream *stream, const struct reply_body *body)
{
    if (body->bytes != NULL) {
        return deflate_add(stream, body->bytes, body->length, true);
    }
    size_t at = 0;
    bool done = true;
    for (size_t i = 0; i < body->feed.count && done; i++) {
        const struct feed_piece *piece = &body->feed.pieces[i];
        done = deflate_add(stream, piece->bytes, piece->end - at, i + 1 == body->feed.count);
        at = piece->end;
    }
    return done;
}

/* gzip (RFC 1952) with a zero time stamp, so that equal bytes stay equal. NULL when it fails or does not
 * help. */
static char *gzip(const struct reply_body *body, size_t *ret_length)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return NULL;
    }
    uLong bound = deflateBound(&stream, (uLong)body->length);
    char *packed = malloc(bound);
    if (packed != NULL) {
        stream.next_out = (Bytef *)packed;
        stream.avail_out = (uInt)bound;
        if (!deflate_body(&stream, body) || stream.total_out >= body->length) {
            free(packed);
            packed = NULL;
        } else {
            *ret_length = stream.total_out;
        }
    }
    deflateEnd(&stream);
    if (packed != NULL) {
        char *fitted = realloc(packed, *ret_length); /* the bound is as long as the body */
        packed = fitted != NULL ? fitted : packed;
    }
    return packed;
}

/* False: this reply has no packed form after all. */
static bool reply_pack(struct reply *reply)
{
    if (reply->forms[FORM_PACKED].full != NULL) {
        return true;
    }
    size_t length = 0;
    char *packed = gzip(reply->body, &length);
    struct MHD_Response *full =
        packed != NULL ? MHD_create_response_from_buffer(length, packed, MHD_RESPMEM_MUST_FREE) : NULL;
    if (full == NULL) {
        free(packed);
        reply->forms[FORM_PACKED].etag[0] = '\0';
        return false;
    }
    full_dress(full, reply, reply->forms[FORM_PACKED].etag);
    MHD_add_response_header(full, "Content-Encoding", "gzip");
    reply->forms[FORM_PACKED].full = full;
    reply->forms[FORM_PACKED].length = length;
    return true;
}

/* A gzip body broke URL subscriptions in Outlook and Exchange (docs/http.md). */
static bool wants_gzip(const struct reply_request *request)
{
    static const char *const DEAF[] = {"Outlook", "Exchange", "Microsoft Office"};
    for (size_t i = 0; request->user_agent != NULL && i < sizeof DEAF / sizeof DEAF[0]; i++) {
        if (strstr(request->user_agent, DEAF[i]) != NULL) {
            return false;
        }
    }
    return accepts_gzip(request->accept_encoding);
}

struct reply_choice reply_choose(const struct reply *reply, const struct reply_request *request)
{
    bool packed = reply->forms[FORM_PACKED].etag[0] != '\0' && wants_gzip(request);
    struct reply_choice choice = {.form = packed ? FORM_PACKED : FORM_PLAIN};
    int64_t since = 0;
    if (reply->status != MHD_HTTP_OK) {
        return choice;
    }
    if (request->if_none_match == NULL) {
        choice.unchanged = request->if_modified_since != NULL && reply->last_modified > 0 &&
                           http_date_parse(request->if_modified_since, &since) &&
                           reply->last_modified <= since;
        return choice;
    }
    const enum reply_form order[] = {choice.form, packed ? FORM_PLAIN : FORM_PACKED};
    for (size_t i = 0; i < FORM_COUNT && !choice.unchanged; i++) {
        if (etag_matches(request->if_none_match, reply->forms[order[i]].etag)) {
            choice = (struct reply_choice){.form = order[i], .unchanged = true};
        }
    }
    return choice;
}

static enum MHD_Result unchanged_queue(struct reply *reply, enum reply_form form,
                                       struct MHD_Connection *connection)
{
    struct MHD_Response **unchanged = &reply->forms[form].unchanged;
    if (*unchanged == NULL) {
        static char nothing[1];
        *unchanged = MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
        if (*unchanged == NULL) {
            return MHD_NO;
        }
        validators_add(*unchanged, reply, reply->forms[form].etag);
    }
    return MHD_queue_response(connection, MHD_HTTP_NOT_MODIFIED, *unchanged);
}

enum MHD_Result reply_queue(struct reply *reply, struct MHD_Connection *connection,
                            const struct reply_request *request)
{
    struct reply_choice choice = reply_choose(reply, request);
    if (choice.unchanged) {
        return unchanged_queue(reply, choice.form, connection);
    }
    if (choice.form == FORM_PACKED && reply_pack(reply)) {
        return MHD_queue_response(connection, reply->status, reply->forms[FORM_PACKED].full);
    }
    if (!reply_dress(reply)) {
        return MHD_NO;
    }
    if (reply->from_file) {
        http_server_cork(connection);
    }
    return MHD_queue_response(connection, reply->status, reply->forms[FORM_PLAIN].full);
}
