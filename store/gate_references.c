/* Foreign keys are deferred while a commit runs, so that the order of rows in a set does not matter; before
 * the commit the row that refers to nothing is looked up and named. */
#include "store/gate.h"

#include <inttypes.h>
#include <string.h>

/* The columns of the n-th foreign key of a table. */
static void column_name(sqlite3 *db, const char *table, int64_t key, char *ret_name, int size)
{
    struct statement list;
    bool row = true;
    if (statement_prepare(&list, db, "SELECT \"from\" FROM pragma_foreign_key_list(:table) WHERE id = :id",
                          NULL) != ERR_NONE) {
        return;
    }
    statement_text(&list, ":table", table);
    statement_integer(&list, ":id", key);
    if (statement_step(&list, &row, NULL) == ERR_NONE && row) {
        sqlite3_snprintf(size, ret_name, "%s", column_text(&list, 0));
    }
    statement_finish(&list);
}

/* The value of the first columns of a row by its rowid: enough to find it. */
static void row_words(sqlite3 *db, const char *table, int64_t rowid, const char *column, char *ret_words,
                      int size)
{
    char sql[256];
    struct statement rows;
    bool row = true;
    sqlite3_snprintf((int)sizeof sql, sql, "SELECT *, \"%w\" FROM \"%w\" WHERE rowid = :rowid", column,
                     table);
    if (statement_prepare(&rows, db, sql, NULL) != ERR_NONE) {
        return;
    }
    statement_integer(&rows, ":rowid", rowid);
    if (statement_step(&rows, &row, NULL) == ERR_NONE && row) {
        int last = sqlite3_column_count(rows.handle) - 1;
        const char *id = column_text(&rows, 0);
        const char *value = column_text(&rows, last);
        sqlite3_snprintf(size, ret_words, "%s: %s = \"%s\"", id != NULL ? id : "", column,
                         value != NULL ? value : "");
    }
    statement_finish(&rows);
}

enum error_code gate_check_references(struct gate *gate, struct error *err)
{
    int open = 0;
    int highest = 0;
    (void)sqlite3_db_status(gate->db, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0);
    if (open == 0) {
        return ERR_NONE;
    }
    struct statement check;
    bool row = false;
    enum error_code code = statement_prepare(&check, gate->db, "PRAGMA foreign_key_check", err);
    if (code == ERR_NONE) {
        code = statement_step(&check, &row, err);
    }
    if (code == ERR_NONE && row) {
        char column[64] = "?";
        char words[512] = "";
        const char *table = column_text(&check, 0);
        column_name(gate->db, table, column_integer(&check, 3), column, (int)sizeof column);
        row_words(gate->db, table, column_integer(&check, 1), column, words, (int)sizeof words);
        code = error_set(err, ERR_INPUT, "%s %s: %s 中没有这一行 (there is no such %s)", table, words,
                         column_text(&check, 2), column_text(&check, 2));
    }
    statement_finish(&check);
    return code;
}
