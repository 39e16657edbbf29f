/* importers/ledger_remark: what the words of a ledger's remarks and course names say about a session: 取消,
 * 未开展, 雨天改村委会, 算2场, (2天). Any thread. */
#ifndef LITANG_IMPORTERS_LEDGER_REMARK_H
#define LITANG_IMPORTERS_LEDGER_REMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct remark {
    bool is_cancelled; /* 取消, 停课 */
    bool is_not_held;  /* 未开展 */
    bool is_outside;   /* 雨天改村委会 */
    bool is_postponed; /* 改期, 延期: which day is meant? */
    int32_t counts_as; /* 算2场; 0: not said */
    int32_t days;      /* (2天); 0: not said */
};

void remark_read(const char *text, struct remark *ret_remark);
/* The length of a course's name without a remark such as "(2天)" at its end. */
size_t remark_cut(const char *name);

#endif
