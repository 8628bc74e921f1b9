#ifndef CGOIM_REFERENCE_H
#define CGOIM_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

/// What handling protos came to.
struct goim_totals {
    uint64_t protos;
    uint64_t sum;
};

/// Parses protos that follow each other, with goim's 16-byte header and every check that ZCProto makes, and
/// handles each. Answers how many bytes were whole protos; -1 when one is broken.
ptrdiff_t goim_reference_parse(const uint8_t *bytes, size_t count, struct goim_totals *totals);

#endif
