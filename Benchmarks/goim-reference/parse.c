#include "CGoimReference.h"

#include <endian.h>
#include <string.h>

// The same parse as ZCProto's decoder makes, as one would write it in C: what its cost is measured against.

static inline uint32_t big32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return be32toh(value);
}

static inline uint16_t big16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return be16toh(value);
}

struct proto {
    int32_t op, seq;
    int16_t ver;
    const uint8_t *body;
    size_t body_count;
};

static inline void handle(const struct proto *proto, struct goim_totals *totals)
{
    uint64_t first = 0;
    if (proto->body_count >= sizeof first)
        memcpy(&first, proto->body, sizeof first);
    totals->protos++;
    totals->sum += (uint64_t)(int64_t)proto->op + (uint64_t)(int64_t)proto->seq + (uint64_t)(int64_t)proto->ver + first;
}

ptrdiff_t goim_reference_parse(const uint8_t *bytes, size_t count, struct goim_totals *totals)
{
    size_t position = 0;
    while (count - position >= 16) {
        const uint8_t *at = bytes + position;
        int32_t length = (int32_t)big32(at);
        if (length < 16 || length > 16 + 4096 || big16(at + 4) != 16)
            return -1;
        if ((size_t)length > count - position)
            break;
        struct proto proto = {
            .op = (int32_t)big32(at + 8),
            .seq = (int32_t)big32(at + 12),
            .ver = (int16_t)big16(at + 6),
            .body = at + 16,
            .body_count = (size_t)length - 16,
        };
        handle(&proto, totals);
        position += (size_t)length;
    }
    return (ptrdiff_t)position;
}
