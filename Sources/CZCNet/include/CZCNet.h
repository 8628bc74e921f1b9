/// The part of the kernel that Swift cannot import: system calls missing from the Glibc module, kernel structures,
/// and kernels written for SIMD. Wrappers live in `.c` files so that `_GNU_SOURCE` never reaches a Swift importer.
#ifndef CZCNET_H
#define CZCNET_H

#include "czcnet_crc32c.h"
#include "czcnet_signals.h"
#include "czcnet_system.h"
#include "czcnet_unmask.h"
#include "czcnet_uring.h"
#include "czcnet_utf8.h"

#endif
