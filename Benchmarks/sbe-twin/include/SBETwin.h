// What one writes by hand in C for the benchmark's two messages, every access checked against the buffer's end as
// bounds-checked generated C++ does: the yardstick of the generated Swift.
#ifndef SBE_TWIN_H
#define SBE_TWIN_H

#include <stddef.h>
#include <stdint.h>

/// The sum of all fields; -1 when the bytes are not the message.
int64_t sbe_twin_decode_trade(const uint8_t *bytes, size_t count);
/// The sum of all fields, groups and data; -1 when the bytes are not the message.
int64_t sbe_twin_decode_car(const uint8_t *bytes, size_t count);
/// The length that was written; 0 when there was no room.
size_t sbe_twin_encode_trade(uint8_t *bytes, size_t count, uint64_t number);
/// The length that was written; 0 when there was no room.
size_t sbe_twin_encode_car(uint8_t *bytes, size_t count, uint64_t number);

#endif
