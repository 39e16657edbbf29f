/* daemon/reply: see reply.h. */
#include "daemon/reply.h"

#include "base/limits.h"
#include "daemon/http_text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* What libmicrohttpd and the allocator take for one reply beside its body: four responses of eight headers.
 */
enum {
    REPLY_OVERHEAD_BYTES = 6000,
    /* Below this gzip saves no packet. */
    PACK_MIN_BYTES = 512
};

/* A strong tag is a digest of the bytes: equal bytes have equal tags on any machine and after any restart. */
static void etag_compute(const char *bytes, size_t length, const char *suffix, char ret_etag[ETAG_SIZE])
{
    unsigned char digest[16];
    char hex[33];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)bytes, length, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    snprintf(ret_etag, ETAG_SIZE, "\"%s%s\"", hex, suffix);
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

static void body_headers_add(struct MHD_Response *response, const struct reply *reply)
{
    MHD_add_response_header(response, "Content-Type", reply->content_type);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (strncmp(reply->content_type, "text/html", 9) == 0) { /* what no browser draws needs no rules */
        MHD_add_response_header(response, "Content-Security-Policy",
                                "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
                                "form-action 'self'; frame-ancestors 'none'");
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

/* Takes the malloc'd bytes over, also on failure. */
static struct MHD_Response *full_create(const struct reply *reply, char *bytes, size_t length,
                                        const char *etag)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(length, bytes, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(bytes);
        return NULL;
    }
    validators_add(response, reply, etag);
    body_headers_add(response, reply);
    return response;
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
    if (code != ERR_NONE) {
        return code;
    }
    struct reply *reply = calloc(1, sizeof *reply);
    size_t length = draft->body.length;
    char *bytes = text_take(&draft->body);
    if (reply == NULL || bytes == NULL || (reply->address = strdup(address)) == NULL) {
        free(bytes);
        goto no_memory;
    }
    reply->status = draft->status;
    reply->last_modified = draft->last_modified;
    reply->content_type = draft->content_type;
    reply->cache_control = draft->cache_control;
    reply->allow = draft->allow;
    reply->retry_after = draft->retry_after;
    reply->attachment = draft->attachment;
    memcpy(reply->filename, draft->filename, sizeof reply->filename);
    reply->bytes = bytes;
    reply->forms[FORM_PLAIN].length = length;
    if (reply->status == MHD_HTTP_OK) {
        etag_compute(bytes, length, "", reply->forms[FORM_PLAIN].etag);
    }
    if (may_pack(reply)) { /* known without packing, so that a 304 costs none */
        etag_compute(bytes, length, "-gz", reply->forms[FORM_PACKED].etag);
    }
    reply->forms[FORM_PLAIN].full = full_create(reply, bytes, length, reply->forms[FORM_PLAIN].etag);
    if (reply->forms[FORM_PLAIN].full == NULL) {
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
    free(reply->address);
    free(reply);
}

size_t reply_bytes(const struct reply *reply)
{
    size_t length = reply->forms[FORM_PLAIN].length;
    return REPLY_OVERHEAD_BYTES + length + (may_pack(reply) ? length / 2 : 0);
}

/* gzip (RFC 1952) with a zero time stamp, so that equal bytes stay equal. NULL when it fails or does not
 * help. */
static char *gzip(const char *bytes, size_t length, size_t *ret_length)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return NULL;
    }
    uLong bound = deflateBound(&stream, (uLong)length);
    char *packed = malloc(bound);
    if (packed != NULL) {
        stream.next_in = (Bytef *)(uintptr_t)bytes; /* zlib reads only */
        stream.avail_in = (uInt)length;
        stream.next_out = (Bytef *)packed;
        stream.avail_out = (uInt)bound;
        if (deflate(&stream, Z_FINISH) != Z_STREAM_END || stream.total_out >= length) {
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
    char *packed = gzip(reply->bytes, reply->forms[FORM_PLAIN].length, &length);
    struct MHD_Response *full =
        packed != NULL ? full_create(reply, packed, length, reply->forms[FORM_PACKED].etag) : NULL;
    if (full == NULL) {
        reply->forms[FORM_PACKED].etag[0] = '\0';
        return false;
    }
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
    bool packed = choice.form == FORM_PACKED && reply_pack(reply);
    return MHD_queue_response(connection, reply->status,
                              reply->forms[packed ? FORM_PACKED : FORM_PLAIN].full);
}
