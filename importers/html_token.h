/* importers/html_token: a page's text as tags and texts, forgiving as browsers are: unclosed tags, tags in
 * capitals, attributes with or without quotation marks, Office's conditional comments. Scripts, styles and
 * comments are left out. Linear in the text's length. Any thread. */
#ifndef LITANG_IMPORTERS_HTML_TOKEN_H
#define LITANG_IMPORTERS_HTML_TOKEN_H

#include "base/text.h"

enum {
    HTML_NAME_SIZE = 16 /* longer names are cut: no tag of a table is so long */
};

enum html_kind {
    HTML_END, /* of the page */
    HTML_TEXT,
    HTML_OPEN,
    HTML_CLOSE
};

struct html_token {
    enum html_kind kind;
    char name[HTML_NAME_SIZE]; /* of a tag, lower case, without a prefix */
    const char *bytes;         /* the text as it stands, or the tag's attributes */
    size_t length;
};

struct html_reader {
    const char *at, *end;
};

struct html_token html_next(struct html_reader *reader);
/* The value of an attribute as a number; `otherwise` when it is absent or none. */
uint32_t html_number(const struct html_token *token, const char *name, uint32_t otherwise);
/* Does the tag's style say display:none? */
bool html_is_hidden(const struct html_token *token);
/* Adds a text with its character references resolved and its blanks collapsed to one, as a browser shows it.
 */
void html_add_text(struct text *out, const char *bytes, size_t length);

#endif
