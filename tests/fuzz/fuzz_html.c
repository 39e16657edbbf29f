/* libFuzzer target: any bytes as a web page or as an XML sheet. The first byte chooses the kind (0: guessed);
 * its upper bit, which of both. */
#include "tests/fuzz/take_in.h"

static const char PAGE[] = "<html>";
static const char SHEETS[] =
    "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "
    "xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const char *head = (data[0] & 0x80) != 0 ? SHEETS : PAGE;
    size_t head_length = strlen(head);
    char *bytes = malloc(head_length + size);
    if (bytes == NULL) {
        return 0;
    }
    memcpy(bytes, head, head_length);
    memcpy(bytes + head_length, data + 1, size - 1);
    fuzz_file(bytes, head_length + size - 1, data[0] & 0x7F);
    free(bytes);
    return 0;
}
