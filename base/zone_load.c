#include "base/zone.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TZIF_HEADER_SIZE = 44, /* RFC 8536 §3.1 */
    TZIF_COUNTS_AT = 20,
    PATH_SIZE = 512
};

/* zic lists the changes of a regular zone at most up to the last 32-bit second (2038-01-19); where it
 * lists later ones, the footer is not the whole rule. */
static const int64_t REGULAR_UNTIL = INT32_MAX;

static bool tzid_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-';
}

/* Letters and single slashes between them: such a name cannot leave the folder. */
static bool tzid_valid(const char *tzid)
{
    size_t length = tzid == NULL ? 0 : strnlen(tzid, ZONE_TZID_SIZE);
    if (length == 0 || length >= ZONE_TZID_SIZE) {
        return false;
    }
    char before = '/';
    for (size_t i = 0; i < length; i++) {
        if (!tzid_char(tzid[i]) && (tzid[i] != '/' || before == '/')) {
            return false;
        }
        before = tzid[i];
    }
    return before != '/';
}

static enum error_code tzid_check(const char *tzid, struct error *err)
{
    return tzid_valid(tzid)
               ? ERR_NONE
               : error_set(err, ERR_INPUT, "时区名称不可接受 (not an acceptable time zone name)");
}

/* --- The POSIX TZ string, RFC 8536 §3.3.1 --- */

static bool take_char(const char **at, char wanted)
{
    if (**at != wanted) {
        return false;
    }
    (*at)++;
    return true;
}

/* One to three digits. */
static bool take_number(const char **at, int32_t min, int32_t max, int32_t *ret_number)
{
    int32_t number = 0;
    int digits = 0;
    for (; digits < 4 && **at >= '0' && **at <= '9'; digits++, (*at)++) {
        number = number * 10 + (**at - '0');
    }
    *ret_number = number;
    return digits > 0 && digits < 4 && number >= min && number <= max;
}

/* "CST" or "<+0545>", three bytes at least. */
static bool take_name(const char **at, char ret_name[ZONE_NAME_SIZE])
{
    bool quoted = take_char(at, '<');
    size_t length = 0;
    for (; length < ZONE_NAME_SIZE - 1; length++) {
        char c = **at;
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool other = (c >= '0' && c <= '9') || c == '+' || c == '-';
        if (!letter && !(quoted && other)) {
            break;
        }
        ret_name[length] = c;
        (*at)++;
    }
    ret_name[length] = '\0';
    return length >= 3 && (!quoted || take_char(at, '>'));
}

/* [+-]hh[:mm[:ss]] */
static bool take_seconds(const char **at, int32_t hours_max, int32_t *ret_seconds)
{
    bool negative = take_char(at, '-');
    if (!negative) {
        (void)take_char(at, '+');
    }
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    if (!take_number(at, 0, hours_max, &hour) || (take_char(at, ':') && !take_number(at, 0, 59, &minute)) ||
        (take_char(at, ':') && !take_number(at, 0, 59, &second))) {
        return false;
    }
    int32_t seconds = hour * 3600 + minute * 60 + second;
    *ret_seconds = negative ? -seconds : seconds;
    return true;
}

/* ",Mm.w.d[/time]"; the time is 02:00 when absent. */
static bool take_change(const char **at, struct zone_change *ret_change)
{
    int32_t month = 0;
    int32_t week = 0;
    int32_t weekday = 0;
    int32_t second = 2 * 3600;
    if (!take_char(at, ',') || !take_char(at, 'M') || !take_number(at, 1, 12, &month) ||
        !take_char(at, '.') || !take_number(at, 1, 5, &week) || !take_char(at, '.') ||
        !take_number(at, 0, 6, &weekday) || (take_char(at, '/') && !take_seconds(at, 167, &second))) {
        return false;
    }
    *ret_change = (struct zone_change){.month = (uint8_t)month,
                                       .week = (uint8_t)week,
                                       .weekday = (uint8_t)(weekday == 0 ? 7 : weekday),
                                       .second = second};
    return true;
}

