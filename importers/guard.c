/* importers/guard: see guard.h. */
#include "importers/guard.h"

#include <string.h>

enum {
    /* Excel shows 12 digits as 3.31E+11, and a CSV file is saved as shown. */
    LONG_DIGITS = 12
};

static bool is_formula(const char *text)
{
    static const char *const STARTS[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++) {
        if (strncmp(text, STARTS[i], strlen(STARTS[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* "MAR1", "Dec-12". */
static bool is_month(const char *text)
{
    static const char *const MONTHS[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    size_t letters = 0;
    while ((text[letters] | 0x20) >= 'a' && (text[letters] | 0x20) <= 'z') {
        letters++;
    }
    const char *rest = text + letters + (text[letters] == '-' ? 1 : 0);
    if (letters < 3 || *rest == '\0' || strspn(rest, "0123456789") != strlen(rest)) {
        return false;
    }
    for (size_t i = 0; i < sizeof MONTHS / sizeof *MONTHS; i++) {
        if (strncasecmp(text, MONTHS[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_misread(const char *text)
{
    size_t length = strlen(text);
    if (strspn(text, "0123456789") == length) {
        return length >= LONG_DIGITS || (length > 1 && *text == '0');
    }
    bool is_number_like =
        strspn(text, "0123456789.,:/%eE+- ") == length && strpbrk(text, "0123456789") != NULL;
    return is_number_like || is_month(text);
}

void guard_add(struct text *out, const char *text, bool is_csv)
{
    bool is_guarded = *text == '\'' || is_formula(text) || (is_csv && is_misread(text));
    text_add(out, is_guarded ? "'" : "");
    text_add(out, text);
}

const char *guard_take(const char *text, struct arena *arena)
{
    if (*text != '\'' && *text != '=') {
        return text; /* as nearly every cell */
    }
    size_t length = strlen(text);
    if (*text == '\'' && (text[1] == '\'' || is_formula(text + 1) || is_misread(text + 1))) {
        return text + 1;
    }
    if (length <= 3 || text[0] != '=' || text[1] != '"' || text[length - 1] != '"') {
        return text;
    }
    char *inner = arena_copy_bytes(arena, text + 2, length - 3);
    size_t used = 0;
    for (size_t i = 0; inner != NULL && inner[i] != '\0'; i++) {
        inner[used++] = inner[i];
        i += inner[i] == '"' && inner[i + 1] == '"' ? 1 : 0;
    }
    if (inner != NULL) {
        inner[used] = '\0';
    }
    return inner;
}
