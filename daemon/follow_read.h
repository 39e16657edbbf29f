/* daemon/follow_read: one reading of a followed calendar: fetch, import, note. Blocks: on a worker thread
 * with a store of its own, or in a command. */
#ifndef LITANG_DAEMON_FOLLOW_READ_H
#define LITANG_DAEMON_FOLLOW_READ_H

#include "importers/import.h"
#include "store/follows.h"

/* code, the word in the table, Chinese */
#define FOLLOW_OUTCOME_LIST(X)                                                                               \
    X(FOLLOW_IMPORTED, "imported", "已读入")                                                                 \
    X(FOLLOW_UNCHANGED, "unchanged", "没有变化")                                                             \
    X(FOLLOW_FAULTY, "faulty", "内容有误，未读入")                                                           \
    X(FOLLOW_GONE, "gone", "日历已不在")                                                                     \
    X(FOLLOW_REFUSED, "refused", "地址不可读取")                                                             \
    X(FOLLOW_FAILED, "failed", "读取失败")

enum follow_outcome {
#define X(code, name, zh) code,
    FOLLOW_OUTCOME_LIST(X)
#undef X
};
const char *follow_outcome_name(enum follow_outcome outcome);
const char *follow_outcome_zh(const char *name); /* "" for an unknown word */

struct follow_reading {
    enum follow_outcome outcome;
    char detail[LIMIT_NOTE_BYTES + 1]; /* "中文 (English)": what changed, or why not */
    bool has_report;
    struct import_report report; /* of what was fetched; when has_report */
};
void follow_reading_finish(struct follow_reading *reading);

struct follow_read_options {
    const char *actor;
    bool dry_run;       /* nothing is written or noted */
    bool force;         /* read also what has not changed */
    bool may_be_empty;  /* a calendar without events drops what it gave before */
    int64_t now_s;      /* UTC */
    const bool *cancel; /* may be NULL */
    /* "Unchanged" is noted only when it is news or the newest note is FOLLOW_NOTE_EVERY_S old: each note of
     * another process or thread makes daemon/watch load the snapshot anew. */
    bool quiet;
};

enum {
    FOLLOW_NOTE_EVERY_S = 6 * 3600
};

/* Reads it and notes how that went in the database and in *follow. Whatever the calendar or its server do is
 * an outcome; a failure is one of the database or of memory. To be finished in every case. */
enum error_code follow_read(struct store *store, struct follow *follow,
                            const struct follow_read_options *options, struct follow_reading *ret_reading,
                            struct error *err);

/* Drops all records that a calendar made, in one commit, and follows it no longer; `keep_records`: they stay.
 * `result` must be finished by the caller in every case. ERR_NOT_FOUND; else as store_commit. */
enum error_code follow_end(struct store *store, int64_t id, bool keep_records, const char *actor,
                           struct commit_result *result, struct error *err);

/* When it is to be read next: a failure waits longer each time, up to a day. */
int64_t follow_due_s(const struct follow *follow);

#endif
