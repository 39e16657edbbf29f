/* One file in every encoding that offices save in, and bytes that fit none. */
#include "base/limits.h"
#include "importers/encoding.h"
#include "tests/importers/support.h"

#include <fcntl.h>
#include <iconv.h>

static char *read_data(const char *name, size_t *ret_length)
{
    FILE *file = fopen(data_path(name), "rb");
    assert_non_null(file);
    char *bytes = malloc(65536);
    assert_non_null(bytes);
    *ret_length = fread(bytes, 1, 65536, file);
    (void)fclose(file);
    return bytes;
}

/* `mark` and then the text in `to`. */
static size_t recode(const char *to, const char *mark, size_t mark_length, char *in, size_t length, char *out,
                     size_t room)
{
    iconv_t cd = iconv_open(to, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    memcpy(out, mark, mark_length);
    char *from = in;
    char *at = out + mark_length;
    size_t left = room - mark_length;
    assert_int_equal(iconv(cd, &from, &length, &at, &left), 0);
    (void)iconv_close(cd);
    return (size_t)(at - out);
}

static void every_encoding_reads_alike(void **state)
{
    static const struct {
        const char *to, *mark;
        size_t mark_length;
        const char *name;
    } CASES[] = {{"UTF-8", "", 0, "UTF-8"},
                 {"UTF-8", "\xEF\xBB\xBF", 3, "UTF-8 BOM"},
                 {"UTF-16LE", "\xFF\xFE", 2, "UTF-16LE"},
                 {"UTF-16BE", "\xFE\xFF", 2, "UTF-16BE"},
                 {"GB18030", "", 0, "GB18030"}};
    struct fixture *fixture = *state;
    import_all_good(fixture);
    for (size_t f = 0; f < GOOD_FILE_COUNT; f++) {
        size_t length = 0;
        char *bytes = read_data(GOOD_FILES[f], &length);
        char *out = malloc(4 * length + 8);
        assert_non_null(out);
        for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
            struct import_report report;
            size_t size =
                recode(CASES[i].to, CASES[i].mark, CASES[i].mark_length, bytes, length, out, 4 * length + 8);
            assert_int_equal(
                import_text(fixture, GOOD_FILES[f], out, size, (struct import_options){0}, &report),
                ERR_NONE);
            assert_string_equal(report.encoding, CASES[i].name);
            assert_int_equal(report.result.created + report.result.updated + report.result.dropped, 0);
            assert_true(report.unchanged > 0);
            import_report_finish(&report);
        }
        free(out);
        free(bytes);
    }
}

/* 垟 峧 镕 and a four-byte character: in GB18030, not in GB2312. */
static void rare_characters_survive(void **state)
{
    char text[] = "垟峧镕㑇𠮷";
    char out[64];
    struct decoded decoded;
    uint32_t row = 0;
    (void)state;
    size_t size = recode("GB18030", "", 0, text, sizeof text - 1, out, sizeof out);
    assert_int_equal(encoding_decode(out, size, &decoded, &row, NULL), ERR_NONE);
    assert_string_equal(decoded.text, text);
    free(decoded.text);
}

static void expect_bad(const char *bytes, size_t length, uint32_t row)
{
    struct decoded decoded = {.text = NULL};
    uint32_t at = 0;
    struct error err;
    assert_int_equal(encoding_decode(bytes, length, &decoded, &at, &err), ERR_SYNTAX);
    assert_int_equal(at, row);
}

static void bytes_that_fit_nowhere_are_placed(void **state)
{
    (void)state;
#define BAD(row, text) expect_bad(text, sizeof(text) - 1, row)
    BAD(3, "a,b\r\n\r\n\xFF\xFF,2\r\n");
    BAD(2, "\xEF\xBB\xBF\xE7\xA4\xBA\n\xE7\xA4\n");
    /* Mostly UTF-8: not taken for GB18030, though its bytes would pass. */
    BAD(2, "示例镇示例村示例镇示例村示例镇示例村,示例\n示例镇示\x81\x30,1\n");
    BAD(2, "\"a\nb\"\nx\xFF\n");
    BAD(2, "ab\nc\0d\n");
    BAD(1, "\xFF\xFE"
           "a\0\x00\xD8");
    BAD(2, "\xFF\xFE"
           "a\0\n\0b");
#undef BAD
}

static void a_huge_file_is_refused_unread(void **state)
{
    struct fixture *fixture = *state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/huge.csv", fixture->folder);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)LIMIT_IMPORT_BYTES + 1), 0);
    (void)close(fd);
    struct import_report report;
    struct error err = {.text = ""};
    import_report_init(&report);
    assert_int_equal(import_file(fixture->store, path, &(struct import_options){.actor = "t"}, &report, &err),
                     ERR_LIMIT);
    assert_int_equal(report.errors.items[0].code, CODE_LIMIT);
    import_report_finish(&report);
    (void)unlink(path);
}

static void errors_stop_at_a_ceiling_and_go_on_counting(void **state)
{
    struct fixture *fixture = *state;
    struct text csv;
    text_init(&csv, LIMIT_IMPORT_BYTES);
    text_add(&csv, "date,name\n");
    for (size_t i = 0; i < LIMIT_IMPORT_ERRORS + 5; i++) {
        text_add(&csv, "x,y\n");
    }
    struct import_report report;
    assert_int_equal(import_text(fixture, "h.csv", csv.data, csv.length,
                                 (struct import_options){.kind = IMPORT_HOLIDAYS}, &report),
                     ERR_INPUT);
    assert_int_equal(report.errors.count, LIMIT_IMPORT_ERRORS);
    assert_int_equal(report.errors.total, LIMIT_IMPORT_ERRORS + 5);
    assert_int_equal(report.rows_bad, LIMIT_IMPORT_ERRORS + 5);
    import_report_finish(&report);
    text_finish(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_encoding_reads_alike, fixture_open, fixture_close),
        cmocka_unit_test(rare_characters_survive),
        cmocka_unit_test(bytes_that_fit_nowhere_are_placed),
        cmocka_unit_test_setup_teardown(a_huge_file_is_refused_unread, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(errors_stop_at_a_ceiling_and_go_on_counting, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
