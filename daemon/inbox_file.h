/* daemon/inbox_file: one file of the drop folder: read, imported, reported, moved. A worker thread. */
#ifndef LITANG_DAEMON_INBOX_FILE_H
#define LITANG_DAEMON_INBOX_FILE_H

#include "daemon/inbox_job.h"

enum inbox_outcome {
    INBOX_MOVED,    /* in done/ or failed/ */
    INBOX_VANISHED, /* somebody took it away, or it is being written again */
    INBOX_LATER,    /* the database or the disk; the file is where it was */
    INBOX_STUCK     /* dealt with, but it cannot be moved */
};

/* Deals with a settled name of any type. */
enum inbox_outcome inbox_file_take(struct inbox_job *job, struct inbox_file *file);

/* A name that cannot be a drop: a program's half-written or lock file, or ours. */
bool inbox_name_ignored(const char *name);

#endif
