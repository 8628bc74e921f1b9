/// The masking of RFC 6455 5.3: byte i of a payload is combined with byte i mod 4 of the key.
///
/// A key is passed as its four bytes lie in memory. `offset` is where in the payload the first byte stands, so that a
/// payload that comes in pieces is unmasked piece by piece. Masking twice gives the original back.
///
/// Nothing outside `[bytes, bytes + count)` is read or written, and no alignment is asked for. Up to 32 bytes are done
/// here, inlined, in constant time and without a loop; more than that by the widest vectors that the processor has.
#ifndef CZCNET_UNMASK_H
#define CZCNET_UNMASK_H

#include <stddef.h>
#include <stdint.h>

/// The long kernels: mask more than 32 bytes of `source` into `target`, which is the same memory or does not overlap.
/// `key` already stands for the first byte.
void czcnet_mask_long(uint8_t *target, const uint8_t *source, size_t count, uint32_t key);

/// One implementation of `czcnet_mask_long`, for tests and benchmarks.
struct czcnet_mask_variant {
    const char *name;
    void (*mask)(uint8_t *target, const uint8_t *source, size_t count, uint32_t key);
};

/// The implementations that this processor runs, slowest first; a null name after the last.
struct czcnet_mask_variant czcnet_mask_variant_at(int index);

/// The key as it stands for a byte `offset` bytes further on.
static inline uint32_t czcnet_mask_rotate(uint32_t key, size_t offset) {
    unsigned bits = (unsigned)(offset & 3) * 8;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return key >> bits | key << (-bits & 31);
#else
    return key << bits | key >> (-bits & 31);
#endif
}

static inline uint64_t czcnet_mask_double(uint32_t key) { return (uint64_t)key << 32 | key; }

// Why: 4 to 32 bytes are two halves that may overlap. Both are read before either is written, and where they overlap
// they write the same byte twice, so no size needs a loop and in place works as well.
static inline void czcnet_mask_4_to_8(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    uint32_t head, tail;
    __builtin_memcpy(&head, source, 4);
    __builtin_memcpy(&tail, source + count - 4, 4);
    head ^= key;
    tail ^= czcnet_mask_rotate(key, count);
    __builtin_memcpy(target, &head, 4);
    __builtin_memcpy(target + count - 4, &tail, 4);
}

static inline void czcnet_mask_8_to_16(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    uint64_t head, tail;
    __builtin_memcpy(&head, source, 8);
    __builtin_memcpy(&tail, source + count - 8, 8);
    head ^= czcnet_mask_double(key);
    tail ^= czcnet_mask_double(czcnet_mask_rotate(key, count));
    __builtin_memcpy(target, &head, 8);
    __builtin_memcpy(target + count - 8, &tail, 8);
}

static inline void czcnet_mask_16_to_32(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    typedef uint64_t pair __attribute__((vector_size(16)));
    uint64_t first = czcnet_mask_double(key), last = czcnet_mask_double(czcnet_mask_rotate(key, count));
    pair head, tail;
    __builtin_memcpy(&head, source, 16);
    __builtin_memcpy(&tail, source + count - 16, 16);
    head ^= (pair){first, first};
    tail ^= (pair){last, last};
    __builtin_memcpy(target, &head, 16);
    __builtin_memcpy(target + count - 16, &tail, 16);
}

static inline void czcnet_mask_into(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    if (count > 32) {
        czcnet_mask_long(target, source, count, key);
    } else if (count > 16) {
        czcnet_mask_16_to_32(target, source, count, key);
    } else if (count >= 8) {
        czcnet_mask_8_to_16(target, source, count, key);
    } else if (count >= 4) {
        czcnet_mask_4_to_8(target, source, count, key);
    } else {
        uint8_t bytes[4];
        __builtin_memcpy(bytes, &key, 4);
        if (count > 0) target[0] = source[0] ^ bytes[0];
        if (count > 1) target[1] = source[1] ^ bytes[1];
        if (count > 2) target[2] = source[2] ^ bytes[2];
    }
}

/// Masks or unmasks in place.
static inline void czcnet_unmask(void *bytes, size_t count, uint32_t key, size_t offset) {
    czcnet_mask_into((uint8_t *)bytes, (const uint8_t *)bytes, count, czcnet_mask_rotate(key, offset));
}

/// Copies and masks in one pass. The two places do not overlap.
static inline void czcnet_mask_copy(
    void *target, const void *source, size_t count, uint32_t key, size_t offset) {
    czcnet_mask_into((uint8_t *)target, (const uint8_t *)source, count, czcnet_mask_rotate(key, offset));
}

#endif
