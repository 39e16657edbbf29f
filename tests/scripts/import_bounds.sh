#!/bin/bash
# Office files that are meant to hurt: each is refused, or done, within 200 MB of memory, and says why in Chinese and
# English. Prints a table: file, bytes, exit code, processor seconds, peak MB, the sentence (docs/formats.md).
set -eu
binary=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$binary" --db "$folder/t.db" init > /dev/null
python3 - "$binary" "$folder" <<'PY'
import os, resource, subprocess, sys, zipfile

binary, folder = sys.argv[1:]
MEMORY_MB = 200
SECONDS_MAX = 30  # a hang, not a figure

RELATIONS = ('<Relationships><Relationship Id="r1" Type="/worksheet" Target="worksheets/s.xml"/>'
             '<Relationship Id="r2" Type="/sharedStrings" Target="sharedStrings.xml"/></Relationships>')
BOOK = '<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>'


def path(name):
    return os.path.join(folder, name)


def package(name, sheet, strings="<sst/>", workbook=BOOK):
    with zipfile.ZipFile(path(name), "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", workbook)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        for part, text in (("xl/sharedStrings.xml", strings), ("xl/worksheets/s.xml", sheet)):
            with archive.open(part, "w", force_zip64=True) as out:
                for piece in [text] if isinstance(text, str) else text:
                    out.write(piece.encode() if isinstance(piece, str) else piece)
    return name


def repeated(head, unit, count, tail=""):
    block = unit * 1000
    yield head
    for _ in range(count // 1000):
        yield block
    yield tail


def text(name, *pieces):
    with open(path(name), "wb") as out:
        for piece in pieces:
            out.write(piece)
    return name


def large_csv():
    with open(path("300mb.csv"), "wb") as out:
        block = "2027-01-01,元旦,是\n".encode() * 50000
        while out.tell() < 300 * 1024 * 1024:
            out.write(block)
    return "300mb.csv"


def unique_cells():
    with open(path("64mb_unique.csv"), "wb") as out:
        for row in range(1000000):
            out.write(b"%020d,%020d,%020d\n" % (row, row + 1000000, row + 2000000))
    return "64mb_unique.csv"


HEAD = "<worksheet><sheetData>"
files = [
    (large_csv, 1, "64 MB"),
    (lambda: text("64mb_commas.csv", b"," * (64 * 1024 * 1024 - 10)), 1, ""),
    (lambda: text("64mb_cells.csv", b"1,2,3,4,5,6,7,8\n" * (4 * 1024 * 1024 - 1)), 1, ""),
    (unique_cells, 1, "32 MB"),
    (lambda: text("columns.csv", b"x," * 100000, b"\n"), 1, "256"),
    (lambda: text("line_8mb.csv", "日期,节日\n".encode(), b"x" * (8 << 20), b",y\n"), 1, "65536"),
    (lambda: text("open_quote.csv", "日期,节日\n2027-01-01,\"".encode(), b"x\n" * (8 << 20)), 1, "引号"),
    (lambda: package("bomb_rows.xlsx", repeated(HEAD, "<row></row>", 100000000)), 1, "解压"),
    (lambda: package("bomb_cells.xlsx", repeated(HEAD + "<row>", '<c t="b"><v>1</v></c>', 9000000)), 1, "列"),
    (lambda: package("bomb_text.xlsx", repeated(HEAD + "<row><c t=\"inlineStr\"><is><t>", "啊" * 100, 600000)), 1, ""),
    (lambda: package("bomb_strings.xlsx", HEAD,
                     repeated("<sst>", "<si><t>" + "字" * 1000 + "</t></si>", 400000)), 1, "解压"),
    (lambda: package("bomb_attribute.xlsx", repeated(HEAD + '<row r="', "1" * 100, 1000000)), 1, "标记"),
    (lambda: package("deep.xlsx", repeated(HEAD, "<a>", 1000000)), 1, "嵌套"),
    (lambda: package("laughs.xlsx", '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + "".join(
        '<!ENTITY %s "%s">' % (chr(98 + i), ("&%s;" % chr(97 + i)) * 10) for i in range(10)) +
        "]><worksheet>&k;</worksheet>"), 1, "文档类型"),
    (lambda: package("billion_rows.xlsx", '<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="999999999">'
                     '<c r="A999999999"><v>1</v></c></row></sheetData></worksheet>'), 1, "1000000"),
    (lambda: package("columns.xlsx", repeated(HEAD + "<row>", "<c><v>1</v></c>", 100000, "</row></sheetData></worksheet>")),
     1, "256"),
    (lambda: package("merges.xlsx", repeated(HEAD + "</sheetData><mergeCells>", '<mergeCell ref="A1:IV1000000"/>', 200000)),
     1, "合并"),
    (lambda: text("page.xls", b"<table>", b"<tr>" * (15 << 20)), 1, "1000000"),
    (lambda: text("page_cells.xls", b"<table>", b"<tr><td rowspan=65000 colspan=250>" * (1 << 20)), 1, ""),
    (lambda: text("page_nested.xls", b"<table><tr><td>" * (4 << 20)), 1, "嵌套"),
    (lambda: text("page_open.xls", b"<table><tr><td>x", b"<!-- <a b=\"" * (5 << 20)), 1, ""),
]


def limit_seconds():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))


failures = 0
print("| file | bytes | exit | processor s | peak MB | what it says |\n|---|---|---|---|---|---|")
for make, code, part in files:
    name = make()
    size = os.path.getsize(path(name))
    with open(path("output"), "w+b") as out:
        child = subprocess.Popen([binary, "--db", path("t.db"), "import", path(name), "--dry-run"], stdout=out,
                                 stderr=subprocess.STDOUT, preexec_fn=limit_seconds)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        output = out.read().decode("utf-8", "replace")
    spent = usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss / 1024
    line = next((l for l in output.splitlines() if l.startswith("错误")), output[:80].replace("\n", " "))
    print("| %s | %d | %s | %.2f | %.0f | %s |" % (name, size, child.returncode, spent, peak, line[:150].strip()))
    if child.returncode != code or part not in line or peak > MEMORY_MB or "(" not in line:
        failures += 1
        print("FAIL: %s" % name, file=sys.stderr)
    os.unlink(path(name))
sys.exit(1 if failures else 0)
PY
