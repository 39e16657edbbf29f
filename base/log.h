/* base/log: one line per event on stderr, for daemon/ and cli/ only; libraries never log.
 * Thread-safe: a line is one write(2). Under systemd ($JOURNAL_STREAM) lines carry "<N>" priorities,
 * sd-daemon(3). */
#ifndef LITANG_BASE_LOG_H
#define LITANG_BASE_LOG_H

enum log_level {
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARN,
    LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG
};

void log_set_level(enum log_level level);
/* Control characters in the text are written as \xNN, so a request cannot forge a line. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
