/* Lists of who came: names, telephone numbers, signatures. Litang needs head counts and takes nothing else
 * (Personal Information Protection Law, PIPL, article 6: no more than the purpose needs). */
#include "importers/intake.h"

#include <string.h>

enum {
    PERSONAL_ROWS = 30
};

static bool is_word(const char *plain, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(plain, *words) == 0) {
            return true;
        }
    }
    return false;
}

struct personal {
    bool names, signatures, numbers;
};

static struct personal row_words(const struct sheet *sheet, size_t row_index)
{
    static const char *const NAMES[] = {"姓名",     "学员姓名", "参加人",   "参加人员", "参加人姓名",
                                        "参训人员", "学员",     "人员姓名", NULL};
    static const char *const SIGNATURES[] = {"签名",   "签到",   "签字",     "签到人",   "本人签名",
                                             "签名栏", "签到栏", "签到签名", "学员签名", NULL};
    static const char *const NUMBERS[] = {"电话",     "联系电话", "手机",     "手机号",     "手机号码",
                                          "联系方式", "身份证",   "身份证号", "身份证号码", "telephone",
                                          "phone",    "mobile",   NULL};
    const struct sheet_row *row = &sheet->rows[row_index];
    struct personal found = {false, false, false};
    for (uint32_t c = 0; c < row->cell_count; c++) {
        char plain[PLAIN_TEXT_SIZE];
        if (!plain_text(sheet_text(sheet, row, c), plain, sizeof plain)) {
            continue;
        }
        found.names = found.names || is_word(plain, NAMES);
        found.signatures = found.signatures || is_word(plain, SIGNATURES);
        found.numbers = found.numbers || is_word(plain, NUMBERS);
    }
    return found;
}

bool header_is_personal(const struct sheet *sheet, const struct header *header)
{
    bool is_found = false;
    if (header->kind == NULL) {
        for (size_t r = 0; r < sheet->row_count && r < PERSONAL_ROWS; r++) {
            struct personal words = row_words(sheet, r);
            is_found = is_found || (words.names && (words.signatures || words.numbers));
        }
        return is_found;
    }
    bool is_about_sessions = header->kind->kind == IMPORT_SESSIONS || header->kind->kind == IMPORT_ATTENDANCE;
    for (size_t r = header->row_index; r < header_end(header); r++) {
        struct personal words = row_words(sheet, r);
        is_found = is_found || words.signatures || (is_about_sessions && words.names);
    }
    return is_found;
}
