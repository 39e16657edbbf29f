#include "base/text.h"

#include <string.h>

/* Length that a lead byte announces and the bits it carries, RFC 3629 §3; 0 for no lead. */
static size_t lead_length(unsigned char lead, uint32_t *ret_bits)
{
    if (lead < 0x80) {
        *ret_bits = lead;
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        *ret_bits = lead & 0x1fU;
        return 2;
    }
    if ((lead & 0xf0U) == 0xe0) {
        *ret_bits = lead & 0x0fU;
        return 3;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        *ret_bits = lead & 0x07U;
        return 4;
    }
    return 0;
}

size_t utf8_next(const char *bytes, size_t length, uint32_t *ret_code_point)
{
    static const uint32_t SMALLEST[] = {0, 0, 0x80, 0x800, 0x10000};
    if (length == 0) {
        return 0;
    }
    uint32_t code = 0;
    size_t size = lead_length((unsigned char)bytes[0], &code);
    if (size == 0 || size > length) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if ((byte & 0xc0U) != 0x80) {
            return 0;
        }
        code = (code << 6) | (byte & 0x3fU);
    }
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < SMALLEST[size] || surrogate || code > 0x10ffff) {
        return 0;
    }
    if (ret_code_point != NULL) {
        *ret_code_point = code;
    }
    return size;
}

bool utf8_valid(const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t size = utf8_next(bytes + at, length - at, NULL);
        if (size == 0) {
            return false;
        }
        at += size;
    }
    return true;
}

size_t utf8_cut(const char *bytes, size_t length, size_t max)
{
    if (length <= max) {
        return length;
    }
    /* At most three continuation bytes belong to one character; more is no UTF-8 anyway. */
    size_t cut = max;
    for (int i = 0; i < 3 && cut > 0 && ((unsigned char)bytes[cut] & 0xc0U) == 0x80; i++) {
        cut--;
    }
    return ((unsigned char)bytes[cut] & 0xc0U) == 0x80 ? max : cut;
}

static size_t code_columns(uint32_t code)
{
    static const uint32_t WIDE[][2] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0xA4CF},
                                       {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},  {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
                                       {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if ((code >= 0x300 && code <= 0x36F) || (code >= 0x200B && code <= 0x200F) ||
        (code >= 0xFE00 && code <= 0xFE0F)) {
        return 0;
    }
    for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE; i++) {
        if (code >= WIDE[i][0] && code <= WIDE[i][1]) {
            return 2;
        }
    }
    return 1;
}

size_t utf8_columns(const char *string)
{
    size_t length = strlen(string);
    size_t columns = 0;
    size_t at = 0;
    while (at < length) {
        uint32_t code = 0;
        size_t size = utf8_next(string + at, length - at, &code);
        columns += size == 0 ? 1 : code_columns(code);
        at += size == 0 ? 1 : size;
    }
    return columns;
}
