/* importers/origin: see origin.h. */
#include "importers/origin.h"

#include "base/date.h"
#include "importers/export.h"
#include "importers/guard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rows of one kind at one revision. */
struct state {
    enum import_kind kind;
    int64_t revision;
    struct stored_rows rows;
    struct showing showing;
    bool *is_seen; /* owned; rows that the file holds, when it is a base */
    size_t seen;
};

struct origin {
    struct store *store;
    int64_t now;
    struct state *states[LIMIT_IMPORT_BASES]; /* owned */
    size_t state_count;
    uint32_t stamp_column;         /* of the sheet; NONE */
    char stamp[STORED_STAMP_SIZE]; /* the last one that was looked up */
    int64_t stamp_revision;        /* -1: it is none of this database's */
    bool said_other, was_used;
    uint64_t said_info; /* bits of info columns whose edits were named */
    size_t kept;        /* cells of the sheet that others changed and the file did not */
    struct text base, theirs, yours;
};

struct origin *origin_create(struct store *store, int64_t revision)
{
    struct origin *origin = calloc(1, sizeof *origin);
    if (origin == NULL) {
        return NULL;
    }
    origin->store = store;
    origin->now = revision;
    text_init(&origin->base, LIMIT_IMPORT_CELL_BYTES);
    text_init(&origin->theirs, LIMIT_IMPORT_CELL_BYTES);
    text_init(&origin->yours, LIMIT_IMPORT_CELL_BYTES);
    return origin;
}

static void state_destroy(struct state *state)
{
    showing_finish(&state->showing);
    stored_rows_finish(&state->rows);
    free(state->is_seen);
    free(state);
}

void origin_destroy(struct origin *origin)
{
    if (origin == NULL) {
        return;
    }
    for (size_t i = 0; i < origin->state_count; i++) {
        state_destroy(origin->states[i]);
    }
    text_finish(&origin->base);
    text_finish(&origin->theirs);
    text_finish(&origin->yours);
    free(origin);
}

bool origin_was_used(const struct origin *origin)
{
    return origin->was_used;
}

void origin_begin(struct intake *intake)
{
    struct origin *origin = intake->origin;
    uint32_t width = header_width(intake->sheet, intake->header);
    origin->stamp_column = NONE;
    origin->kept = 0;
    origin->said_info = 0;
    for (uint32_t c = 0; c < width; c++) {
        if (strcmp(header_text(intake->sheet, intake->header, c), EXPORT_STAMP_HEADER) == 0) {
            origin->stamp_column = c;
        }
    }
}

static void fail(struct intake *intake, enum error_code code)
{
    intake->failed = code == ERR_NONE ? ERR_MEMORY : code;
}

/* Loads what is not there yet. NULL: too many bases (reported), or a failure. */
static struct state *state_get(struct intake *intake, int64_t revision)
{
    struct origin *origin = intake->origin;
    const struct kind *kind = intake->header->kind;
    for (size_t i = 0; i < origin->state_count; i++) {
        if (origin->states[i]->kind == kind->kind && origin->states[i]->revision == revision) {
            return origin->states[i];
        }
    }
    if (origin->state_count == LIMIT_IMPORT_BASES) {
        intake_error(intake, INTAKE_NO_COLUMN, CODE_LIMIT,
                     "表中混有太多次导出的行；请按导出的次数分成几个文件",
                     "rows of too many exports in one file; split it by export", NULL);
        return NULL;
    }
    struct state *state = calloc(1, sizeof *state);
    struct error err = {.text = ""};
    if (state == NULL) {
        fail(intake, ERR_MEMORY);
        return NULL;
    }
    state->kind = kind->kind;
    state->revision = revision;
    enum error_code code = stored_rows_load(origin->store, kind->shown, revision, &state->rows, &err);
    if (code == ERR_NONE) {
        code = showing_init(&state->showing, &state->rows, kind_stored(kind), &err);
    }
    if (code == ERR_NONE) {
        state->is_seen = calloc(state->rows.tables[kind_stored(kind)].count + 1, sizeof *state->is_seen);
        code = state->is_seen == NULL ? ERR_MEMORY : ERR_NONE;
    }
    if (code != ERR_NONE) {
        state_destroy(state);
        fail(intake, code);
        return NULL;
    }
    origin->states[origin->state_count++] = state;
    return state;
}

