/* daemon/http_text: see http_text.h. */
#include "daemon/http_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static const char *spaces_skip(const char *at)
{
    return at + strspn(at, " \t");
}

/* The opaque part of a tag without W/ and quotes. */
static const char *tag_core(const char *tag, size_t length, size_t *ret_length)
{
    if (length >= 2 && tag[0] == 'W' && tag[1] == '/') {
        tag += 2;
        length -= 2;
    }
    if (length >= 2 && tag[0] == '"' && tag[length - 1] == '"') {
        tag++;
        length -= 2;
    }
    *ret_length = length;
    return tag;
}

bool etag_matches(const char *header, const char *etag)
{
    size_t wanted_length = 0;
    const char *wanted = tag_core(etag, strlen(etag), &wanted_length);
    const char *at = spaces_skip(header);
    if (wanted_length == 0) {
        return false;
    }
    while (*at != '\0') {
        size_t length = strcspn(at, ",");
        size_t trimmed = length;
        while (trimmed > 0 && (at[trimmed - 1] == ' ' || at[trimmed - 1] == '\t')) {
            trimmed--;
        }
        size_t core_length = 0;
        const char *core = tag_core(at, trimmed, &core_length);
        if ((trimmed == 1 && at[0] == '*') ||
            (core_length == wanted_length && memcmp(core, wanted, core_length) == 0)) {
            return true;
        }
        at += length;
        at = spaces_skip(*at == ',' ? at + 1 : at);
    }
    return false;
}

void http_date_format(int64_t seconds, char ret_text[HTTP_DATE_SIZE])
{
    static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int64_t last = 253402300799; /* 9999-12-31T23:59:59Z */
    time_t when = (time_t)(seconds < 0 ? 0 : seconds < last ? seconds : last);
    struct tm tm = {0};
    gmtime_r(&when, &tm);
    snprintf(ret_text, HTTP_DATE_SIZE, "%s, %02d %s %04d %02d:%02d:%02d GMT", DAYS[tm.tm_wday], tm.tm_mday,
             MONTHS[tm.tm_mon], (tm.tm_year + 1900) % 10000, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

bool http_date_parse(const char *text, int64_t *ret_seconds)
{
    static const char *const FORMS[] = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                        "%a %b %d %H:%M:%S %Y"};
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        struct tm tm = {0};
        const char *end = strptime(text, FORMS[i], &tm);
        if (end != NULL && *spaces_skip(end) == '\0') {
            *ret_seconds = (int64_t)timegm(&tm);
            return true;
        }
    }
    return false;
}

bool accepts_gzip(const char *accept_encoding)
{
    const char *at = accept_encoding;
    while (at != NULL && *at != '\0') {
        at = spaces_skip(at);
        size_t length = strcspn(at, ",");
        size_t name = strcspn(at, ",; \t");
        if ((name == 4 && strncasecmp(at, "gzip", 4) == 0) ||
            (name == 6 && strncasecmp(at, "x-gzip", 6) == 0)) {
            const char *weight = memchr(at, '=', length);
            return weight == NULL || strtod(weight + 1, NULL) > 0.0;
        }
        at += length;
        at += *at == ',';
    }
    return false;
}

static int hex_value(char digit)
{
    return digit >= '0' && digit <= '9'   ? digit - '0'
           : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
           : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                          : -1;
}

/* The byte that the escape at `at` stands for, or -1. */
static int escape_value(const char *at)
{
    int high = at[0] == '%' ? hex_value(at[1]) : -1;
    int low = high >= 0 ? hex_value(at[2]) : -1;
    return low >= 0 ? high * 16 + low : -1;
}

size_t url_decode(char *text)
{
    size_t length = strcspn(text, "%"); /* most have none */
    for (const char *at = text + length; *at != '\0';) {
        int value = escape_value(at);
        bool decode = value > 0 && value != '/';
        text[length++] = decode ? (char)value : *at;
        at += decode ? 3 : 1;
    }
    text[length] = '\0';
    return length;
}

void url_decode_slashes(char *segment)
{
    size_t length = 0;
    for (const char *at = segment; *at != '\0';) {
        bool decode = escape_value(at) == '/';
        segment[length++] = decode ? '/' : *at;
        at += decode ? 3 : 1;
    }
    segment[length] = '\0';
}
