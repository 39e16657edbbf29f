/* Names that are almost the one that was written: for "is it one of these?", never for taking one of them. */
#include "base/text.h"
#include "importers/lookup.h"
#include "importers/values.h"

#include <string.h>

enum {
    /* Longer names are cut: place names have a dozen characters. */
    NAME_POINTS = 40,
    /* Names of up to this many characters may differ in one, longer ones in two. */
    SHORT_POINTS = 4,
    FAR = 100
};

struct points {
    uint32_t at[NAME_POINTS];
    size_t count;
};

/* Characters that two people write in two ways. */
static uint32_t point_fold(uint32_t point)
{
    static const uint32_t PAIRS[][2] = {
        {0x79AE, 0x793C} /* 禮 礼 */, {0x93AE, 0x9547} /* 鎮 镇 */, {0x9109, 0x4E61} /* 鄉 乡 */,
        {0x7E23, 0x53BF} /* 縣 县 */, {0x5340, 0x533A} /* 區 区 */, {0x838A, 0x5E84} /* 莊 庄 */,
        {0x5DBA, 0x5CAD} /* 嶺 岭 */, {0x7063, 0x6E7E} /* 灣 湾 */, {0x6A4B, 0x6865} /* 橋 桥 */,
        {0x6771, 0x4E1C} /* 東 东 */, {0x9580, 0x95E8} /* 門 门 */, {0x9F8D, 0x9F99} /* 龍 龙 */,
        {0x982D, 0x5934} /* 頭 头 */, {0x9673, 0x9648} /* 陳 陈 */, {0x8449, 0x53F6} /* 葉 叶 */,
        {0x694A, 0x6768} /* 楊 杨 */, {0x5F35, 0x5F20} /* 張 张 */, {0x99AC, 0x9A6C} /* 馬 马 */,
        {0x9EC3, 0x9EC4} /* 黃 黄 */, {0x5CF6, 0x5C9B} /* 島 岛 */, {0x5EE3, 0x5E7F} /* 廣 广 */,
        {0x5834, 0x573A} /* 場 场 */, {0x5B78, 0x5B66} /* 學 学 */, {0x6703, 0x4F1A} /* 會 会 */,
        {0x66F8, 0x4E66} /* 書 书 */, {0x6A02, 0x4E50} /* 樂 乐 */, {0x9435, 0x94C1} /* 鐵 铁 */,
        {0x7D05, 0x7EA2} /* 紅 红 */, {0x96F2, 0x4E91} /* 雲 云 */, {0x85CD, 0x84DD} /* 藍 蓝 */};
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        if (PAIRS[i][0] == point) {
            return PAIRS[i][1];
        }
    }
    return point;
}

static void points_fill(const char *text, size_t length, struct points *points)
{
    points->count = 0;
    for (size_t at = 0; at < length && points->count < NAME_POINTS;) {
        uint32_t point = 0;
        size_t step = utf8_next(text + at, length - at, &point);
        at += step == 0 ? 1 : step;
        points->at[points->count++] = point_fold(point);
    }
}

