// The benchmark's two messages in another language than Swift: the yardstick of the generated Swift.
#ifndef SBE_TWIN_H
#define SBE_TWIN_H

#include <stddef.h>
#include <stdint.h>

/// Each function works on messages that stand one behind the other, as a frame has them.
typedef struct {
    /// The sum of all fields of all messages; -1 when the bytes are not such messages.
    int64_t (*decode_trades)(const uint8_t *bytes, size_t count);
    /// The same, with groups and data.
    int64_t (*decode_cars)(const uint8_t *bytes, size_t count);
    /// Messages with the numbers 0, 1, ...; the length of all, 0 when there was no room.
    size_t (*encode_trades)(uint8_t *bytes, size_t count, uint64_t messages);
    size_t (*encode_cars)(uint8_t *bytes, size_t count, uint64_t messages);
} sbe_twin;

/// What one writes by hand in C, every access checked against the buffer's end.
extern const sbe_twin sbe_checked_c;

#endif
