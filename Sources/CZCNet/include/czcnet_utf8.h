/// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
///
/// Text that comes in pieces is checked piece by piece; a piece may end inside a character. What is refused is refused
/// at the first byte that no continuation could make right, wherever the pieces were cut. Linear in `count`, and
/// nothing outside `[bytes, bytes + count)` is read.
#ifndef CZCNET_UTF8_H
#define CZCNET_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The state between characters, which is where a text begins and has to end.
#define CZCNET_UTF8_COMPLETE 0u
/// The state after a byte that makes the text invalid. Nothing leads out of it.
#define CZCNET_UTF8_REJECTED 48u

/// Checks further bytes and moves `*state` on. Returns `count`, or the index of the first byte that is wrong; the
/// state is `CZCNET_UTF8_REJECTED` then.
size_t czcnet_utf8_step_long(uint32_t *state, const uint8_t *bytes, size_t count);

/// One implementation of `czcnet_utf8_step_long`, for tests and benchmarks.
struct czcnet_utf8_variant {
    const char *name;
    size_t (*step)(uint32_t *state, const uint8_t *bytes, size_t count);
};

/// The implementations that this processor runs, slowest first; a null name after the last.
struct czcnet_utf8_variant czcnet_utf8_variant_at(int index);

/// Whether all of 8 to 32 bytes are ASCII.
static inline bool czcnet_utf8_is_short_ascii(const uint8_t *bytes, size_t count) {
    uint64_t head, tail;
    __builtin_memcpy(&head, bytes, 8);
    __builtin_memcpy(&tail, bytes + count - 8, 8);
    if (count > 16) {
        uint64_t second, last_but_one;
        __builtin_memcpy(&second, bytes + 8, 8);
        __builtin_memcpy(&last_but_one, bytes + count - 16, 8);
        head |= second | last_but_one;
    }
    return ((head | tail) & 0x8080808080808080u) == 0;
}

/// `czcnet_utf8_step_long` with the commonest case, a short message in ASCII, inlined.
static inline size_t czcnet_utf8_step(uint32_t *state, const void *bytes, size_t count) {
    if (count - 8 <= 24 && *state == CZCNET_UTF8_COMPLETE) {
        if (czcnet_utf8_is_short_ascii((const uint8_t *)bytes, count)) return count;
    }
    return czcnet_utf8_step_long(state, (const uint8_t *)bytes, count);
}

/// Whether the bytes are a complete text.
static inline bool czcnet_utf8_is_valid(const void *bytes, size_t count) {
    uint32_t state = CZCNET_UTF8_COMPLETE;
    return czcnet_utf8_step(&state, bytes, count) == count && state == CZCNET_UTF8_COMPLETE;
}

#endif
