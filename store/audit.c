#include "store/audit.h"

#include "base/limits.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

void audit_init(struct audit *audit)
{
    *audit = (struct audit){0};
    arena_init(&audit->arena);
    map_init(&audit->index);
}

void audit_finish(struct audit *audit)
{
    map_finish(&audit->index);
    free(audit->items);
    arena_finish(&audit->arena);
}

static enum error_code memory_error(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

/* "table key": no table name holds a blank. */
static char *index_key(struct audit *audit, const char *table, const char *key)
{
    size_t head = strlen(table);
    size_t size = head + strlen(key) + 2;
    char *text = arena_alloc(&audit->arena, size);
    if (text != NULL) {
        memcpy(text, table, head);
        text[head] = ' ';
        memcpy(text + head + 1, key, size - head - 1);
    }
    return text;
}

enum error_code audit_note(struct audit *audit, const char *table, const char *key, const char *before,
                           const char *after, struct error *err)
{
    char *name = index_key(audit, table, key);
    const char *copy = arena_copy_text(&audit->arena, after);
    if (name == NULL || (copy == NULL && after != NULL)) {
        return memory_error(err);
    }
    uint32_t known = map_get(&audit->index, name);
    if (known != MAP_NONE) {
        audit->items[known].after = copy;
        return ERR_NONE;
    }
    struct audit_entry entry = {table, name + strlen(table) + 1, arena_copy_text(&audit->arena, before),
                                copy};
    if (entry.before == NULL && before != NULL) {
        return memory_error(err);
    }
    enum error_code code;
    VEC_PUSH(code, audit, entry, LIMIT_ROWS);
    if (code == ERR_NONE) {
        code = map_add(&audit->index, name, (uint32_t)(audit->count - 1));
    }
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "audit of %zu rows", audit->count);
}

bool audit_entry_counts(const struct audit_entry *entry)
{
    if (entry->before == NULL || entry->after == NULL) {
        return entry->before != entry->after;
    }
    return strcmp(entry->before, entry->after) != 0;
}

size_t audit_changes(const struct audit *audit)
{
    size_t changes = 0;
    for (size_t i = 0; i < audit->count; i++) {
        changes += audit_entry_counts(&audit->items[i]);
    }
    return changes;
}

enum error_code audit_write(const struct audit *audit, sqlite3 *db, int64_t revision, struct error *err)
{
    struct statement insert;
    enum error_code code =
        statement_prepare(&insert, db,
                          "INSERT INTO audit (revision_id, seq, table_name, row_key, before, after) "
                          "VALUES (:revision, :seq, :table, :key, :before, :after)",
                          err);
    int64_t seq = 0;
    for (size_t i = 0; i < audit->count && code == ERR_NONE; i++) {
        const struct audit_entry *entry = &audit->items[i];
        if (audit_entry_counts(entry)) {
            statement_integer(&insert, ":revision", revision);
            statement_integer(&insert, ":seq", seq++);
            statement_text(&insert, ":table", entry->table);
            statement_text(&insert, ":key", entry->key);
            statement_text(&insert, ":before", entry->before);
            statement_text(&insert, ":after", entry->after);
            code = statement_run(&insert, err);
        }
    }
    statement_finish(&insert);
    return code;
}
