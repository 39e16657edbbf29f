/* Which addresses belong to the public internet: see fetch.h. */
#include "daemon/fetch.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

struct block {
    uint32_t address;
    unsigned bits;
};

/* https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast */
static const struct block BLOCKS[] = {
    {0x00000000U, 8},  /* this network */
    {0x0A000000U, 8},  /* private */
    {0x64400000U, 10}, /* shared by carriers */
    {0x7F000000U, 8},  /* loopback */
    {0xA9FE0000U, 16}, /* link-local; clouds tell secrets at 169.254.169.254 */
    {0xAC100000U, 12}, /* private */
    {0xC0000000U, 24}, /* protocol assignments */
    {0xC0000200U, 24}, /* documentation */
    {0xC0586300U, 24}, /* 6to4 relays */
    {0xC0A80000U, 16}, /* private */
    {0xC6120000U, 15}, /* benchmarks */
    {0xC6336400U, 24}, /* documentation */
    {0xCB007100U, 24}, /* documentation */
    {0xE0000000U, 4},  /* multicast */
    {0xF0000000U, 4}   /* reserved, broadcast */
};

static bool ipv4_public(uint32_t address)
{
    for (size_t i = 0; i < sizeof BLOCKS / sizeof *BLOCKS; i++) {
        uint32_t mask = ~(uint32_t)0 << (32 - BLOCKS[i].bits);
        if ((address & mask) == BLOCKS[i].address) {
            return false;
        }
    }
    return true;
}

static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool begins(const uint8_t *bytes, const char *prefix, size_t size)
{
    return memcmp(bytes, prefix, size) == 0;
}

static bool ipv6_public(const uint8_t bytes[16])
{
    if (begins(bytes, "\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12) ||   /* IPv4-mapped */
        begins(bytes, "\0\x64\xFF\x9B\0\0\0\0\0\0\0\0", 12)) { /* NAT64, RFC 6052 */
        return ipv4_public(big_endian(bytes + 12));
    }
    if (begins(bytes, "\x20\x02", 2)) { /* 6to4 */
        return ipv4_public(big_endian(bytes + 2));
    }
    bool is_global = (bytes[0] & 0xE0U) == 0x20;                                            /* 2000::/3 */
    bool is_special = begins(bytes, "\x20\x01\0", 3) || begins(bytes, "\x20\x01\x01", 3) || /* 2001::/23 */
                      begins(bytes, "\x20\x01\x0D\xB8", 4) || begins(bytes, "\x3F\xFF", 2);
    return is_global && !is_special;
}

bool fetch_address_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in ipv4;
        memcpy(&ipv4, address, sizeof ipv4);
        return ipv4_public(ntohl(ipv4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 ipv6;
        memcpy(&ipv6, address, sizeof ipv6);
        return ipv6_public(ipv6.sin6_addr.s6_addr);
    }
    return false;
}
