/* daemon/qr: see qr.h. */
#include "daemon/qr.h"

#include <qrencode.h>

enum {
    QUIET = 4
};

/* Runs of dark modules of one row: move there, right by the run, down 1, back, close. */
static void row_add(struct text *out, const QRcode *code, int y)
{
    const unsigned char *row = code->data + y * code->width;
    for (int x = 0; x < code->width;) {
        int start = x;
        while (x < code->width && (row[x] & 1) != 0) {
            x++;
        }
        if (x > start) {
            text_addf(out, "M%d %dh%dv1h-%dz", start + QUIET, y + QUIET, x - start, x - start);
        }
        x += x == start;
    }
}

bool qr_svg(struct text *out, const char *content, const char *label)
{
    QRcode *code = QRcode_encodeString8bit(content, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return false;
    }
    int side = code->width + 2 * QUIET;
    text_addf(out, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", side, side);
    text_add_html(out, label);
    text_addf(out,
              "\" shape-rendering=\"crispEdges\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"></rect><path "
              "fill=\"#000\" d=\"",
              side, side);
    for (int y = 0; y < code->width; y++) {
        row_add(out, code, y);
    }
    text_add(out, "\"></path></svg>");
    QRcode_free(code);
    return true;
}