/* The revision of the current row's stamp; -1: none, or not of this database (said once). */
static int64_t row_revision(struct intake *intake)
{
    struct origin *origin = intake->origin;
    const char *stamp =
        origin->stamp_column == NONE ? "" : sheet_text(intake->sheet, intake->row, origin->stamp_column);
    if (*stamp == '\0' || strlen(stamp) >= sizeof origin->stamp) {
        return -1;
    }
    if (strcmp(stamp, origin->stamp) != 0) {
        struct error err = {.text = ""};
        int64_t revision = -1;
        enum error_code code = stored_stamp_read(origin->store, stamp, &revision, &err);
        if (code != ERR_NONE && code != ERR_SYNTAX && code != ERR_NOT_FOUND) {
            fail(intake, code);
        }
        memcpy(origin->stamp, stamp, strlen(stamp) + 1);
        origin->stamp_revision = revision > origin->now ? -1 : revision;
    }
    if (origin->stamp_revision < 0 && !origin->said_other) {
        origin->said_other = true;
        intake_warn(
            intake, INTAKE_NO_COLUMN, CODE_OTHER_BASE,
            "版本标记“%s”不是这个数据库的；此类行按普通表格导入，不与导出时比较",
            "mark \"%s\" is not of this database; such rows are taken as they are, compared with nothing",
            stamp);
    }
    return origin->stamp_revision;
}

/* The key of the current row as the stored rows have it; NULL when the cell is empty or wrong. */
static const char *row_key(struct intake *intake)
{
    const struct column *column = &intake->header->kind->columns[intake->header->kind->key];
    const char *text = intake_cell(intake, intake->header->kind->key);
    struct value value = VALUE_NONE;
    struct fault fault;
    if (*text == '\0' || !column->parse(&column->rule, text, &intake->context, &value, &fault)) {
        return NULL;
    }
    if (column->parse == value_date) {
        return cell_date(intake, "", value.number).text;
    }
    if (*value.text != '\0') {
        return value.text;
    }
    char number[STORED_NUMBER_SIZE];
    (void)snprintf(number, sizeof number, "%" PRId64, value.number);
    return intake_keep(intake, number);
}

/* A shown cell as it would come back: without blanks around it, line breaks as LF. */
static void normalise(struct text *text)
{
    const char *bytes = text_string(text);
    size_t length = text->length;
    cell_trim(&bytes, &length);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        bool is_pair = bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n';
        if (!is_pair) {
            text->data[used++] = bytes[i] == '\r' ? '\n' : bytes[i];
        }
    }
    if (text->data != NULL) {
        text->data[used] = '\0';
    }
    text->length = used;
}

static void cell_of(struct intake *intake, struct state *state, const struct stored_row *row, size_t column,
                    struct text *out)
{
    state->showing.row = row;
    text_clear(out);
    kind_show(intake->header->kind, column, &state->showing, out);
    if (out->failed != ERR_NONE) {
        fail(intake, out->failed);
    }
    normalise(out);
}

/* Do both texts mean the same to the column's parser? */
static bool means_same(struct intake *intake, size_t column, const char *a, const char *b)
{
    const struct column *about = &intake->header->kind->columns[column];
    struct value left = VALUE_NONE;
    struct value right = left;
    struct fault fault;
    if (strcmp(a, b) == 0) {
        return true;
    }
    return *a != '\0' && *b != '\0' && about->parse(&about->rule, a, &intake->context, &left, &fault) &&
           about->parse(&about->rule, b, &intake->context, &right, &fault) && left.number == right.number &&
           left.number_to == right.number_to && left.days == right.days && left.from_min == right.from_min &&
           left.to_min == right.to_min && strcmp(left.text, right.text) == 0;
}

struct comparison {
    struct state *base, *now;
    const struct stored_row *base_row, *now_row; /* now_row NULL: deleted */
    uint64_t in_file;                            /* exported columns that the file still has */
    uint64_t edited;                             /* by the file */
    uint64_t moved;                              /* by others, since */
    uint64_t conflict;                           /* by both, differently */
};