static bool take_rule(const char **at, struct zone *zone)
{
    int32_t west_s = 0; /* POSIX counts westwards */
    if (!take_name(at, zone->std_name) || !take_seconds(at, 24, &west_s)) {
        return false;
    }
    zone->std_offset_s = zone->dst_offset_s = -west_s;
    memcpy(zone->dst_name, zone->std_name, sizeof zone->dst_name);
    if (**at == '\0') {
        return true;
    }
    zone->has_dst = true;
    zone->dst_offset_s = zone->std_offset_s + 3600;
    if (!take_name(at, zone->dst_name)) {
        return false;
    }
    if (**at != ',') {
        if (!take_seconds(at, 24, &west_s)) {
            return false;
        }
        zone->dst_offset_s = -west_s;
    }
    return take_change(at, &zone->dst_start) && take_change(at, &zone->dst_end) && **at == '\0';
}

enum error_code zone_parse(const char *tzid, const char *rule, struct zone *ret_zone, struct error *err)
{
    enum error_code code = tzid_check(tzid, err);
    if (code != ERR_NONE) {
        return code;
    }
    struct zone zone = {0};
    (void)snprintf(zone.tzid, sizeof zone.tzid, "%s", tzid);
    const char *at = rule;
    if (rule == NULL || !take_rule(&at, &zone)) {
        return error_set(err, ERR_INPUT, "时区%s的规则不受支持 (time zone %s: unsupported rule)", tzid, tzid);
    }
    *ret_zone = zone;
    return ERR_NONE;
}

/* --- The TZif file, RFC 8536 §3 --- */

struct bytes {
    unsigned char *data;
    size_t length;
};

static enum error_code file_read(int fd, struct bytes *ret_bytes, struct error *err)
{
    /* One byte more than allowed tells "full" from "too long". */
    size_t room = LIMIT_ZONE_BYTES + 1;
    size_t length = 0;
    enum error_code code = ERR_NONE;
    unsigned char *data = malloc(room);
    if (data == NULL) {
        code = ERR_MEMORY;
        (void)error_set(err, code, "out of memory");
        goto fail;
    }
    ssize_t got = 1;
    while (got != 0 && length < room) {
        got = read(fd, data + length, room - length);
        if (got < 0 && errno != EINTR) {
            code = ERR_IO;
            (void)error_set(err, code, "read: %s", strerror(errno));
            goto fail;
        }
        length += got > 0 ? (size_t)got : 0;
    }
    if (length == room) {
        code = ERR_LIMIT;
        (void)error_set(err, code, "more than %zu bytes", LIMIT_ZONE_BYTES);
        goto fail;
    }
    *ret_bytes = (struct bytes){.data = data, .length = length};
    return ERR_NONE;

fail:
    free(data);
    return code;
}

static enum error_code file_open(const char *path, int *ret_fd, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        bool absent = errno == ENOENT || errno == ENOTDIR;
        return error_set(err, absent ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path, strerror(errno));
    }
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        (void)close(fd);
        return error_set(err, ERR_INPUT, "%s: not a file", path);
    }
    *ret_fd = fd;
    return ERR_NONE;
}

static enum error_code bytes_load(const char *path, struct bytes *ret_bytes, struct error *err)
{
    int fd = -1;
    enum error_code code = file_open(path, &fd, err);
    if (code != ERR_NONE) {
        return code;
    }
    code = file_read(fd, ret_bytes, err);
    (void)close(fd);
    if (code != ERR_NONE) {
        (void)error_wrap(err, "%s: ", path);
    }
    return code;
}

static uint32_t read_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
}

static int64_t read_i64(const unsigned char *at)
{
    return (int64_t)((uint64_t)read_u32(at) << 32 | read_u32(at + 4));
}

