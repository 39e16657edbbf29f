#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CAPACITY_MIN = 64
};

void text_init(struct text *text, size_t max_bytes)
{
    /* One byte below SIZE_MAX, so that the NUL never overflows. */
    *text = (struct text){.max = max_bytes < SIZE_MAX ? max_bytes : SIZE_MAX - 1};
}

void text_finish(struct text *text)
{
    free(text->data);
    text_init(text, text->max);
}

void text_clear(struct text *text)
{
    text->length = 0;
    text->failed = ERR_NONE;
    if (text->data != NULL) {
        text->data[0] = '\0';
    }
}

/* Room for `extra` bytes and the NUL, or a sticky failure. */
static bool text_reserve(struct text *text, size_t extra)
{
    if (text->failed != ERR_NONE) {
        return false;
    }
    if (extra > text->max - text->length) {
        text->failed = ERR_LIMIT;
        return false;
    }
    size_t need = text->length + extra + 1;
    if (need <= text->capacity) {
        return true;
    }
    size_t grown = text->capacity > SIZE_MAX / 2 ? SIZE_MAX : text->capacity * 2;
    grown = grown < CAPACITY_MIN ? CAPACITY_MIN : grown;
    grown = grown > text->max + 1 ? text->max + 1 : grown;
    grown = grown < need ? need : grown;
    char *data = realloc(text->data, grown);
    if (data == NULL) {
        text->failed = ERR_MEMORY;
        return false;
    }
    text->data = data;
    text->capacity = grown;
    return true;
}

void text_add(struct text *text, const char *string)
{
    if (string != NULL) {
        text_add_bytes(text, string, strlen(string));
    }
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    if (!text_reserve(text, length)) {
        return;
    }
    if (length > 0) {
        memcpy(text->data + text->length, bytes, length);
    }
    text->length += length;
    text->data[text->length] = '\0';
}

void text_add_char(struct text *text, char byte)
{
    text_add_bytes(text, &byte, 1);
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        /* Longer than INT_MAX. */
        text->failed = text->failed == ERR_NONE ? ERR_LIMIT : text->failed;
    } else if (text_reserve(text, (size_t)length)) {
        (void)vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

const char *text_string(const struct text *text)
{
    return text->data == NULL ? "" : text->data;
}

char *text_take(struct text *text)
{
    /* Reserving nothing makes the empty string real. */
    if (!text_reserve(text, 0)) {
        return NULL;
    }
    char *data = text->data;
    data[text->length] = '\0';
    text_init(text, text->max);
    return data;
}

enum error_code text_status(const struct text *text, struct error *err)
{
    switch (text->failed) {
    case ERR_NONE:
        return ERR_NONE;
    case ERR_LIMIT:
        return error_set(err, ERR_LIMIT, "text of more than %zu bytes", text->max);
    default:
        return error_set(err, text->failed, "out of memory after %zu bytes of text", text->length);
    }
}
