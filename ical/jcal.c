#include "ical/jcal.h"

#include "base/limits.h"
#include "ical/safe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    DEPTH_MAX = 8,
    NAME_SIZE = 64
};

enum form {
    FORM_TEXT, /* unescaped */
    FORM_TEXTS,
    FORM_RAW, /* as it stands: URIs, durations, what RFC 7265 §5 calls unknown */
    FORM_INTEGER,
    FORM_TIME,
    FORM_OFFSET,
    FORM_GEO,
    FORM_PERIODS,
    FORM_RECUR
};

/* The properties that litang writes; all others are "unknown", RFC 7265 §5.1. */
static const struct {
    const char *name, *type;
    enum form form;
} PROPERTIES[] = {
    {"VERSION", "text", FORM_TEXT},
    {"PRODID", "text", FORM_TEXT},
    {"CALSCALE", "text", FORM_TEXT},
    {"METHOD", "text", FORM_TEXT},
    {"NAME", "text", FORM_TEXT},
    {"REFRESH-INTERVAL", "duration", FORM_RAW},
    {"COLOR", "text", FORM_TEXT},
    {"SOURCE", "uri", FORM_RAW},
    {"URL", "uri", FORM_RAW},
    {"UID", "text", FORM_TEXT},
    {"DTSTAMP", "date-time", FORM_TIME},
    {"CREATED", "date-time", FORM_TIME},
    {"LAST-MODIFIED", "date-time", FORM_TIME},
    {"DTSTART", "date-time", FORM_TIME},
    {"DTEND", "date-time", FORM_TIME},
    {"SEQUENCE", "integer", FORM_INTEGER},
    {"SUMMARY", "text", FORM_TEXT},
    {"DESCRIPTION", "text", FORM_TEXT},
    {"LOCATION", "text", FORM_TEXT},
    {"CATEGORIES", "text", FORM_TEXTS},
    {"STATUS", "text", FORM_TEXT},
    {"TRANSP", "text", FORM_TEXT},
    {"GEO", "float", FORM_GEO},
    {"ORGANIZER", "cal-address", FORM_RAW},
    {"FREEBUSY", "period", FORM_PERIODS},
    {"TZID", "text", FORM_TEXT},
    {"TZNAME", "text", FORM_TEXT},
    {"TZOFFSETFROM", "utc-offset", FORM_OFFSET},
    {"TZOFFSETTO", "utc-offset", FORM_OFFSET},
    {"RRULE", "recur", FORM_RECUR},
    {"ACTION", "text", FORM_TEXT},
    {"TRIGGER", "duration", FORM_RAW},
};
enum {
    PROPERTY_COUNT = sizeof PROPERTIES / sizeof PROPERTIES[0]
};

struct jcal {
    const char *at, *end;
    struct text *out;
    struct text line, value;
    struct {
        char name[NAME_SIZE];
        bool has_child; /* its list of components is open */
        bool has_property;
    } frames[DEPTH_MAX];
    size_t depth;
    bool is_done;
};

/* The next content line without its folds; false at the end. */
static bool line_next(struct jcal *jcal)
{
    const char *from = jcal->at;
    while (jcal->at < jcal->end) {
        const char *lf = memchr(jcal->at, '\n', (size_t)(jcal->end - jcal->at));
        jcal->at = lf == NULL ? jcal->end : lf + 1;
        if (jcal->at == jcal->end || (*jcal->at != ' ' && *jcal->at != '\t')) {
            break;
        }
    }
    text_clear(&jcal->line);
    safe_unfold(&jcal->line, from, (size_t)(jcal->at - from));
    return from < jcal->end;
}

static void lower_copy(char *ret, size_t size, const char *from, size_t length)
{
    size_t count = length < size - 1 ? length : size - 1;
    for (size_t i = 0; i < count; i++) {
        ret[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] - 'A' + 'a' : from[i]);
    }
    ret[count] = '\0';
}

static void add_value(struct jcal *jcal)
{
    text_add_json(jcal->out, text_string(&jcal->value));
    text_clear(&jcal->value);
}

/* RFC 5545 §3.3.11; stops at a bare comma when `is_list`. Answers where it stopped. */
static const char *unescape(struct jcal *jcal, const char *at, bool is_list)
{
    while (*at != '\0' && !(is_list && *at == ',')) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
            text_add_char(&jcal->value, *at == 'n' || *at == 'N' ? '\n' : *at);
        } else {
            text_add_char(&jcal->value, *at);
        }
        at++;
    }
    return at;
}

