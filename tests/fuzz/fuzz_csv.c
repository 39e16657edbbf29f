/* libFuzzer target: any bytes as an office file, mostly text. The first byte chooses the kind (0: guessed).
 */
#include "tests/fuzz/take_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0) {
        fuzz_file((const char *)data + 1, size - 1, data[0]);
    }
    return 0;
}
