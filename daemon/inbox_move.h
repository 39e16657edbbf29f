/* daemon/inbox_move: a file of the drop folder into done/ or failed/, never over another one, its report
 * beside it. A worker thread. */
#ifndef LITANG_DAEMON_INBOX_MOVE_H
#define LITANG_DAEMON_INBOX_MOVE_H

#include "base/text.h"
#include "daemon/inbox_file.h"

#define INBOX_REPORT_END ".report.txt"
#define INBOX_BAD_END    ".bad.csv"

struct inbox_moving {
    int from, to;                         /* descriptors of folders */
    const char *folder;                   /* the second one's name, for the log */
    const char *shown;                    /* the file's name, for the log */
    bool stays;                           /* only the report is written */
    const struct text *report, *bad_rows; /* bad_rows: none when empty */
};

/* "a.csv" becomes "a (2).csv" when that, its report or its bad rows are there already. When there is no room
 * for the report, the file is moved all the same, and the log says so. */
enum inbox_outcome inbox_move(const struct inbox_moving *moving, const struct inbox_file *file);

#endif
