/* The life of a snapshot, the texts of its deployment, and the words of facilities and audiences. */
#include "scheduler/timetable.h"

#include "base/text.h"
#include "scheduler/timetable_private.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* "s-" + 20 digits + "@" leave this of UID_TEXT_SIZE for the domain. */
    DOMAIN_MAX = 72
};

static void maps_init(struct timetable *timetable)
{
    struct map *maps[] = {&timetable->area_ids,       &timetable->provider_ids, &timetable->category_ids,
                          &timetable->course_ids,     &timetable->hall_ids,     &timetable->room_ids,
                          &timetable->instructor_ids, &timetable->request_ids,  &timetable->travel_class_ids};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        map_init(maps[i]);
    }
}

static void maps_finish(struct timetable *timetable)
{
    struct map *maps[] = {&timetable->area_ids,       &timetable->provider_ids, &timetable->category_ids,
                          &timetable->course_ids,     &timetable->hall_ids,     &timetable->room_ids,
                          &timetable->instructor_ids, &timetable->request_ids,  &timetable->travel_class_ids};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        map_finish(maps[i]);
    }
}

struct timetable *timetable_create(void)
{
    struct timetable *timetable = calloc(1, sizeof *timetable);
    if (timetable == NULL) {
        return NULL;
    }
    timetable->priv = calloc(1, sizeof *timetable->priv);
    if (timetable->priv == NULL) {
        free(timetable);
        return NULL;
    }
    atomic_init(&timetable->priv->references, 1);
    arena_init(&timetable->arena);
    maps_init(timetable);
    timetable->tzid = "Asia/Shanghai";
    timetable->uid_domain = "litang.example";
    timetable->city_name = "台州市";
    timetable->organizer = "社区教育";
    timetable->public_url = "";
    timetable->coverage_target = 9800;
    return timetable;
}

struct timetable *timetable_ref(struct timetable *timetable)
{
    if (timetable != NULL) {
        atomic_fetch_add_explicit(&timetable->priv->references, 1, memory_order_relaxed);
    }
    return timetable;
}

static void timetable_free(struct timetable *timetable)
{
    maps_finish(timetable);
    free(timetable->travel_classes);
    free(timetable->areas);
    free(timetable->travel_overrides);
    free(timetable->providers);
    free(timetable->categories);
    free(timetable->courses);
    free(timetable->halls);
    free(timetable->rooms);
    free(timetable->instructors);
    free(timetable->holidays);
    free(timetable->closures);
    free(timetable->absences);
    free(timetable->requests);
    free(timetable->series);
    free(timetable->sessions);
    free(timetable->facilities.items);
    free(timetable->audiences.items);
    arena_finish(&timetable->arena);
    free(timetable->priv);
    free(timetable);
}

void timetable_unref(struct timetable *timetable)
{
    /* Release, then acquire by the last: what other threads read is read before it is freed. */
    if (timetable != NULL &&
        atomic_fetch_sub_explicit(&timetable->priv->references, 1, memory_order_acq_rel) == 1) {
        timetable_free(timetable);
    }
}

static bool domain_valid(const char *text)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    size_t length = strnlen(text, DOMAIN_MAX + 1);
    return length > 0 && length <= DOMAIN_MAX && strspn(text, LETTERS) == length;
}

/* Keeps a copy of `text` in *field unless it is NULL. */
static bool city_text_set(struct timetable *timetable, const char **field, const char *text)
{
    if (text == NULL) {
        return true;
    }
    const char *copy = text;
    if (!timetable_keep(timetable, &copy)) {
        return false;
    }
    *field = copy;
    return true;
}

enum error_code timetable_set_city(struct timetable *timetable, const char *city_name, const char *tzid,
                                   const char *uid_domain, const char *organizer, const char *public_url)
{
    struct row_check check = {.zh = "城市", .en = "city"};
    row_check_text(&check, "city_name", city_name, LIMIT_NAME_BYTES, TEXT_OPTIONAL);
    row_check_text(&check, "tzid", tzid, LIMIT_ID_BYTES, TEXT_OPTIONAL);
    row_check_text(&check, "organizer", organizer, LIMIT_NAME_BYTES, TEXT_OPTIONAL);
    row_check_text(&check, "public_url", public_url, LIMIT_NAME_BYTES, TEXT_OPTIONAL);
    if (check.code == ERR_NONE && uid_domain != NULL && !domain_valid(uid_domain)) {
        check.code = ERR_INPUT;
    }
    if (check.code == ERR_NONE) {
        check.code = timetable_open(timetable, NULL);
    }
    if (check.code != ERR_NONE) {
        return check.code;
    }
    bool kept = city_text_set(timetable, &timetable->city_name, city_name) &&
                city_text_set(timetable, &timetable->tzid, tzid) &&
                city_text_set(timetable, &timetable->uid_domain, uid_domain) &&
                city_text_set(timetable, &timetable->organizer, organizer) &&
                city_text_set(timetable, &timetable->public_url, public_url);
    return kept ? ERR_NONE : ERR_MEMORY;
}

