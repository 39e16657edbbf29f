/* daemon/fetch: see fetch.h. */
#include "daemon/fetch.h"

#include "base/limits.h"
#include "base/text.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

struct transfer {
    const struct fetch_request *request;
    struct fetch_answer *answer;
    struct text body;
    bool is_private; /* a connection to such an address was refused */
    char trouble[CURL_ERROR_SIZE];
};

static void outcome_set(struct fetch_answer *answer, enum fetch_outcome outcome, const char *zh,
                        const char *en)
{
    answer->outcome = outcome;
    (void)snprintf(answer->zh, sizeof answer->zh, "%s", zh);
    (void)snprintf(answer->en, sizeof answer->en, "%s", en);
}

static bool has_scheme(const char *source, const char *scheme)
{
    return strncasecmp(source, scheme, strlen(scheme)) == 0;
}

/* --- what curl calls --- */

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = context;
    if (purpose != CURLSOCKTYPE_IPCXN ||
        (!transfer->request->allow_private && !fetch_address_public(&address->addr))) {
        transfer->is_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    text_add_bytes(&transfer->body, bytes, size * count);
    return transfer->body.failed == ERR_NONE ? size * count : 0; /* fewer: curl gives up */
}

static void mark_take(const char *line, size_t length, const char *name, char ret_mark[FETCH_MARK_SIZE])
{
    size_t skip = strlen(name);
    if (length <= skip || strncasecmp(line, name, skip) != 0) {
        return;
    }
    while (skip < length && (line[skip] == ' ' || line[skip] == '\t')) {
        skip++;
    }
    while (length > skip && (unsigned char)line[length - 1] <= ' ') {
        length--;
    }
    if (length - skip < FETCH_MARK_SIZE) {
        memcpy(ret_mark, line + skip, length - skip);
        ret_mark[length - skip] = '\0';
    }
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t length = size * count;
    if (length > 5 && strncasecmp(bytes, "HTTP/", 5) == 0) { /* of each redirect */
        transfer->answer->etag[0] = '\0';
        transfer->answer->last_modified[0] = '\0';
        text_clear(&transfer->body);
    }
    mark_take(bytes, length, "ETag:", transfer->answer->etag);
    mark_take(bytes, length, "Last-Modified:", transfer->answer->last_modified);
    return length;
}

static int on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up_now)
{
    const struct transfer *transfer = context;
    (void)total;
    (void)now;
    (void)up_total;
    (void)up_now;
    const bool *cancel = transfer->request->cancel;
    return cancel != NULL && __atomic_load_n(cancel, __ATOMIC_RELAXED) ? 1 : 0;
}

/* --- one transfer --- */

static void curl_begin(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static struct curl_slist *headers_make(const struct fetch_request *request)
{
    char line[FETCH_MARK_SIZE + 32];
    struct curl_slist *list = curl_slist_append(NULL, "Accept: text/calendar, text/plain;q=0.8, */*;q=0.1");
    struct curl_slist *grown = list;
    if (request->etag != NULL && *request->etag != '\0' && grown != NULL) {
        (void)snprintf(line, sizeof line, "If-None-Match: %s", request->etag);
        grown = curl_slist_append(list, line);
    }
    if (request->last_modified != NULL && *request->last_modified != '\0' && grown != NULL) {
        (void)snprintf(line, sizeof line, "If-Modified-Since: %s", request->last_modified);
        grown = curl_slist_append(list, line);
    }
    if (grown == NULL) {
        curl_slist_free_all(list);
    }
    return grown;
}

static CURLcode options_set(CURL *curl, struct transfer *transfer, struct curl_slist *headers)
{
    const char *source = transfer->request->source;
    bool is_secure = has_scheme(source, "https:");
    const struct {
        CURLoption option;
        const char *value;
    } texts[] = {{CURLOPT_URL, source},
                 {CURLOPT_PROTOCOLS_STR, "http,https"},
                 {CURLOPT_REDIR_PROTOCOLS_STR, is_secure ? "https" : "http,https"},
                 {CURLOPT_PROXY, ""},
                 {CURLOPT_NOPROXY, "*"},
                 {CURLOPT_ACCEPT_ENCODING, ""},
                 {CURLOPT_USERAGENT, "litang/" LITANG_VERSION}};
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {{CURLOPT_FOLLOWLOCATION, 1},
                   {CURLOPT_MAXREDIRS, LIMIT_FETCH_REDIRECTS},
                   {CURLOPT_TIMEOUT_MS, LIMIT_FETCH_MS},
                   {CURLOPT_CONNECTTIMEOUT_MS, LIMIT_FETCH_CONNECT_MS},
                   {CURLOPT_NOSIGNAL, 1},
                   {CURLOPT_QUICK_EXIT, 1},
                   {CURLOPT_NOPROGRESS, 0}};
    CURLcode code = CURLE_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && code == CURLE_OK; i++) {
        code = curl_easy_setopt(curl, texts[i].option, texts[i].value);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && code == CURLE_OK; i++) {
        code = curl_easy_setopt(curl, numbers[i].option, numbers[i].value);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)LIMIT_ICS_BYTES);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->trouble);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
    }
    if (code == CURLE_OK) {
        code = curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    }
    return code == CURLE_OK ? curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer) : code;
}