/* "20260316T090000Z" → "2026-03-16T09:00:00Z", RFC 7265 §3.6.5. Answers what stands behind it. */
static const char *spread_time(struct jcal *jcal, const char *at)
{
    static const char MARKS[] = "\0\0\0\0-\0-\0\0\0\0:\0:\0";
    size_t i = 0;
    for (; i < 15 && at[i] != '\0' && at[i] != '/' && at[i] != ','; i++) {
        if (MARKS[i] != '\0') {
            text_add_char(&jcal->value, MARKS[i]);
        }
        text_add_char(&jcal->value, at[i]);
    }
    if (at[i] == 'Z') {
        text_add_char(&jcal->value, at[i++]);
    }
    return at + i;
}

/* "start/end,…" → ["start","end"],… RFC 7265 §3.6.9; ours end in a time, never in a duration. */
static void add_periods(struct jcal *jcal, const char *at)
{
    for (bool more = true; more;) {
        text_add_char(jcal->out, '[');
        at = spread_time(jcal, at);
        add_value(jcal);
        text_add_char(jcal->out, ',');
        at = spread_time(jcal, *at == '/' ? at + 1 : at);
        add_value(jcal);
        text_add_char(jcal->out, ']');
        more = *at == ',';
        at += more ? 1 : 0;
        text_add(jcal->out, more ? "," : "");
    }
}

/* "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1,2" → {"freq":"YEARLY","bymonth":3,"bymonthday":[1,2]}, §3.6.10. */
static void add_recur(struct jcal *jcal, const char *at)
{
    text_add_char(jcal->out, '{');
    for (bool first = true; *at != '\0'; first = false) {
        char name[NAME_SIZE];
        size_t name_length = strcspn(at, "=;");
        size_t length = strcspn(at, ";");
        lower_copy(name, sizeof name, at, name_length);
        text_add(jcal->out, first ? "" : ",");
        text_add_json(jcal->out, name);
        text_add_char(jcal->out, ':');
        const char *part = at + name_length + (at[name_length] == '=' ? 1 : 0);
        const char *part_end = at + length;
        bool is_list = memchr(part, ',', (size_t)(part_end - part)) != NULL;
        text_add(jcal->out, is_list ? "[" : "");
        while (part < part_end) {
            size_t size = strcspn(part, ",;");
            bool number = size > 0 && strspn(part, "-0123456789") >= size;
            text_add_bytes(&jcal->value, part, size);
            if (number) {
                text_add(jcal->out, text_string(&jcal->value));
                text_clear(&jcal->value);
            } else {
                add_value(jcal);
            }
            part += size + 1;
            text_add(jcal->out, part < part_end ? "," : "");
        }
        text_add(jcal->out, is_list ? "]" : "");
        at = *part_end == ';' ? part_end + 1 : part_end;
    }
    text_add_char(jcal->out, '}');
}

static void add_values(struct jcal *jcal, enum form form, const char *at)
{
    switch (form) {
    case FORM_TEXT:
        (void)unescape(jcal, at, false);
        add_value(jcal);
        break;
    case FORM_TEXTS:
        for (bool more = true; more;) {
            at = unescape(jcal, at, true);
            add_value(jcal);
            more = *at == ',';
            at += more ? 1 : 0;
            text_add(jcal->out, more ? "," : "");
        }
        break;
    case FORM_INTEGER:
        text_addf(jcal->out, "%ld", strtol(at, NULL, 10));
        break;
    case FORM_TIME:
        (void)spread_time(jcal, at);
        add_value(jcal);
        break;
    case FORM_OFFSET: /* "+0800" → "+08:00" */
        for (size_t i = 0; at[i] != '\0'; i++) {
            text_add(&jcal->value, i == 3 || i == 5 ? ":" : "");
            text_add_char(&jcal->value, at[i]);
        }
        add_value(jcal);
        break;
    case FORM_GEO: /* two floats in one array, RFC 7265 §3.4.1.2; ours have digits on both sides of the dot */
        text_add_char(jcal->out, '[');
        for (; *at != '\0'; at++) {
            text_add_char(jcal->out, *at == ';' ? ',' : *at);
        }
        text_add_char(jcal->out, ']');
        break;
    case FORM_PERIODS:
        add_periods(jcal, at);
        break;
    case FORM_RECUR:
        add_recur(jcal, at);
        break;
    case FORM_RAW:
        text_add(&jcal->value, at);
        add_value(jcal);
        break;
    }
}

/* One parameter's value with RFC 6868's ^n ^' ^^ taken back; answers what stands behind it. */
static const char *parameter_value(struct jcal *jcal, const char *at)
{
    bool quoted = *at == '"';
    at += quoted ? 1 : 0;
    while (*at != '\0' && (quoted ? *at != '"' : *at != ';' && *at != ':')) {
        if (*at == '^' && (at[1] == 'n' || at[1] == '\'' || at[1] == '^')) {
            at++;
            text_add_char(&jcal->value, *at == 'n' ? '\n' : *at == '\'' ? '"' : '^');
        } else {
            text_add_char(&jcal->value, *at);
        }
        at++;
    }
    return quoted && *at == '"' ? at + 1 : at;
}

