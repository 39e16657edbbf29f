/* cli/cmd_export: export and template, a kind's table as a file: its rows to edit and import again, or a form
 * to fill in. */
#include "cli/cli.h"
#include "cli/output.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* export_kind or export_template. */
typedef enum error_code (*table_maker)(struct store *store, enum import_kind kind, enum export_format format,
                                       struct exported *ret_exported, struct error *err);

/* Both commands but for what is in the table; `counted` says how many rows went into a file. */
static int table_command(struct cli *cli, int argc, char **argv, const struct arg_usage *usage,
                         table_maker make, bool counted)
{
    const char *format_name = NULL;
    const char *path = NULL;
    bool force = false;
    const struct arg_spec specs[] = {
        {"format", ARG_TEXT, &format_name, "xlsx|csv",
         "默认看文件名，否则 csv / default: by the file's name, else csv", 0, 0},
        {"output", ARG_TEXT, &path, "FILE", "-o：写到文件 / into a file instead of standard output", 0, 0},
        {"force", ARG_FLAG, &force, "", "覆盖已有文件 / overwrite", 0, 0},
        {0}};
    const char *word[1];
    size_t words = 0;
    enum import_kind kind = IMPORT_AUTO;
    enum export_format format = EXPORT_CSV;
    struct store *store = NULL;
    int code = args_parse(argc, argv, usage, specs, word, 1, 1, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    if (!output_kind(usage->command, word[0], &kind) ||
        !output_format(usage->command, format_name, path, &format)) {
        return EXIT_USAGE;
    }
    if ((code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct exported exported = {0};
    struct error err = {0};
    if (make(store, kind, format, &exported, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        code = output_write(path, force, exported.bytes, exported.length);
    }
    if (counted && code == EXIT_DONE && path != NULL) {
        char zh[128];
        char en[128];
        (void)snprintf(zh, sizeof zh, "已导出 %zu 行，版本 %" PRId64, exported.rows, exported.revision);
        (void)snprintf(en, sizeof en, "%zu rows at revision %" PRId64, exported.rows, exported.revision);
        cli_say(cli, zh, en);
    }
    free(exported.bytes);
    store_close(store);
    return code;
}

#define KINDS "KIND: areas holidays courses halls instructors requests closures absences sessions attendance"

int command_export(struct cli *cli, int argc, char **argv)
{
    const struct arg_usage usage = {
        "export", "KIND",
        "导出一类记录，改后用 import 导入，只写入改过的单元格。 Exports a kind's records; edit the file and "
        "import it, and only the edited cells are written.",
        KINDS};
    return table_command(cli, argc, argv, &usage, export_kind, true);
}

int command_template(struct cli *cli, int argc, char **argv)
{
    const struct arg_usage usage = {
        "template", "KIND",
        "空白表格：中文表头、说明、示例行，xlsx 还有下拉列表。 A form: Chinese headers, help, example rows, "
        "and in xlsx drop-down lists of what the database holds.",
        KINDS};
    return table_command(cli, argc, argv, &usage, export_template, false);
}
