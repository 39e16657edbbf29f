/* daemon/refusal: see refusal.h. */
#include "daemon/refusal.h"

#include "base/limits.h"
#include "base/log.h"
#include "daemon/html.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

unsigned refusal_status(enum error_code code)
{
    switch (code) {
    case ERR_NONE:
        return MHD_HTTP_OK;
    case ERR_NOT_FOUND:
        return MHD_HTTP_NOT_FOUND;
    case ERR_INPUT:
        return MHD_HTTP_BAD_REQUEST;
    case ERR_USAGE:
        return MHD_HTTP_METHOD_NOT_ALLOWED;
    case ERR_STALE:
        return MHD_HTTP_GONE;
    case ERR_LIMIT:
    case ERR_BUSY:
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    default:
        return MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
}

/* The sentences of error codes are about data and databases; a reader of a page asked for an address. */
static const struct title {
    unsigned status;
    const char *zh, *en;
} TITLES[] = {
    {MHD_HTTP_BAD_REQUEST, "请求有误", "not a usable request"},
    {MHD_HTTP_NOT_FOUND, "未找到", "not found"},
    {MHD_HTTP_METHOD_NOT_ALLOWED, "此地址不能这样请求", "method not allowed"},
    {MHD_HTTP_GONE, "此地址已停用", "no longer in use"},
    {MHD_HTTP_CONTENT_TOO_LARGE, "内容太大", "content too large"},
    {MHD_HTTP_SERVICE_UNAVAILABLE, "暂时不能回答，请稍后再试", "not available now, please try again later"},
    {MHD_HTTP_INTERNAL_SERVER_ERROR, "程序出错", "something went wrong"},
};

static const struct title *title_of(unsigned status)
{
    size_t at = 0;
    while (TITLES[at].status != status && TITLES[at].status != MHD_HTTP_INTERNAL_SERVER_ERROR) {
        at++;
    }
    return &TITLES[at];
}

/* Seconds until asking again is of use (RFC 9110, 10.2.3): a worker or a lock is soon free, memory for
 * variants is not. */
static const char *retry_after_of(const struct refusal *refusal)
{
    if (refusal->status != MHD_HTTP_SERVICE_UNAVAILABLE) {
        return NULL;
    }
    return refusal->problem->code == ERR_LIMIT ? "3600" : "5";
}

/* What went wrong inside is for the log only. */
static void detail_add(struct text *out, const struct refusal *refusal)
{
    if (refusal->status < MHD_HTTP_INTERNAL_SERVER_ERROR) {
        text_add(out, refusal->problem->text);
    } else if (refusal->status == MHD_HTTP_SERVICE_UNAVAILABLE) {
        text_add(out, "请求太多，请稍后再试 / too many requests, please try again later");
    } else {
        text_add(out, "详情见服务器日志 / the server's log has the details");
    }
}

static void document_write(struct text *out, const struct refusal *refusal, const char *detail)
{
    char title[128];
    const struct title *words = title_of(refusal->status);
    snprintf(title, sizeof title, "%s / %s", words->zh, words->en);
    text_addf(out, "{\"status\":%u,\"title\":", refusal->status);
    text_add_json(out, title);
    text_add(out, ",\"detail\":");
    text_add_json(out, detail);
    text_add(out, "}\n");
}

static void log_write(const struct refusal *refusal)
{
    bool secret = strstr(refusal->path, "/secret/") != NULL || strncmp(refusal->path, "/i/", 3) == 0;
    if (refusal->status >= MHD_HTTP_INTERNAL_SERVER_ERROR) { /* a secret address does not go into the log */
        log_line(LOG_LEVEL_ERROR, "%.200s: %s", secret ? "a secret address" : refusal->path,
                 refusal->problem->text);
    }
}

struct reply *refusal_reply(const struct refusal *refusal)
{
    struct reply_draft draft = {.status = refusal->status,
                                .cache_control = "no-store",
                                .content_type = refusal->is_page ? HTML_TYPE : "application/problem+json",
                                .allow =
                                    refusal->status == MHD_HTTP_METHOD_NOT_ALLOWED ? refusal->allow : NULL,
                                .retry_after = retry_after_of(refusal)};
    struct reply *reply = NULL;
    struct error err = {0};
    struct text detail;
    const struct title *title = title_of(refusal->status);
    log_write(refusal);
    text_init(&draft.body, LIMIT_PAGE_BYTES);
    text_init(&detail, LIMIT_NOTE_BYTES * 2);
    detail_add(&detail, refusal);
    if (refusal->is_page) {
        html_problem(&draft.body, refusal->status, refusal->english,
                     word(refusal->english, title->zh, title->en), text_string(&detail));
    } else {
        document_write(&draft.body, refusal, text_string(&detail));
    }
    if (reply_create("", &draft, &reply, &err) != ERR_NONE) {
        log_line(LOG_LEVEL_ERROR, "%.200s: %s", "a refusal", err.text);
    }
    text_finish(&detail);
    text_finish(&draft.body);
    return reply;
}