static void cell_compare(struct intake *intake, size_t column, struct comparison *of)
{
    struct origin *origin = intake->origin;
    uint64_t bit = UINT64_C(1) << column;
    text_clear(&origin->yours);
    text_add(&origin->yours, intake_cell(intake, column));
    normalise(&origin->yours);
    const char *yours = text_string(&origin->yours);
    cell_of(intake, of->base, of->base_row, column, &origin->base);
    of->in_file |= bit;
    of->edited |= means_same(intake, column, text_string(&origin->base), yours) ? 0 : bit;
    if (of->now_row == NULL) {
        return;
    }
    cell_of(intake, of->now, of->now_row, column, &origin->theirs);
    const char *theirs = text_string(&origin->theirs);
    if (strcmp(text_string(&origin->base), theirs) == 0) {
        return;
    }
    of->moved |= bit;
    if ((of->edited & bit) != 0) {
        bool is_same = means_same(intake, column, theirs, yours);
        of->edited &= is_same ? ~bit : of->edited;
        of->conflict |= is_same ? 0 : bit;
    }
}

/* Who changed the column last: what became of a session stands in a table of its own. */
static void last_change(const struct intake *intake, size_t column, const struct comparison *of,
                        struct stored_change *ret_change)
{
    struct store *store = intake->origin->store;
    const struct kind *kind = intake->header->kind;
    const char *key = of->now_row->key;
    *ret_change = (struct stored_change){0};
    if ((kind->outcomes >> column & 1U) != 0) {
        (void)stored_last_change(store, TABLE_ATTENDANCE, key, of->base->revision, ret_change, NULL);
    }
    if (ret_change->revision == 0) {
        (void)stored_last_change(store, kind_stored(kind), key, of->base->revision, ret_change, NULL);
    }
}

static void report_conflict(struct intake *intake, size_t column, const struct comparison *of)
{
    struct origin *origin = intake->origin;
    struct stored_change change = {0};
    char zh[FAULT_TEXT_SIZE];
    char en[FAULT_TEXT_SIZE];
    last_change(intake, column, of, &change);
    cell_of(intake, of->base, of->base_row, column, &origin->base);
    cell_of(intake, of->now, of->now_row, column, &origin->theirs);
    const char *base = text_string(&origin->base);
    const char *theirs = text_string(&origin->theirs);
    const char *yours = intake_cell(intake, column);
    enum {
        PART = 60 /* bytes of a value that are shown */
    };
    int b = (int)utf8_cut(base, strlen(base), PART);
    int t = (int)utf8_cut(theirs, strlen(theirs), PART);
    int y = (int)utf8_cut(yours, strlen(yours), PART);
    int a = (int)utf8_cut(change.actor, strlen(change.actor), PART);
    (void)snprintf(zh, sizeof zh,
                   "两边都改了：导出时“%.*s”，库中现为“%.*s”（版本 %" PRId64 "，%.*s），表中为“%.*s”；"
                   "请定下用哪个，重新导出后再改",
                   b, base, t, theirs, change.revision, a, change.actor, y, yours);
    (void)snprintf(en, sizeof en,
                   "changed on both sides: \"%.*s\" when exported, now \"%.*s\" (revision %" PRId64
                   ", %.*s), \"%.*s\" in the file; decide, and edit a new export",
                   b, base, t, theirs, change.revision, a, change.actor, y, yours);
    intake_error_text(intake, column, CODE_BOTH_CHANGED, zh, en);
}

/* Columns that are changed as one take the file's side together, or clash together. */
static void wholes_apply(const struct kind *kind, struct comparison *of)
{
    for (size_t i = 0; i < sizeof kind->wholes / sizeof *kind->wholes; i++) {
        uint64_t whole = kind->wholes[i];
        if ((of->edited & whole) == 0) {
            continue;
        }
        if ((of->moved & whole) != 0) {
            of->conflict |= (of->edited | of->moved) & whole;
        }
        of->edited |= of->in_file & whole;
    }
}

/* An emptied cell that leaves the value as it is would pass for done. */
static void warn_emptied(struct intake *intake, size_t column, const struct comparison *of)
{
    uint64_t bit = UINT64_C(1) << column;
    if ((of->edited & intake->header->kind->keeps & bit) != 0 && !intake_filled(intake, column)) {
        cell_of(intake, of->now, of->now_row, column, &intake->origin->theirs);
        if (intake->origin->theirs.length > 0) {
            intake_warn(intake, column, CODE_KEPT, "此列空着表示不改，保留“%s”",
                        "an empty cell changes nothing here; \"%s\" stays",
                        text_string(&intake->origin->theirs));
        }
    }
}

