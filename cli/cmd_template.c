/* cli/cmd_template: a form to fill in and import. */
#include "cli/cli.h"
#include "cli/output.h"

#include <stdlib.h>

int command_template(struct cli *cli, int argc, char **argv)
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
    const struct arg_usage usage = {
        "template", "KIND",
        "空白表格：中文表头、说明、示例行，xlsx 还有下拉列表。 A form: Chinese headers, help, example rows, "
        "and in "
        "xlsx drop-down lists of what the database holds.",
        "KIND: areas holidays courses halls instructors requests closures absences sessions attendance"};
    const char *word[1];
    size_t words = 0;
    enum import_kind kind = IMPORT_AUTO;
    enum export_format format = EXPORT_CSV;
    struct store *store = NULL;
    int code = args_parse(argc, argv, &usage, specs, word, 1, 1, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    if (!output_kind("template", word[0], &kind) || !output_format("template", format_name, path, &format)) {
        return EXIT_USAGE;
    }
    if ((code = cli_open(cli, STORE_OPEN, &store)) != EXIT_DONE) {
        return code;
    }
    struct exported exported = {0};
    struct error err = {0};
    if (export_template(store, kind, format, &exported, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        code = output_write(path, force, exported.bytes, exported.length);
    }
    free(exported.bytes);
    store_close(store);
    return code;
}
