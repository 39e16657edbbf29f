/* Two processes want one room at one time, two hundred times: one wins, the other is told who has it. */
#include "sample.h"

#include <sys/wait.h>

enum {
    ROUNDS = 200
};

/* What a child reports through its pipe. */
struct report {
    enum error_code code;
    int64_t own_id, other_id;
    char text[ERROR_TEXT_MAX];
};

static void child_book(const struct sample *parent, int32_t day, const char *instructor, int wait_fd,
                       int report_fd)
{
    struct sample sample = *parent;
    struct commit_result result = {0};
    struct error error = {0};
    struct report report = {0};
    char go;
    sample.store = NULL;
    report.code = store_open(sample.path, STORE_OPEN, sample_clock(&sample.now_s), &sample.store, &error);
    struct change_set *set = NULL;
    struct session_new session = sample_session("R1", instructor, day, NOON);
    if (report.code == ERR_NONE && change_set_create(instructor, "抢课", "race", &set, &error) == ERR_NONE &&
        change_set_session_new(set, &session, &error) == ERR_NONE && read(wait_fd, &go, 1) == 1) {
        report.code = store_commit(sample.store, set, false, &result, &error);
        report.own_id = result.new_session_count == 1 ? result.new_session_ids[0] : 0;
        report.other_id = result.clashes.count > 0 ? result.clashes.items[0].other.session_id : 0;
    }
    memcpy(report.text, error.text, sizeof report.text);
    commit_result_finish(&result);
    change_set_destroy(set);
    store_close(sample.store);
    _exit(write(report_fd, &report, sizeof report) == sizeof report ? 0 : 1);
}

static void race_once(const struct sample *sample, int32_t day, struct report reports[2])
{
    static const char *const PEOPLE[] = {"I1", "I2"};
    int go[2];
    int back[2][2];
    pid_t children[2];
    assert_int_equal(pipe(go), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pipe(back[i]), 0);
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            child_book(sample, day, PEOPLE[i], go[0], back[i][1]);
        }
    }
    assert_int_equal(write(go[1], "gg", 2), 2);
    for (int i = 0; i < 2; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        assert_int_equal(read(back[i][0], &reports[i], sizeof reports[i]), sizeof reports[i]);
        close(back[i][0]);
        close(back[i][1]);
    }
    close(go[0]);
    close(go[1]);
}

static void exactly_one_wins(void **state)
{
    struct sample sample;
    (void)state;
    sample_city(&sample);
    store_close(sample.store); /* no connection crosses a fork */
    sample.store = NULL;
    for (int round = 0; round < ROUNDS; round++) {
        struct report reports[2];
        race_once(&sample, SAMPLE_DAY + round, reports);
        int winner = reports[0].code == ERR_NONE ? 0 : 1;
        const struct report *lost = &reports[1 - winner];
        if (reports[winner].code != ERR_NONE || lost->code != ERR_CLASH) {
            fail_msg("round %d: %s (%s) and %s (%s)", round, error_name(reports[0].code), reports[0].text,
                     error_name(reports[1].code), reports[1].text);
        }
        assert_int_equal(lost->other_id, reports[winner].own_id);
        assert_non_null(strstr(lost->text, winner == 0 ? "示例甲" : "示例乙"));
    }
    struct error error = {0};
    EXPECT(ERR_NONE, store_open(sample.path, STORE_OPEN, sample_clock(&sample.now_s), &sample.store, &error));
    assert_int_equal(sample_session_count(&sample), ROUNDS);
    sample_end(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_one_wins),
    };
    return cmocka_run_group_tests_name("store.race", tests, NULL, NULL);
}
