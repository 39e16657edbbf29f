/* importers/header_fit: how well some rows of a sheet fit a kind's headers, and what to say when they do not.
 * Only importers/header*.c include it. One thread at a time. */
#ifndef LITANG_IMPORTERS_HEADER_FIT_H
#define LITANG_IMPORTERS_HEADER_FIT_H

#include "importers/intake.h"

struct fit {
    struct header header;
    uint64_t present;
    uint32_t double_of; /* sheet column that means the same as an earlier one; NONE */
    size_t matched, score;
    bool is_whole;
};

/* Header words in the row above or below that the header does not take in: it has more rows than it should.
 * importers/header.c */
bool header_has_more_rows(const struct sheet *sheet, const struct header *header);

/* Sums of townships or months (乡镇, 场次, 人次) instead of records. The rest: importers/header_refuse.c */
bool header_is_summary(const struct sheet *sheet, const struct header *header);
/* Reports an error about the sheet, a row or a cell of its header; false, so that `return` reads well. */
bool header_refuse(struct import_report *report, const struct sheet *sheet, enum import_code code,
                   uint32_t row, uint32_t column, const char *header, const char *zh, const char *en,
                   const char *shown);
/* Why no row is a header: `best` is what came nearest. */
bool header_refuse_none(const struct sheet *sheet, const struct fit *best, struct import_report *report);

#endif