/* What a status says; 200 with a body is the only good news. */
static void status_judge(struct transfer *transfer)
{
    struct fetch_answer *answer = transfer->answer;
    char zh[FETCH_TEXT_SIZE];
    char en[FETCH_TEXT_SIZE];
    if (answer->status == 304) {
        outcome_set(answer, FETCH_UNCHANGED, "没有变化", "unchanged");
    } else if (answer->status == 404 || answer->status == 410) {
        (void)snprintf(zh, sizeof zh, "日历已不在此地址（HTTP %ld）；请向日历的主人要新地址", answer->status);
        (void)snprintf(en, sizeof en,
                       "the calendar is no longer there (HTTP %ld); ask its owner for the new address",
                       answer->status);
        outcome_set(answer, FETCH_GONE, zh, en);
    } else if (answer->status == 200 && transfer->body.length == 0) {
        outcome_set(answer, FETCH_FAILED, "服务器答复是空的；以前读到的都保留",
                    "the server's answer is empty; what was read before is kept");
    } else if (answer->status == 200) {
        outcome_set(answer, FETCH_BODY, "", "");
    } else {
        (void)snprintf(zh, sizeof zh, "服务器答复 HTTP %ld，没有给出日历", answer->status);
        (void)snprintf(en, sizeof en, "the server answers HTTP %ld and gives no calendar", answer->status);
        outcome_set(answer, FETCH_FAILED, zh, en);
    }
}

static void failure_judge(struct transfer *transfer, CURLcode code)
{
    struct fetch_answer *answer = transfer->answer;
    char zh[FETCH_TEXT_SIZE];
    char en[FETCH_TEXT_SIZE];
    if (transfer->is_private) {
        outcome_set(
            answer, FETCH_REFUSED, "地址在内网或本机，为安全起见不读取；确需读取请在关注时加 --allow-private",
            "the address is private or this machine itself and is not read, for safety; follow it with "
            "--allow-private if it is meant");
        return;
    }
    if (transfer->body.failed == ERR_LIMIT || code == CURLE_FILESIZE_EXCEEDED) {
        (void)snprintf(zh, sizeof zh, "日历超过 %zu MB", LIMIT_ICS_BYTES >> 20);
        (void)snprintf(en, sizeof en, "the calendar has more than %zu MB", LIMIT_ICS_BYTES >> 20);
        outcome_set(answer, FETCH_FAILED, zh, en);
        return;
    }
    if (code == CURLE_TOO_MANY_REDIRECTS) {
        outcome_set(answer, FETCH_FAILED, "转址太多", "too many redirects");
        return;
    }
    bool is_no_http = strstr(transfer->trouble, "HTTP/0.9") != NULL; /* an answer without a status */
    if ((code == CURLE_UNSUPPORTED_PROTOCOL && !is_no_http) || code == CURLE_URL_MALFORMAT) {
        outcome_set(answer, FETCH_REFUSED, "地址（或它转去的地址）不是 https/http，或从 https 转到了 http",
                    "the address, or one that it redirects to, is not http(s), or goes from https to http");
        return;
    }
    const char *why = transfer->trouble[0] != '\0' ? transfer->trouble : curl_easy_strerror(code);
    (void)snprintf(zh, sizeof zh, "读取失败：%s", why);
    (void)snprintf(en, sizeof en, "it cannot be read: %s", why);
    outcome_set(answer, FETCH_FAILED, zh, en);
}

static enum error_code fetch_network(const struct fetch_request *request, struct fetch_answer *answer,
                                     struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, curl_begin);
    struct transfer transfer = {.request = request, .answer = answer};
    text_init(&transfer.body, LIMIT_ICS_BYTES);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = headers_make(request);
    CURLcode code =
        curl == NULL || headers == NULL ? CURLE_OUT_OF_MEMORY : options_set(curl, &transfer, headers);
    if (code == CURLE_OK) {
        code = curl_easy_perform(curl);
    }
    if (code == CURLE_OK && curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status) == CURLE_OK) {
        status_judge(&transfer);
    } else {
        failure_judge(&transfer, code);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (answer->outcome == FETCH_BODY) {
        answer->length = transfer.body.length;
        answer->body = text_take(&transfer.body);
    }
    bool is_out = code == CURLE_OUT_OF_MEMORY || transfer.body.failed == ERR_MEMORY ||
                  (answer->outcome == FETCH_BODY && answer->body == NULL);
    text_finish(&transfer.body);
    return is_out ? error_set(err, ERR_MEMORY, "内存不足 (out of memory)") : ERR_NONE;
}