/* The file's edits over what is stored now, for the kind's function. */
static void values_fill(struct intake *intake, const struct comparison *of)
{
    struct origin *origin = intake->origin;
    const struct kind *kind = intake->header->kind;
    intake->is_compared = true;
    intake->unchanged = of->in_file & ~of->edited;
    for (size_t i = 0; i < kind->column_count; i++) {
        uint64_t bit = UINT64_C(1) << i;
        intake->values[i] = VALUE_NONE;
        if ((of->in_file & bit) == 0 || (of->edited & bit) != 0) {
            intake_parse(intake, i, intake_cell(intake, i));
            warn_emptied(intake, i, of);
        } else if ((kind->when_changed & bit) == 0) {
            const struct column *column = &kind->columns[i];
            struct fault fault;
            cell_of(intake, of->now, of->now_row, i, &origin->theirs);
            const char *text = intake_keep(intake, text_string(&origin->theirs));
            if (*text != '\0' &&
                !column->parse(&column->rule, text, &intake->context, &intake->values[i], &fault)) {
                intake->values[i] = VALUE_NONE;
            }
        }
    }
}

/* The names beside the ids are for reading; whoever edits one is told. */
static void infos_compare(struct intake *intake, const struct comparison *of)
{
    struct origin *origin = intake->origin;
    const struct kind *kind = intake->header->kind;
    uint32_t width = header_width(intake->sheet, intake->header);
    for (size_t i = 0; i < kind->info_count; i++) {
        const struct column_form form = {.stored = kind->infos[i].stored};
        uint32_t at = 0;
        while (at < width &&
               strcmp(header_text(intake->sheet, intake->header, at), kind->infos[i].header) != 0) {
            at++;
        }
        if (at == width || (origin->said_info >> i & 1U) != 0) {
            continue;
        }
        of->base->showing.row = of->base_row;
        text_clear(&origin->base);
        kind->infos[i].show(&of->base->showing, &form, &origin->base);
        normalise(&origin->base);
        const char *text = guard_take(sheet_text(intake->sheet, intake->row, at), &intake->arena);
        text_clear(&origin->yours);
        text_add(&origin->yours, text != NULL ? text : "");
        normalise(&origin->yours);
        if (strcmp(text_string(&origin->base), text_string(&origin->yours)) != 0) {
            origin->said_info |= UINT64_C(1) << i;
            intake_warn(
                intake, INTAKE_NO_COLUMN, CODE_IGNORED_COLUMN,
                "列“%s”只供查看，其中的改动不导入；请改编号所在的列",
                "column \"%s\" is for reading only; edits in it are not taken, edit the column of ids",
                kind->infos[i].header);
        }
    }
}

static enum origin_verdict deleted(struct intake *intake, const struct comparison *of, const char *key)
{
    if (of->edited == 0) {
        intake_warn(intake, intake->header->kind->key, CODE_KEPT,
                    "“%s”在导出后已被删除，本行没有改动，未导入",
                    "\"%s\" was deleted since the export; the row was not edited and is left out", key);
        return ORIGIN_DONE;
    }
    intake_error(
        intake, intake->header->kind->key, CODE_DELETED,
        "“%s”在导出后已被删除，而表中改了它；要恢复请清空本行的版本标记再导入",
        "\"%s\" was deleted since the export, and the file edits it; to bring it back, clear the row's mark "
        "and import again",
        key);
    return ORIGIN_DONE;
}

