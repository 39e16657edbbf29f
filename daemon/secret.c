/* daemon/secret: see secret.h. */
#include "daemon/secret.h"

#include <sodium.h>
#include <string.h>

static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz234567";

bool secret_library_init(void)
{
    return sodium_init() >= 0;
}

void secret_new(char ret_token[SECRET_SIZE])
{
    unsigned char bytes[SECRET_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    uint32_t bits = 0;
    unsigned held = 0;
    size_t length = 0;
    for (size_t i = 0; i < sizeof bytes; i++) { /* 160 bits are 32 letters of 5 */
        bits = (bits << 8) | bytes[i];
        for (held += 8; held >= 5; held -= 5) {
            ret_token[length++] = LETTERS[(bits >> (held - 5)) & 31];
        }
    }
    ret_token[length] = '\0';
    sodium_memzero(bytes, sizeof bytes);
}

bool secret_hash(const char *token, char ret_hash[TOKEN_HASH_SIZE])
{
    unsigned char digest[32];
    size_t length = strlen(token);
    if (length != SECRET_SIZE - 1 || strspn(token, LETTERS) != length) {
        return false;
    }
    crypto_generichash(digest, sizeof digest, (const unsigned char *)token, length, NULL, 0);
    sodium_bin2hex(ret_hash, TOKEN_HASH_SIZE, digest, sizeof digest);
    return true;
}

/* The first word that is found decides, so that what names another program in passing stands later. */
enum client_family client_family_of(const char *user_agent)
{
    static const struct {
        const char *word;
        enum client_family family;
    } WORDS[] = {
        {"ICSx5", CLIENT_ICSX5},
        {"Thunderbird", CLIENT_THUNDERBIRD},
        {"Lightning", CLIENT_THUNDERBIRD},
        {"Evolution", CLIENT_EVOLUTION},
        {"Google-Calendar-Importer", CLIENT_GOOGLE},
        {"Googlebot", CLIENT_GOOGLE},
        {"Outlook", CLIENT_OUTLOOK},
        {"Microsoft Office", CLIENT_OUTLOOK},
        {"Exchange", CLIENT_OUTLOOK},
        {"dataaccessd", CLIENT_APPLE},
        {"CalendarAgent", CLIENT_APPLE},
        {"CoreDAV", CLIENT_APPLE},
        {"iCal", CLIENT_APPLE},
        {"CFNetwork", CLIENT_APPLE},
    };
    for (size_t i = 0; user_agent != NULL && i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (strstr(user_agent, WORDS[i].word) != NULL) {
            return WORDS[i].family;
        }
    }
    return CLIENT_OTHER;
}

uint16_t client_mark(const struct client_key *client, const char *scope, const char *target)
{
    static const unsigned char KEY[crypto_shorthash_KEYBYTES]; /* no secret: marks survive a restart */
    unsigned char text[sizeof client->bytes + RECEIPT_SCOPE_SIZE + LIMIT_ID_BYTES + 1];
    unsigned char digest[crypto_shorthash_BYTES];
    size_t scope_length = strnlen(scope, RECEIPT_SCOPE_SIZE - 1);
    size_t target_length = strnlen(target, LIMIT_ID_BYTES);
    size_t at = client->length;
    memcpy(text, client->bytes, at);
    text[at++] = (unsigned char)client->length;
    memcpy(text + at, scope, scope_length);
    at += scope_length;
    text[at++] = '/';
    memcpy(text + at, target, target_length);
    crypto_shorthash(digest, text, at + target_length, KEY);
    return (uint16_t)(digest[0] << 8 | digest[1]);
}
