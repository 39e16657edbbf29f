/* daemon/http_text: the forms of HTTP header fields that litang reads and writes. Any thread. */
#ifndef LITANG_DAEMON_HTTP_TEXT_H
#define LITANG_DAEMON_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does an If-None-Match header name `etag`? Lists, "*", weak and unquoted forms: RFC 9110 §13.1.2, weak
 * comparison. An empty etag is named by nothing. */
bool etag_matches(const char *header, const char *etag);

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7, IMF-fixdate) in both directions; parsing also takes the
 * two obsolete forms; false when it is none. Instants past the year 9999 are written as its end. */
enum {
    HTTP_DATE_SIZE = 30
};
void http_date_format(int64_t seconds, char ret_text[HTTP_DATE_SIZE]);
bool http_date_parse(const char *text, int64_t *ret_seconds);

/* Does Accept-Encoding (may be NULL) ask for gzip with a weight above 0? "*" alone does not: only who names
 * gzip gets it. */
bool accepts_gzip(const char *accept_encoding);

/* Decodes %XX in place (RFC 3986 §2.1) and answers the new length. %00 and %2F stay as they are: a NUL would
 * cut the address short, and a slash inside a segment is not one between segments. A bad escape stays, too.
 */
size_t url_decode(char *text);
/* Decodes the %2F that url_decode left, inside one segment. */
void url_decode_slashes(char *segment);

#endif