/* The key is new to the export, but somebody made it meanwhile. */
static enum origin_verdict made_meanwhile(struct intake *intake, struct comparison *of, const char *key)
{
    const struct kind *kind = intake->header->kind;
    bool is_same = true;
    for (size_t i = 0; i < kind->column_count && is_same; i++) {
        if (kind_shows(kind, i) && intake_has(intake, i)) {
            cell_of(intake, of->now, of->now_row, i, &intake->origin->theirs);
            is_same = means_same(intake, i, text_string(&intake->origin->theirs), intake_cell(intake, i));
        }
    }
    if (!is_same) {
        intake_error(intake, intake->header->kind->key, CODE_BOTH_CHANGED,
                     "“%s”在导出时没有，现在库中已有，且内容与本行不同；请重新导出后再改",
                     "\"%s\" was not there when this was exported; it is now, and differs; edit a new export",
                     key);
        return ORIGIN_DONE;
    }
    intake->report->rows_unedited++;
    return ORIGIN_DONE;
}

static enum origin_verdict compared(struct intake *intake, struct comparison *of, struct state *base,
                                    const char *key)
{
    const struct kind *kind = intake->header->kind;
    size_t position = (size_t)(of->base_row - base->rows.tables[kind_stored(kind)].rows);
    base->seen += base->is_seen[position] ? 0 : 1;
    base->is_seen[position] = true;
    for (size_t i = 0; i < kind->column_count; i++) {
        if (kind_shows(kind, i) && intake_has(intake, i)) {
            cell_compare(intake, i, of);
        } else if (intake_filled(intake, i)) {
            of->edited |= UINT64_C(1) << i; /* a column that exports do not have, e.g. one of GCJ-02 */
        }
    }
    infos_compare(intake, of);
    if (of->now_row == NULL) {
        return deleted(intake, of, key);
    }
    wholes_apply(kind, of);
    for (size_t i = 0; i < kind->column_count; i++) {
        if ((of->conflict >> i & 1U) != 0) {
            report_conflict(intake, i, of);
        }
        intake->origin->kept += (of->moved & ~of->edited) >> i & 1U;
    }
    if (of->edited == 0) {
        intake_claim(intake, kind->key, key);
        intake->report->rows_unedited += intake->row_errors == 0 ? 1 : 0;
        return ORIGIN_DONE;
    }
    values_fill(intake, of);
    return intake->row_errors > 0 ? ORIGIN_DONE : ORIGIN_TAKE;
}

enum origin_verdict origin_row(struct intake *intake)
{
    struct origin *origin = intake->origin;
    const struct kind *kind = intake->header->kind;
    int64_t revision = intake_has(intake, kind->key) ? row_revision(intake) : -1;
    const char *key = revision < 0 ? NULL : row_key(intake);
    if (key == NULL) {
        return ORIGIN_PLAIN;
    }
    struct state *base = state_get(intake, revision);
    struct state *now = base == NULL ? NULL : state_get(intake, origin->now);
    if (now == NULL) {
        return ORIGIN_DONE;
    }
    origin->was_used = true;
    struct comparison of = {.base = base, .now = now};
    of.base_row = showing_find(&base->showing, kind_stored(kind), key);
    of.now_row = showing_find(&now->showing, kind_stored(kind), key);
    if (of.base_row == NULL) {
        return of.now_row == NULL ? ORIGIN_PLAIN : made_meanwhile(intake, &of, key);
    }
    return compared(intake, &of, base, key);
}

void origin_end(struct intake *intake)
{
    struct origin *origin = intake->origin;
    const struct kind *kind = intake->header->kind;
    char count[STORED_NUMBER_SIZE];
    intake->row = &intake->sheet->rows[intake->header->row_index];
    for (size_t i = 0; i < origin->state_count; i++) {
        const struct state *state = origin->states[i];
        size_t rows = state->rows.tables[kind_stored(kind)].count;
        if (state->kind == kind->kind && state->seen > 0 && state->seen < rows) {
            (void)snprintf(count, sizeof count, "%zu", rows - state->seen);
            intake_warn(intake, INTAKE_NO_COLUMN, CODE_NOT_DELETED,
                        "导出的行中有 %s 行不在表里，它们保持不变；导入不删除记录",
                        "%s rows of the export are not in the file; they stay, an import deletes nothing",
                        count);
        }
    }
    if (origin->kept > 0) {
        (void)snprintf(count, sizeof count, "%zu", origin->kept);
        intake_warn(
            intake, INTAKE_NO_COLUMN, CODE_KEPT,
            "有 %s 个单元格在导出后已在库中改动，而表中没有改；保留库中的值",
            "%s cells were changed in the database since the export and not in the file; they stay so",
            count);
    }
}