/* The size of the data block behind a header, and how many changes it lists. */
static bool block_measure(const struct bytes *file, size_t at, size_t time_size, size_t *ret_size,
                          size_t *ret_changes)
{
    if (file->length < TZIF_HEADER_SIZE || at > file->length - TZIF_HEADER_SIZE ||
        memcmp(file->data + at, "TZif", 4) != 0 || file->data[at + 4] < '2') {
        return false;
    }
    size_t counts[6]; /* isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt */
    for (size_t i = 0; i < 6; i++) {
        counts[i] = read_u32(file->data + at + TZIF_COUNTS_AT + 4 * i);
        if (counts[i] > LIMIT_ZONE_BYTES) {
            return false;
        }
    }
    size_t size = counts[3] * (time_size + 1) + counts[4] * 6 + counts[5] + counts[2] * (time_size + 4) +
                  counts[1] + counts[0];
    if (size > file->length - TZIF_HEADER_SIZE - at) {
        return false;
    }
    *ret_size = size;
    *ret_changes = counts[3];
    return true;
}

/* Copies the footer between its two line feeds. */
static bool footer_find(const struct bytes *file, char *ret_footer, size_t footer_size, bool *ret_regular)
{
    size_t size = 0;
    size_t changes = 0;
    if (!block_measure(file, 0, 4, &size, &changes)) {
        return false;
    }
    size_t second = TZIF_HEADER_SIZE + size;
    if (!block_measure(file, second, 8, &size, &changes)) {
        return false;
    }
    const unsigned char *times = file->data + second + TZIF_HEADER_SIZE;
    *ret_regular = changes == 0 || read_i64(times + 8 * (changes - 1)) <= REGULAR_UNTIL;

    size_t start = second + TZIF_HEADER_SIZE + size;
    if (start >= file->length || file->data[start] != '\n') {
        return false;
    }
    start++;
    const unsigned char *end = memchr(file->data + start, '\n', file->length - start);
    size_t length = end == NULL ? 0 : (size_t)(end - (file->data + start));
    if (length == 0 || length >= footer_size) {
        return false;
    }
    memcpy(ret_footer, file->data + start, length);
    ret_footer[length] = '\0';
    return memchr(ret_footer, '\0', length) == NULL;
}

static enum error_code file_parse(const char *tzid, const struct bytes *file, struct zone *ret_zone,
                                  struct error *err)
{
    char footer[128];
    bool regular = false;
    if (!footer_find(file, footer, sizeof footer, &regular)) {
        return error_set(err, ERR_INPUT,
                         "时区%s的数据文件不受支持 (time zone %s: not TZif version 2 with a footer)", tzid,
                         tzid);
    }
    if (!regular) {
        return error_set(err, ERR_INPUT, "时区%s没有固定的换时规则 (time zone %s: no regular rule)", tzid,
                         tzid);
    }
    return zone_parse(tzid, footer, ret_zone, err);
}

enum error_code zone_load_from(const char *folder, const char *tzid, struct zone *ret_zone, struct error *err)
{
    enum error_code code = tzid_check(tzid, err);
    if (code != ERR_NONE) {
        return code;
    }
    char path[PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s/%s", folder, tzid);
    if (length < 0 || (size_t)length >= sizeof path) {
        return error_set(err, ERR_LIMIT, "path of more than %d bytes", PATH_SIZE - 1);
    }
    struct bytes file = {0};
    code = bytes_load(path, &file, err);
    if (code == ERR_NOT_FOUND && strcmp(tzid, "Asia/Shanghai") == 0) {
        return zone_parse(tzid, "CST-8", ret_zone, err);
    }
    if (code != ERR_NONE) {
        (void)error_wrap(err, "时区%s (time zone %s)", tzid, tzid);
        return code;
    }
    code = file_parse(tzid, &file, ret_zone, err);
    free(file.data);
    return code;
}

enum error_code zone_load(const char *tzid, struct zone *ret_zone, struct error *err)
{
    return zone_load_from(ZONE_FOLDER, tzid, ret_zone, err);
}
