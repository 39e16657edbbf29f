/* cli/output: see output.h. */
#include "cli/output.h"

#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static int cannot_write(const char *path)
{
    fprintf(stderr, "litang: 无法写入 / cannot be written: %s: %s\n", path, strerror(errno));
    return EXIT_TROUBLE;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

int output_write(const char *path, bool force, const char *bytes, size_t length)
{
    if (path == NULL) {
        bool is_written = fflush(stdout) == 0 && write_all(STDOUT_FILENO, bytes, length);
        return is_written ? EXIT_DONE : cannot_write("stdout");
    }
    if (!force && access(path, F_OK) == 0) {
        fprintf(
            stderr,
            "litang: 已有文件 %s；请换个名字，或加 --force 覆盖 / the file exists; choose another name, or "
            "--force\n",
            path);
        return EXIT_USAGE;
    }
    size_t size = strlen(path) + sizeof ".XXXXXX";
    char *draft = malloc(size);
    if (draft == NULL) {
        return cannot_write(path);
    }
    (void)snprintf(draft, size, "%s.XXXXXX", path);
    int fd = mkostemp(draft, O_CLOEXEC);
    bool is_written = fd >= 0 && write_all(fd, bytes, length) && fchmod(fd, 0644) == 0;
    is_written = fd >= 0 && close(fd) == 0 && is_written;
    is_written = is_written && rename(draft, path) == 0;
    int code = is_written ? EXIT_DONE : cannot_write(path);
    if (!is_written && fd >= 0) {
        (void)unlink(draft);
    }
    free(draft);
    return code;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t size = strlen(end);
    return length >= size && strcasecmp(text + length - size, end) == 0;
}

bool output_format(const char *command, const char *word, const char *path, enum export_format *ret_format)
{
    enum export_format format = path != NULL && ends_with(path, ".xlsx") ? EXPORT_XLSX : EXPORT_CSV;
    if (word != NULL && !export_format_from_name(word, &format)) {
        fprintf(stderr, "litang %s: 格式只有 xlsx 和 csv / the formats are xlsx and csv: %s\n", command,
                word);
        return false;
    }
    if (format == EXPORT_XLSX && path == NULL && isatty(STDOUT_FILENO) != 0) {
        fprintf(stderr,
                "litang %s: 请用 -o 文件名.xlsx / a workbook is not for a terminal; give -o FILE.xlsx\n",
                command);
        return false;
    }
    *ret_format = format;
    return true;
}

bool output_kind(const char *command, const char *word, enum import_kind *ret_kind)
{
    enum import_kind kind = IMPORT_AUTO;
    if (import_kind_from_name(word, &kind) && kind != IMPORT_AUTO) {
        *ret_kind = kind;
        return true;
    }
    fprintf(stderr, "litang %s: 没有这个种类 / no such kind: %s\n", command, word);
    for (int i = IMPORT_AUTO + 1; i < IMPORT_KIND_END; i++) {
        fprintf(stderr, "  %-12s %s\n", import_kind_name((enum import_kind)i),
                import_kind_zh((enum import_kind)i));
    }
    return false;
}
