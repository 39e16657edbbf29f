/* base/error: one list of error codes, and an error text that the caller holds.
 *
 * Every function that can fail returns `enum error_code` (ERR_NONE is 0) and takes a
 * `struct error *` as its last parameter; NULL is allowed when the text is not wanted.
 * `ret_` outputs stay untouched on failure. Nothing here logs or exits. Any thread. */
#ifndef LITANG_BASE_ERROR_H
#define LITANG_BASE_ERROR_H

#include <stdarg.h>

/* code, stable name, English, Chinese */
#define ERROR_LIST(X)                                                                                        \
    X(ERR_NONE, "none", "no error", "无错误")                                                                \
    X(ERR_MEMORY, "memory", "out of memory", "内存不足")                                                     \
    X(ERR_IO, "io", "input/output failed", "读写失败")                                                       \
    X(ERR_LIMIT, "limit", "a limit was exceeded", "超出上限")                                                \
    X(ERR_SYNTAX, "syntax", "not well-formed", "格式不正确")                                                 \
    X(ERR_INPUT, "input", "not acceptable input", "输入内容不可接受")                                        \
    X(ERR_NOT_FOUND, "not-found", "not found", "未找到")                                                     \
    X(ERR_EXISTS, "exists", "already exists", "已存在")                                                      \
    X(ERR_CLASH, "clash", "a hard rule would be broken", "与排课规则冲突")                                   \
    X(ERR_STALE, "stale", "the data changed meanwhile", "数据已被他人修改")                                  \
    X(ERR_BUSY, "busy", "the database is busy", "数据库忙")                                                  \
    X(ERR_DATABASE, "database", "database error", "数据库错误")                                              \
    X(ERR_VERSION, "version", "made by another version", "版本不符")                                         \
    X(ERR_CANCELLED, "cancelled", "cancelled", "已取消")                                                     \
    X(ERR_USAGE, "usage", "wrong use", "用法错误")                                                           \
    X(ERR_INTERNAL, "internal", "a bug in litang", "程序内部错误")

enum error_code {
#define X(code, name, en, zh) code,
    ERROR_LIST(X)
#undef X
};

enum {
    ERROR_TEXT_MAX = 1024
};

/* What went wrong, in a sentence; the innermost cause stands last. */
struct error {
    enum error_code code;
    char text[ERROR_TEXT_MAX];
};

/* Sets `err` (may be NULL) and returns `code`, so that `return error_set(...)` reads well.
 * A text that does not fit is cut at a character. */
enum error_code error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts context before the text: "import halls.xlsx: " + old text; ": " is put between them
 * unless the context ends with it. Returns err->code
 * (ERR_INTERNAL when `err` is NULL: the caller should return its own code then). */
enum error_code error_wrap(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The stable name ("not-found"), and the general sentence in English or Chinese. */
const char *error_name(enum error_code code);
const char *error_sentence_en(enum error_code code);
const char *error_sentence_zh(enum error_code code);

#endif