static void name_fold(enum lookup_table table, const char *name, struct points *ret_points)
{
    char plain[LIMIT_NAME_BYTES + 8];
    ret_points->count = 0;
    if (plain_text(name, plain, sizeof plain)) {
        points_fill(plain, lookup_stem(table, plain), ret_points);
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance, in characters. */
static size_t distance(const struct points *a, const struct points *b)
{
    size_t row[NAME_POINTS + 1];
    for (size_t j = 0; j <= b->count; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a->count; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b->count; j++) {
            size_t above = row[j];
            size_t change = corner + (a->at[i - 1] == b->at[j - 1] ? 0 : 1);
            row[j] = least(change, least(row[j - 1], above) + 1);
            corner = above;
        }
    }
    return row[b->count];
}

static bool holds(const struct points *whole, const struct points *part)
{
    for (size_t from = 0; part->count >= 2 && from + part->count <= whole->count; from++) {
        if (memcmp(&whole->at[from], part->at, part->count * sizeof *part->at) == 0) {
            return true;
        }
    }
    return false;
}

static size_t nearness(const struct points *wanted, const struct points *name)
{
    size_t gap = wanted->count > name->count ? wanted->count - name->count : name->count - wanted->count;
    size_t allowed = least(wanted->count, name->count) <= SHORT_POINTS ? 1 : 2;
    if (name->count < 2 || wanted->count < 2) {
        return FAR;
    }
    size_t far = gap <= allowed ? distance(wanted, name) : FAR;
    if (far <= allowed) {
        return far;
    }
    return holds(wanted, name) || holds(name, wanted) ? allowed + 1 : FAR;
}

void lookup_near(const struct timetable *timetable, enum lookup_table table, const char *name,
                 const struct lookup_filter *filter, struct lookup_answer *ret_answer)
{
    enum {
        WANTED = 3
    };
    struct points wanted;
    size_t far[WANTED];
    *ret_answer = (struct lookup_answer){.count = 0};
    name_fold(table, name, &wanted);
    for (uint32_t i = 0; i < lookup_count(timetable, table); i++) {
        struct points points;
        if (!lookup_passes(timetable, table, i, filter)) {
            continue;
        }
        name_fold(table, lookup_name(timetable, table, i), &points);
        size_t near = nearness(&wanted, &points);
        size_t at = ret_answer->count;
        while (at > 0 && near < far[at - 1]) {
            at--;
        }
        if (near == FAR || at == WANTED) {
            continue;
        }
        for (size_t k = least(ret_answer->count, WANTED - 1); k > at; k--) {
            far[k] = far[k - 1];
            ret_answer->found[k] = ret_answer->found[k - 1];
        }
        far[at] = near;
        ret_answer->found[at] = i;
        ret_answer->count += ret_answer->count < WANTED ? 1 : 0;
    }
}

bool lookup_same_name(enum lookup_table table, const char *a, const char *b)
{
    struct points first;
    struct points second;
    name_fold(table, a, &first);
    name_fold(table, b, &second);
    return first.count > 0 && first.count == second.count &&
           memcmp(first.at, second.at, first.count * sizeof *first.at) == 0;
}

static bool is_telling(uint32_t point)
{
    static const uint32_t TELLING[] = {0x4E00,
                                       0x4E8C,
                                       0x4E09,
                                       0x56DB,
                                       0x4E94,
                                       0x516D,
                                       0x4E03,
                                       0x516B,
                                       0x4E5D,
                                       0x5341 /* 一 … 十 */,
                                       0x4E1C,
                                       0x897F,
                                       0x5357,
                                       0x5317,
                                       0x4E2D /* 东西南北中 */,
                                       0x4E0A,
                                       0x4E0B,
                                       0x524D,
                                       0x540E /* 上下前后 */,
                                       0x5DE6,
                                       0x53F3,
                                       0x91CC,
                                       0x5916 /* 左右里外 */,
                                       0x5927,
                                       0x5C0F,
                                       0x65B0,
                                       0x8001 /* 大小新老 */};
    for (size_t i = 0; i < sizeof TELLING / sizeof *TELLING; i++) {
        if (TELLING[i] == point) {
            return true;
        }
    }
    return point >= '0' && point <= '9';
}

bool lookup_is_slip(enum lookup_table table, const char *a, const char *b)
{
    struct points first;
    struct points second;
    name_fold(table, a, &first);
    name_fold(table, b, &second);
    if (least(first.count, second.count) < 3 || distance(&first, &second) != 1) {
        return false;
    }
    for (size_t i = 0; i < first.count && first.count == second.count; i++) {
        if (first.at[i] != second.at[i]) {
            return !(is_telling(first.at[i]) && is_telling(second.at[i]));
        }
    }
    return true;
}
