/* importers/encoding: the bytes of an office file as UTF-8. Any thread. */
#ifndef LITANG_IMPORTERS_ENCODING_H
#define LITANG_IMPORTERS_ENCODING_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    ENCODING_NAME_SIZE = 32
};

struct decoded {
    char *text; /* owned: free(); NUL-terminated; without a byte order mark */
    size_t length;
    const char *encoding;           /* "UTF-8", "UTF-8 BOM", "UTF-16LE", "UTF-16BE", "GB18030", "BIG5" */
    char guess[ENCODING_NAME_SIZE]; /* what uchardet takes it for when that is neither; else "" */
};

/* "UTF-16LE" or "UTF-16BE" when a mark says so, or when the zero halves of ASCII characters (separators,
 * digits, line ends) stand where only that encoding puts them; else NULL. Looks at the first 64 KiB. */
const char *encoding_utf16(const char *bytes, size_t length);

/* A byte order mark decides; without one: UTF-16 by its zero bytes, strict UTF-8, else GB18030 (GBK and
 * GB2312 are part of it). ERR_SYNTAX when a byte fits nowhere, or the text holds NUL: *ret_row is then its
 * row, as a spreadsheet would count, and err says it in Chinese and English. ERR_MEMORY. */
enum error_code encoding_decode(const char *bytes, size_t length, struct decoded *ret_decoded,
                                uint32_t *ret_row, struct error *err);
/* The same for a web page: <meta charset> is believed when it says Big5; what else it may say is told better
 * by the bytes, for pages that say gb2312 are often UTF-8, and gb2312 is part of GB18030. */
enum error_code encoding_decode_page(const char *bytes, size_t length, struct decoded *ret_decoded,
                                     uint32_t *ret_row, struct error *err);

#endif
