#include "SBETwin.h"

#include <stdbool.h>
#include <string.h>

// A buffer and a place in it. A read behind the end answers zero and is remembered.
typedef struct {
    const uint8_t *bytes;
    size_t count, at;
    bool failed;
} reader;

#define LOAD(type, name)                                                                                    \
    static inline type name(reader *r, size_t at) {                                                         \
        type value = 0;                                                                                     \
        if (at > r->count || sizeof value > r->count - at) {                                                \
            r->failed = true;                                                                               \
            return 0;                                                                                       \
        }                                                                                                   \
        memcpy(&value, r->bytes + at, sizeof value);                                                        \
        return value;                                                                                       \
    }
LOAD(uint8_t, load8)
LOAD(uint16_t, load16)
LOAD(uint32_t, load32)
LOAD(uint64_t, load64)

static inline int64_t ends(reader *r, size_t at, size_t count) {
    if (at > r->count || count > r->count - at) {
        r->failed = true;
        return 0;
    }
    return count == 0 ? 0 : r->bytes[at] + r->bytes[at + count - 1];
}

// One message at the start of the bytes: answers its end, or 0 when the bytes are not the message.
static inline size_t decode_trade(const uint8_t *bytes, size_t count, int64_t *total) {
    reader r = {bytes, count, 0, false};
    uint16_t length = load16(&r, 0), template = load16(&r, 2), schema = load16(&r, 4), version = load16(&r, 6);
    if (r.failed || template != 1 || schema != 1 || length < 21 || length > count - 8) return 0;
    int64_t sum = (int64_t)load64(&r, 8) + load8(&r, 16) + (int64_t)load64(&r, 17) + load32(&r, 25) + version;
    *total += sum;
    return r.failed ? 0 : 8 + (size_t)length;
}

static inline int64_t boolean(uint8_t raw, bool *failed) {
    switch (raw) {
    case 0: return 1;
    case 1: return 2;
    case 255: return 3;
    default: *failed = true; return 0;
    }
}

static inline int64_t model(uint8_t raw, bool *failed) {
    switch (raw) {
    case 'A': return 1;
    case 'B': return 2;
    case 'C': return 3;
    case 0: return 4;
    default: *failed = true; return 0;
    }
}

// The pairs of a number and a float that both kinds of figures have.
static inline int64_t pairs(reader *r) {
    int64_t sum = 0;
    uint16_t length = load16(r, r->at), count = load16(r, r->at + 2);
    r->at += 4;
    if (count > 0 && length < 6) r->failed = true;
    for (unsigned i = 0; i < count && !r->failed; i++) {
        sum += load16(r, r->at) + load32(r, r->at + 2);
        r->at += length;
    }
    return sum;
}

static inline int64_t text(reader *r) {
    uint32_t count = load32(r, r->at);
    if (count > 1073741824) r->failed = true;
    int64_t sum = ends(r, r->at + 4, count);
    r->at += 4 + (size_t)count;
    return sum;
}

static inline size_t decode_car(const uint8_t *bytes, size_t count, int64_t *total) {
    reader r = {bytes, count, 0, false};
    uint16_t length = load16(&r, 0), template = load16(&r, 2), schema = load16(&r, 4), version = load16(&r, 6);
    if (r.failed || template != 1 || schema != 1 || length < 41 || length > count - 8) return 0;
    int64_t sum = version + load32(&r, 8) + load16(&r, 12);
    sum += boolean(load8(&r, 14), &r.failed) + model(load8(&r, 15), &r.failed);
    for (size_t i = 0; i < 5; i++) sum += (int32_t)load32(&r, 16 + 4 * i);
    sum += ends(&r, 36, 6) + load8(&r, 42);
    sum += load16(&r, 43) + load8(&r, 45) + 9000 + ends(&r, 46, 3);
    r.at = 8 + (size_t)length;
    sum += pairs(&r);
    uint16_t block = load16(&r, r.at), entries = load16(&r, r.at + 2);
    r.at += 4;
    if (entries > 0 && block < 1) r.failed = true;
    for (unsigned i = 0; i < entries && !r.failed; i++) {
        sum += load8(&r, r.at);
        r.at += block;
        sum += pairs(&r);
    }
    sum += text(&r);
    sum += text(&r);
    *total += sum;
    return r.failed ? 0 : r.at;
}

