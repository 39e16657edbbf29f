#include "importers/ics_holiday.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool has(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcasestr(text, *words) != NULL) {
            return true;
        }
    }
    return false;
}

/* Takes every occurrence of `word` out, putting a blank in its place. */
static void take_out(char *text, const char *word)
{
    size_t size = strlen(word);
    for (char *at = strcasestr(text, word); at != NULL; at = strcasestr(at + 1, word)) {
        *at = ' ';
        memmove(at + 1, at + size, strlen(at + size) + 1);
    }
}

/* "第1天/共8天". */
static void take_out_count(char *text)
{
    char *from = strstr(text, "第");
    if (from == NULL) {
        return;
    }
    char *at = from + strlen("第");
    at += strspn(at, "0123456789 ");
    if (strncmp(at, "天", 3) != 0) {
        return;
    }
    at += 3;
    char *total = strstr(at, "共");
    char *days = total == NULL ? NULL : strstr(total, "天");
    at = days != NULL ? days + 3 : at;
    memmove(from, at, strlen(at) + 1);
}

static void squeeze(char *text)
{
    size_t used = 0;
    for (const char *at = text; *at != '\0'; at++) {
        bool is_blank = *at == ' ' || *at == '\n' || *at == '\t';
        bool is_first = used == 0 || text[used - 1] == ' ';
        if (!is_blank || !is_first) {
            text[used++] = is_blank ? ' ' : *at;
        }
    }
    used -= used > 0 && text[used - 1] == ' ' ? 1 : 0;
    text[used] = '\0';
}

void ics_holiday_read(const char *summary, struct ics_holiday *ret_holiday)
{
    static const char *const WORK[] = {"补班", "上班", "（班）", "(班)",    "[班]",        "【班】",
                                       "班】", "调班", "工作日", "workday", "working day", NULL};
    static const char *const OFF[] = {"休息", "（休）", "(休)", "[休]",    "【休】",  "放假",
                                      "假期", "假日",   "休",   "day off", "holiday", NULL};
    static const char *const DECORATION[] = {"「",   "」",   "（",   "）",     "(",    ")",    "[",
                                             "]",    "【",   "】",   "补班",   "上班", "调班", "调休",
                                             "放假", "假期", "休息", "工作日", "补",   NULL};
    struct ics_holiday holiday = {.name = ""};
    size_t length = strlen(summary);
    bool ends_in_work = length > 3 && strcmp(summary + length - 3, "班") == 0;
    bool is_work = has(summary, WORK) || ends_in_work || strncmp(summary, "班", 3) == 0;
    holiday.is_shifted = !is_work && strstr(summary, "调休") != NULL && strstr(summary, "放假") == NULL &&
                         strstr(summary, "假期") == NULL && strstr(summary, "（休）") == NULL &&
                         strstr(summary, "(休)") == NULL;
    holiday.is_off = !is_work && !holiday.is_shifted;
    holiday.is_marked = is_work || holiday.is_shifted || has(summary, OFF);
    (void)snprintf(holiday.name, sizeof holiday.name, "%.*s",
                   (int)utf8_cut(summary, length, sizeof holiday.name - 1), summary);
    take_out_count(holiday.name);
    for (size_t i = 0; DECORATION[i] != NULL; i++) {
        take_out(holiday.name, DECORATION[i]);
    }
    squeeze(holiday.name);
    /* A lone 休 or 班 at an end is a mark; within a word (班会) it is not. */
    static const char *const MARKS[] = {"休", "班"};
    for (size_t i = 0; i < 2; i++) {
        size_t left = strlen(holiday.name);
        if (left > 3 && strcmp(holiday.name + left - 3, MARKS[i]) == 0) {
            holiday.name[left - 3] = '\0';
        } else if (left > 3 && strncmp(holiday.name, MARKS[i], 3) == 0) {
            memmove(holiday.name, holiday.name + 3, left - 2);
        }
        squeeze(holiday.name);
    }
    if (holiday.name[0] == '\0') {
        (void)snprintf(holiday.name, sizeof holiday.name, "%.*s",
                       (int)utf8_cut(summary, length, sizeof holiday.name - 1), summary);
    }
    *ret_holiday = holiday;
}