/* {"tzid":"Asia/Shanghai"}; VALUE becomes the type. Answers the ":" before the value. */
static const char *add_parameters(struct jcal *jcal, const char *at)
{
    bool first = true;
    text_add_char(jcal->out, '{');
    while (*at == ';') {
        char name[NAME_SIZE];
        size_t length = strcspn(at + 1, "=:;");
        lower_copy(name, sizeof name, at + 1, length);
        at += 1 + length;
        at = parameter_value(jcal, *at == '=' ? at + 1 : at);
        if (strcmp(name, "value") == 0) {
            text_clear(&jcal->value);
            continue;
        }
        text_add(jcal->out, first ? "" : ",");
        text_add_json(jcal->out, name);
        text_add_char(jcal->out, ':');
        add_value(jcal);
        first = false;
    }
    text_add_char(jcal->out, '}');
    return at;
}

static bool property_add(struct jcal *jcal)
{
    const char *line = text_string(&jcal->line);
    size_t length = strcspn(line, ";:");
    if (jcal->depth == 0 || jcal->frames[jcal->depth - 1].has_child || length == 0 || line[length] == '\0') {
        return false;
    }
    char name[NAME_SIZE];
    size_t known = 0;
    lower_copy(name, sizeof name, line, length);
    while (known < PROPERTY_COUNT && strcasecmp(PROPERTIES[known].name, name) != 0) {
        known++;
    }
    bool is_first = !jcal->frames[jcal->depth - 1].has_property;
    jcal->frames[jcal->depth - 1].has_property = true;
    text_add(jcal->out, is_first ? "[" : ",[");
    text_add_json(jcal->out, name);
    text_add_char(jcal->out, ',');
    const char *at = add_parameters(jcal, line + length);
    if (*at != ':') {
        return false;
    }
    text_addf(jcal->out, ",\"%s\",", known < PROPERTY_COUNT ? PROPERTIES[known].type : "unknown");
    add_values(jcal, known < PROPERTY_COUNT ? PROPERTIES[known].form : FORM_RAW, at + 1);
    text_add_char(jcal->out, ']');
    return true;
}

/* Properties come before components in ours, as they must in jCal: ["name",[properties],[components]]. */
static bool component_open(struct jcal *jcal, const char *name)
{
    if (jcal->depth == DEPTH_MAX || jcal->is_done) {
        return false;
    }
    if (jcal->depth > 0) {
        text_add(jcal->out, jcal->frames[jcal->depth - 1].has_child ? ",\n" : "],[\n");
        jcal->frames[jcal->depth - 1].has_child = true;
    }
    memset(&jcal->frames[jcal->depth], 0, sizeof jcal->frames[0]);
    lower_copy(jcal->frames[jcal->depth].name, NAME_SIZE, name, strlen(name));
    text_add_char(jcal->out, '[');
    text_add_json(jcal->out, jcal->frames[jcal->depth].name);
    text_add(jcal->out, ",[");
    jcal->depth++;
    return true;
}

static bool component_close(struct jcal *jcal, const char *name)
{
    if (jcal->depth == 0 || strcasecmp(jcal->frames[jcal->depth - 1].name, name) != 0) {
        return false;
    }
    jcal->depth--;
    text_add(jcal->out, jcal->frames[jcal->depth].has_child ? "]]" : "],[]]");
    jcal->is_done = jcal->depth == 0;
    return true;
}

enum error_code jcal_from_calendar(const char *bytes, size_t length, struct text *out, struct error *err)
{
    struct jcal jcal = {.at = bytes, .end = bytes + length, .out = out};
    size_t before = out->length;
    bool good = true;
    text_init(&jcal.line, LIMIT_FEED_BYTES);
    text_init(&jcal.value, LIMIT_FEED_BYTES);
    while (good && line_next(&jcal)) {
        const char *line = text_string(&jcal.line);
        if (strncmp(line, "BEGIN:", 6) == 0) {
            good = component_open(&jcal, line + 6);
        } else if (strncmp(line, "END:", 4) == 0) {
            good = component_close(&jcal, line + 4);
        } else {
            good = property_add(&jcal);
        }
    }
    text_add_char(out, '\n');
    enum error_code code = text_status(out, err);
    if (code == ERR_NONE && (!good || !jcal.is_done || jcal.line.failed != ERR_NONE)) {
        code = error_set(err, ERR_INPUT, "不是完整的日历 / not a whole calendar: %.60s",
                         text_string(&jcal.line));
    }
    if (code != ERR_NONE) {
        out->length = before;
    }
    text_finish(&jcal.line);
    text_finish(&jcal.value);
    return code;
}