#define DECODE_ALL(name, decode)                                                                            \
    static int64_t name(const uint8_t *bytes, size_t count) {                                               \
        int64_t sum = 0;                                                                                    \
        for (size_t at = 0; at < count;) {                                                                  \
            size_t length = decode(bytes + at, count - at, &sum);                                           \
            if (length == 0) return -1;                                                                     \
            at += length;                                                                                   \
        }                                                                                                   \
        return sum;                                                                                         \
    }
DECODE_ALL(decode_trades, decode_trade)
DECODE_ALL(decode_cars, decode_car)

typedef struct {
    uint8_t *bytes;
    size_t count, at;
    bool failed;
} writer;

static inline void store(writer *w, size_t at, const void *value, size_t size) {
    if (at > w->count || size > w->count - at) {
        w->failed = true;
        return;
    }
    memcpy(w->bytes + at, value, size);
}

static inline void append(writer *w, const void *value, size_t size) {
    store(w, w->at, value, size);
    w->at += size;
}

static inline void append16(writer *w, uint16_t value) { append(w, &value, 2); }

static inline void header(writer *w, uint16_t length, uint16_t version) {
    append16(w, length);
    append16(w, 1);
    append16(w, 1);
    append16(w, version);
}

static inline size_t encode_trade(uint8_t *bytes, size_t count, uint64_t number) {
    writer w = {bytes, count, 0, false};
    header(&w, 21, 0);
    double price = 100.5;
    uint32_t quantity = (uint32_t)number;
    append(&w, &number, 8);
    append(&w, "B", 1);
    append(&w, &price, 8);
    append(&w, &quantity, 4);
    return w.failed ? 0 : w.at;
}

static inline void pair(writer *w, uint16_t number, float value) {
    append16(w, number);
    append(w, &value, 4);
}

static inline void dimensions(writer *w, uint16_t length, uint16_t count) {
    append16(w, length);
    append16(w, count);
}

static inline void data(writer *w, const char *text, uint32_t count) {
    append(w, &count, 4);
    append(w, text, count);
}

static inline size_t encode_car(uint8_t *bytes, size_t count, uint64_t number) {
    writer w = {bytes, count, 0, false};
    header(&w, 41, 1);
    uint32_t serial = (uint32_t)number;
    append(&w, &serial, 4);
    append16(&w, 2013);
    append(&w, "\1A", 2);
    for (int32_t i = 1; i <= 5; i++) append(&w, &i, 4);
    append(&w, "abcdef", 6);
    uint8_t extras = 0;
    extras |= 2;
    extras |= 4;
    append(&w, &extras, 1);
    append16(&w, 2000);
    append(&w, "\4" "123", 4);
    dimensions(&w, 6, 3);
    pair(&w, 30, 35.9f), pair(&w, 55, 49), pair(&w, 75, 40);
    dimensions(&w, 1, 2);
    append(&w, "\x5f", 1);
    dimensions(&w, 6, 3);
    pair(&w, 30, 4), pair(&w, 60, 7.5f), pair(&w, 100, 12.2f);
    append(&w, "\x63", 1);
    dimensions(&w, 6, 3);
    pair(&w, 30, 3.8f), pair(&w, 60, 7.1f), pair(&w, 100, 11.8f);
    data(&w, "Honda", 5);
    data(&w, "Civic VTi", 9);
    return w.failed ? 0 : w.at;
}

#define ENCODE_ALL(name, encode)                                                                            \
    static size_t name(uint8_t *bytes, size_t count, uint64_t messages) {                                   \
        size_t at = 0;                                                                                      \
        for (uint64_t number = 0; number < messages; number++) {                                            \
            size_t length = encode(bytes + at, count - at, number);                                         \
            if (length == 0) return 0;                                                                      \
            at += length;                                                                                   \
        }                                                                                                   \
        return at;                                                                                          \
    }
ENCODE_ALL(encode_trades, encode_trade)
ENCODE_ALL(encode_cars, encode_car)

const sbe_twin sbe_checked_c = {decode_trades, decode_cars, encode_trades, encode_cars};
