#include "base/error.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    /* Room for the rest of a character that straddles the cut. */
    SCRATCH_SIZE = ERROR_TEXT_MAX + 4
};

/* Copies what fits, cut at a character. `scratch` may be a text that vsnprintf cut. */
static void text_store(char ret_text[ERROR_TEXT_MAX], const char *scratch)
{
    size_t length = utf8_cut(scratch, strlen(scratch), ERROR_TEXT_MAX - 1);
    memcpy(ret_text, scratch, length);
    ret_text[length] = '\0';
}

enum error_code error_set(struct error *err, enum error_code code, const char *format, ...)
{
    if (err == NULL) {
        return code;
    }
    /* By way of a scratch buffer, so that err->text itself may be an argument. */
    char scratch[SCRATCH_SIZE];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(scratch, sizeof scratch, format, args);
    va_end(args);
    if (written < 0) {
        scratch[0] = '\0';
    }
    err->code = code;
    text_store(err->text, scratch);
    return code;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t end_length = strlen(end);
    return length >= end_length && memcmp(text + length - end_length, end, end_length) == 0;
}

enum error_code error_wrap(struct error *err, const char *format, ...)
{
    if (err == NULL) {
        return ERR_INTERNAL;
    }
    char context[SCRATCH_SIZE];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(context, sizeof context, format, args);
    va_end(args);
    if (written < 0) {
        context[0] = '\0';
    }
    context[utf8_cut(context, strlen(context), ERROR_TEXT_MAX - 1)] = '\0';

    bool separated = context[0] == '\0' || ends_with(context, ": ") || ends_with(context, "：");
    char joined[SCRATCH_SIZE + ERROR_TEXT_MAX + 2];
    (void)snprintf(joined, sizeof joined, "%s%s%s", context, separated ? "" : ": ", err->text);
    text_store(err->text, joined);
    return err->code;
}

const char *error_name(enum error_code code)
{
    switch (code) {
#define X(item, name, en, zh)                                                                                \
    case item:                                                                                               \
        return name;
        ERROR_LIST(X)
#undef X
    }
    return "unknown";
}

const char *error_sentence_en(enum error_code code)
{
    switch (code) {
#define X(item, name, en, zh)                                                                                \
    case item:                                                                                               \
        return en;
        ERROR_LIST(X)
#undef X
    }
    return "unknown error";
}

const char *error_sentence_zh(enum error_code code)
{
    switch (code) {
#define X(item, name, en, zh)                                                                                \
    case item:                                                                                               \
        return zh;
        ERROR_LIST(X)
#undef X
    }
    return "未知错误";
}