/* Digits, and after a point one or two more; -1: something else. */
static int32_t percent_read(const char *text)
{
    int32_t hundredths = 0;
    int decimals = -1;
    size_t length = strnlen(text, 7);
    bool valid = length > 0 && length < 7 && text[0] != '.' && text[length - 1] != '.';
    for (size_t i = 0; valid && i < length; i++) {
        bool point = text[i] == '.' && decimals < 0;
        valid = point || (text[i] >= '0' && text[i] <= '9' && decimals < 2);
        decimals += point || decimals >= 0;
        hundredths = point ? hundredths : hundredths * 10 + (text[i] - '0');
    }
    for (int left = decimals < 0 ? 2 : 2 - decimals; valid && left > 0; left--) {
        hundredths *= 10;
    }
    return valid && hundredths <= 10000 ? hundredths : -1;
}

enum error_code timetable_set_coverage_target(struct timetable *timetable, const char *percent,
                                              struct error *err)
{
    int32_t hundredths = percent_read(percent);
    enum error_code code = timetable_open(timetable, err);
    if (code == ERR_NONE && hundredths < 0) {
        code =
            error_set(err, ERR_INPUT,
                      "覆盖率目标应为 0 至 100 的百分数，如 98 或 98.50 (the coverage target is a percentage "
                      "from 0 to 100, such as 98 or 98.50): %.20s",
                      percent);
    }
    if (code == ERR_NONE) {
        timetable->coverage_target = hundredths;
    }
    return code;
}

/* Bytes of the separator at `text`, or 0. */
static size_t separator_length(const char *text)
{
    static const char *const SEPARATORS[] = {";", ",", " ", "\t", "\n", "\r", "、", "，", "；", "\u3000"};
    for (size_t i = 0; i < sizeof SEPARATORS / sizeof SEPARATORS[0]; i++) {
        size_t length = strlen(SEPARATORS[i]);
        if (strncmp(text, SEPARATORS[i], length) == 0) {
            return length;
        }
    }
    return 0;
}

static uint32_t word_find(const struct name_list *list, const char *word, size_t length)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strncmp(list->items[i], word, length) == 0 && list->items[i][length] == '\0') {
            return (uint32_t)i;
        }
    }
    return NONE;
}

/* Finds the word or, while building, adds it. */
static enum error_code word_index(struct timetable *timetable, struct name_list *list, size_t *capacity,
                                  size_t max, const char *word, size_t length, uint32_t *ret_index,
                                  struct error *err)
{
    uint32_t found = word_find(list, word, length);
    if (found != NONE) {
        *ret_index = found;
        return ERR_NONE;
    }
    if (length > LIMIT_NAME_BYTES || !utf8_valid(word, length)) {
        return error_set(err, ERR_INPUT, "词语过长或编码错误 (a word is too long or not UTF-8): %.*s",
                         (int)utf8_cut(word, length, LIMIT_ID_BYTES), word);
    }
    if (timetable->priv->is_sealed) {
        return error_set(err, ERR_NOT_FOUND, "未知词语 (unknown word): %.*s", (int)length, word);
    }
    if (list->count >= max) {
        return error_set(err, ERR_LIMIT, "词语超过 %zu 个 (more than %zu words): %.*s", max, max, (int)length,
                         word);
    }
    const char **items = vec_reserve(list->items, capacity, list->count + 1, sizeof *items, max);
    if (items == NULL) {
        return timetable_memory(err);
    }
    list->items = items;
    const char *copy = arena_copy_bytes(&timetable->arena, word, length);
    if (copy == NULL) {
        return timetable_memory(err);
    }
    *ret_index = (uint32_t)list->count;
    list->items[list->count++] = copy;
    return ERR_NONE;
}

enum error_code timetable_facility_mask(struct timetable *timetable, const char *words, uint64_t *ret_mask,
                                        struct error *err)
{
    uint64_t mask = 0;
    const char *at = words == NULL ? "" : words;
    while (*at != '\0') {
        size_t skip = separator_length(at);
        if (skip > 0) {
            at += skip;
            continue;
        }
        size_t length = 0;
        while (at[length] != '\0' && separator_length(at + length) == 0) {
            length++;
        }
        uint32_t bit = 0;
        enum error_code code =
            word_index(timetable, &timetable->facilities, &timetable->priv->capacity.facilities,
                       LIMIT_FACILITIES, at, length, &bit, err);
        if (code != ERR_NONE) {
            return code;
        }
        mask |= UINT64_C(1) << bit;
        at += length;
    }
    *ret_mask = mask;
    return ERR_NONE;
}

enum error_code timetable_audience(struct timetable *timetable, const char *word, uint32_t *ret_audience,
                                   struct error *err)
{
    if (word == NULL || *word == '\0') {
        *ret_audience = NONE;
        return ERR_NONE;
    }
    return word_index(timetable, &timetable->audiences, &timetable->priv->capacity.audiences, LIMIT_AUDIENCES,
                      word, strlen(word), ret_audience, err);
}
