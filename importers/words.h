/* importers/words: taking words and written numbers off the front of a cell's plain text. Any thread. */
#ifndef LITANG_IMPORTERS_WORDS_H
#define LITANG_IMPORTERS_WORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* `*at` moves past the word; false leaves it. */
static inline bool word_take(const char **at, const char *word)
{
    size_t size = strlen(word);
    bool is_there = strncmp(*at, word, size) == 0;
    *at += is_there ? size : 0;
    return is_there;
}

/* The first of the words (ends with NULL) that is there. */
static inline bool word_take_any(const char **at, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (word_take(at, *words)) {
            return true;
        }
    }
    return false;
}

/* Exactly `digits` ASCII digits, at most 9; what follows is not looked at. */
bool digits_take(const char **at, int digits, int32_t *ret_number);
/* A written number below a hundred million: up to eight ASCII digits that no digit follows, or characters:
 * 三, 十, 十二, 廿三, 四十五, 一百零五, 两千三百. "三八" gives 3 and leaves 八. */
bool numeral_take(const char **at, int32_t *ret_number);
/* A digit's character, 〇 零 ○ 一 … 九, as they stand in 二〇二四年. */
bool numeral_digit_take(const char **at, int32_t *ret_digit);

#endif