static enum error_code fetch_file(const struct fetch_request *request, struct fetch_answer *answer,
                                  struct error *err)
{
    struct stat about;
    int fd = open(request->source, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        outcome_set(answer, errno == ENOENT ? FETCH_GONE : FETCH_FAILED,
                    errno == ENOENT ? "文件已不在" : "文件无法读取",
                    errno == ENOENT ? "the file is no longer there" : "the file cannot be read");
        return ERR_NONE;
    }
    enum error_code code = ERR_NONE;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        outcome_set(answer, FETCH_REFUSED, "不是普通文件", "not a regular file");
    } else if ((uintmax_t)about.st_size > LIMIT_ICS_BYTES) {
        outcome_set(answer, FETCH_FAILED, "日历文件过大", "the calendar is too large");
    } else if (about.st_size == 0) {
        outcome_set(answer, FETCH_FAILED, "文件是空的；以前读到的都保留",
                    "the file is empty; what was read before is kept");
    } else {
        size_t size = (size_t)about.st_size;
        answer->body = malloc(size + 1);
        ssize_t got = 1;
        while (answer->body != NULL && answer->length < size && got > 0) {
            got = read(fd, answer->body + answer->length, size - answer->length);
            answer->length += got > 0 ? (size_t)got : 0;
        }
        code = answer->body == NULL ? error_set(err, ERR_MEMORY, "内存不足 (out of memory)") : ERR_NONE;
        outcome_set(answer, answer->length > 0 ? FETCH_BODY : FETCH_FAILED, "文件无法读取",
                    "the file cannot be read");
    }
    (void)close(fd);
    return code;
}

enum error_code fetch(const struct fetch_request *request, struct fetch_answer *ret_answer, struct error *err)
{
    *ret_answer = (struct fetch_answer){.outcome = FETCH_FAILED};
    return *request->source == '/' ? fetch_file(request, ret_answer, err)
                                   : fetch_network(request, ret_answer, err);
}

void fetch_finish(struct fetch_answer *answer)
{
    free(answer->body);
    *answer = (struct fetch_answer){0};
}

/* --- sources --- */

static enum error_code source_bad(struct error *err)
{
    return error_set(
        err, ERR_INPUT,
        "要写 https://、http:// 或 webcal:// 开头的地址，或文件名 (an address that begins with https://, "
        "http:// or webcal://, or the name of a file)");
}

enum error_code fetch_source(const char *word, char *ret_source, size_t size, struct error *err)
{
    static const struct {
        const char *from, *to;
    } SCHEMES[] = {{"https://", "https://"},
                   {"http://", "http://"},
                   {"webcal://", "https://"},
                   {"webcals://", "https://"}};
    char source[LIMIT_FOLLOW_SOURCE_BYTES + 1];
    int length = -1;
    for (const char *at = word; *at != '\0'; at++) {
        bool is_blank = *at == ' ' && strstr(word, "://") != NULL; /* a file's name may hold some */
        if ((unsigned char)*at < ' ' || *at == 0x7F || is_blank) {
            return source_bad(err);
        }
    }
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES && length < 0; i++) {
        if (has_scheme(word, SCHEMES[i].from)) {
            const char *rest = word + strlen(SCHEMES[i].from);
            length = *rest == '\0' || *rest == '/'
                         ? -1
                         : snprintf(source, sizeof source, "%s%s", SCHEMES[i].to, rest);
            if (length < 0) {
                return source_bad(err);
            }
        }
    }
    if (length < 0) {
        const char *name = has_scheme(word, "file://") ? word + 7 : word;
        if (*name == '\0' || strstr(name, "://") != NULL) {
            return source_bad(err);
        }
        char *whole = realpath(name, NULL);
        if (whole == NULL) {
            return error_set(err, ERR_NOT_FOUND, "没有这个文件 (no such file): %s", name);
        }
        length = snprintf(source, sizeof source, "%s", whole);
        free(whole);
    }
    if ((size_t)length >= sizeof source || (size_t)length >= size) {
        return error_set(err, ERR_INPUT, "地址太长 (the address is too long)");
    }
    memcpy(ret_source, source, (size_t)length + 1);
    return ERR_NONE;
}

void fetch_source_shown(const char *source, char *ret_text, size_t size)
{
    const char *host = strstr(source, "://");
    if (host == NULL || *source == '/') {
        (void)snprintf(ret_text, size, "%s", source);
        return;
    }
    host += 3;
    size_t length = strcspn(host, "/?#");
    const char *at = memrchr(host, '@', length);
    length -= at == NULL ? 0 : (size_t)(at + 1 - host);
    host = at == NULL ? host : at + 1;
    (void)snprintf(ret_text, size, "%.*s", (int)length, host);
}
