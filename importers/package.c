#include "importers/package.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum {
    PIECE_BYTES = 64 * 1024,
    /* ZIP, APPNOTE 4.3.12: a central directory header without its name. */
    ENTRY_BYTES = 46
};

struct package {
    zip_t *archive;
    size_t unpacked; /* bytes of all parts so far */
};

static enum error_code damaged(struct error *err)
{
    return error_set(err, ERR_INPUT, "%s", format_refusal(FORMAT_DAMAGED));
}

static enum error_code too_large(struct error *err)
{
    size_t mb = LIMIT_IMPORT_UNPACKED_BYTES / (1024 * 1024);
    return error_set(
        err, ERR_LIMIT,
        "工作簿解压后超过 %zu MB；请删去多余的工作表和空白格式，或拆成几个文件 (the workbook unpacks to "
        "more than %zu MB; drop unused sheets and formatted blank cells, or split the file)",
        mb, mb);
}

/* libzip makes an object for each entry before anything can be asked: count them by hand first. */
static bool has_many_entries(const char *bytes, size_t length)
{
    size_t count = 0;
    for (size_t at = 0; at + ENTRY_BYTES <= length && count <= LIMIT_PACKAGE_PARTS;) {
        const char *entry = memmem(bytes + at, length - at, "PK\x01\x02", 4);
        if (entry == NULL) {
            break;
        }
        count++;
        at = (size_t)(entry - bytes) + ENTRY_BYTES;
    }
    return count > LIMIT_PACKAGE_PARTS;
}

enum error_code package_open(const char *bytes, size_t length, struct package **ret_package,
                             struct error *err)
{
    zip_error_t trouble;
    if (has_many_entries(bytes, length)) {
        return error_set(
            err, ERR_LIMIT,
            "工作簿里的部件超过 %zu 个，不能读取；请在 Excel 或 WPS 中打开、另存后再导入 (a workbook "
            "of more than %zu parts; open it in Excel or WPS and save it anew)",
            LIMIT_PACKAGE_PARTS, LIMIT_PACKAGE_PARTS);
    }
    struct package *package = calloc(1, sizeof *package);
    if (package == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
    }
    zip_error_init(&trouble);
    zip_source_t *source = zip_source_buffer_create(bytes, length, 0, &trouble);
    package->archive = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &trouble);
    zip_error_fini(&trouble);
    if (package->archive == NULL) {
        zip_source_free(source);
        free(package);
        return damaged(err);
    }
    *ret_package = package;
    return ERR_NONE;
}

void package_close(struct package *package)
{
    if (package != NULL) {
        zip_discard(package->archive);
        free(package);
    }
}

static zip_int64_t part_index(const struct package *package, const char *part)
{
    return zip_name_locate(package->archive, *part == '/' ? part + 1 : part, ZIP_FL_NOCASE);
}

static enum error_code feed_part(struct package *package, zip_file_t *file, struct xml_stream *xml,
                                 struct error *err)
{
    char piece[PIECE_BYTES];
    enum error_code code = ERR_NONE;
    zip_int64_t got = 1;
    while (code == ERR_NONE && got > 0) {
        got = zip_fread(file, piece, sizeof piece);
        if (got < 0) {
            return damaged(err);
        }
        package->unpacked += (size_t)got;
        if (package->unpacked > LIMIT_IMPORT_UNPACKED_BYTES) {
            return too_large(err);
        }
        code = xml_feed(xml, piece, (size_t)got, got == 0, err);
    }
    return code == ERR_SYNTAX ? ERR_INPUT : code;
}

enum error_code package_parse(struct package *package, const char *part, const struct xml_handlers *handlers,
                              void *context, struct error *err)
{
    zip_stat_t about;
    zip_int64_t index = part_index(package, part);
    if (index < 0) {
        return ERR_NOT_FOUND;
    }
    /* A claim that is too large is believed at once; a small one is not. */
    if (zip_stat_index(package->archive, (zip_uint64_t)index, 0, &about) == 0 &&
        (about.valid & ZIP_STAT_SIZE) != 0 && about.size > LIMIT_IMPORT_UNPACKED_BYTES) {
        return too_large(err);
    }
    zip_file_t *file = zip_fopen_index(package->archive, (zip_uint64_t)index, 0);
    if (file == NULL) {
        return damaged(err);
    }
    struct xml_stream *xml = xml_open(handlers, context, false);
    enum error_code code = xml == NULL ? error_set(err, ERR_MEMORY, "内存不足 (out of memory)")
                                       : feed_part(package, file, xml, err);
    xml_close(xml);
    (void)zip_fclose(file);
    return code;
}
