/* importers/workbook: an office file as its reader saw it: one or several sheets. Every reader fills one, and
 * workbook_read calls the reader that the content asks for. One thread at a time. */
#ifndef LITANG_IMPORTERS_WORKBOOK_H
#define LITANG_IMPORTERS_WORKBOOK_H

#include "importers/encoding.h"
#include "importers/format.h"
#include "importers/sheet.h"

/* What a failed reader is about; import_report.h turns it into a code. */
enum workbook_trouble {
    WORKBOOK_SOUND,
    WORKBOOK_FORMAT,   /* not a file that can be read, or a damaged one */
    WORKBOOK_ENCODING, /* bytes that are no text */
    WORKBOOK_EMPTY,    /* nothing in it */
    WORKBOOK_QUOTE,    /* a quotation mark is misplaced */
    WORKBOOK_LIMIT
};

struct workbook {
    struct cell_pool pool;
    enum format format;
    const char *encoding;           /* of text and HTML: "GB18030"; else the format's name */
    char guess[ENCODING_NAME_SIZE]; /* another encoding that the text may be in; else "" */
    char delimiter;                 /* of a text file; else '\0' */
    struct sheet **sheets;          /* owned; in the file's order */
    size_t sheet_count, sheet_capacity;

    /* After a failure: what it is about and where. */
    enum workbook_trouble trouble;
    const char *trouble_sheet; /* "" or the name of one of the sheets */
    uint32_t trouble_row;      /* 0: the file or sheet as a whole */
};

void workbook_init(struct workbook *book);
void workbook_finish(struct workbook *book);

/* For readers. A new empty sheet at the end; owned by the workbook. ERR_LIMIT (LIMIT_IMPORT_SHEETS),
 * ERR_MEMORY. */
enum error_code workbook_add(struct workbook *book, const char *name, struct sheet **ret_sheet,
                             struct error *err);
/* Says where a reader is, for a failure to come; "" and 0: the file as a whole. The name is the sheet's own.
 */
void workbook_at(struct workbook *book, const char *sheet, uint32_t row);

/* Fills an init'ed workbook from a file's bytes, which are not kept. ERR_INPUT: it cannot be read; ERR_LIMIT:
 * a ceiling was crossed; both set `trouble`, and err says in Chinese and English what to do. ERR_MEMORY.
 * A calendar (FORMAT_ICS) has no sheets and is ERR_INPUT here: ask format_detect first. */
enum error_code workbook_read(struct workbook *book, const char *bytes, size_t length, struct error *err);

#endif
