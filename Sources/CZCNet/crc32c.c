#include "czcnet_crc32c.h"

// Why a table of 16: it needs no set-up at run time and stays in two cache lines; only processors without the
// instruction ever use it.
static const uint32_t nibbles[16] = {
    0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3, 0x61C69362, 0x7198540D,
    0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9, 0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75,
};

uint32_t czcnet_crc32c_portable(uint32_t previous, const void *bytes, size_t count) {
    const uint8_t *next = (const uint8_t *)bytes;
    uint32_t state = ~previous;
    for (size_t i = 0; i < count; i++) {
        state ^= next[i];
        state = state >> 4 ^ nibbles[state & 15];
        state = state >> 4 ^ nibbles[state & 15];
    }
    return ~state;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t
crc32c_sse42(uint32_t previous, const void *bytes, size_t count) {
    const uint8_t *next = (const uint8_t *)bytes;
    uint64_t state = (uint32_t)~previous;
    size_t whole = count & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word;
        __builtin_memcpy(&word, next + i, 8);
        state = _mm_crc32_u64(state, word);
    }
    uint32_t narrow = (uint32_t)state;
    for (size_t i = whole; i < count; i++) narrow = _mm_crc32_u8(narrow, next[i]);
    return ~narrow;
}

uint32_t czcnet_crc32c(uint32_t previous, const void *bytes, size_t count) {
    // A load and a test: the compiler's runtime has looked at the processor before `main`.
    if (__builtin_cpu_supports("sse4.2")) return crc32c_sse42(previous, bytes, count);
    return czcnet_crc32c_portable(previous, bytes, count);
}

#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>

uint32_t czcnet_crc32c(uint32_t previous, const void *bytes, size_t count) {
    const uint8_t *next = (const uint8_t *)bytes;
    uint32_t state = ~previous;
    size_t whole = count & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word;
        __builtin_memcpy(&word, next + i, 8);
        state = __crc32cd(state, word);
    }
    for (size_t i = whole; i < count; i++) state = __crc32cb(state, next[i]);
    return ~state;
}

#else

uint32_t czcnet_crc32c(uint32_t previous, const void *bytes, size_t count) {
    return czcnet_crc32c_portable(previous, bytes, count);
}

#endif
