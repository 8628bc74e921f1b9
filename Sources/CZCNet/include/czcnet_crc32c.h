/// CRC-32C (Castagnoli), as iSCSI (RFC 3720 12.1), ext4 and many logs use it: reflected polynomial 0x82F63B78, initial
/// value and final complement of all ones.
#ifndef CZCNET_CRC32C_H
#define CZCNET_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/// The checksum of `previous`' bytes followed by these; 0 for `previous` begins. Any alignment. By the processor's own
/// instruction where it has one.
uint32_t czcnet_crc32c(uint32_t previous, const void *bytes, size_t count);
/// The same without any special instruction, for tests.
uint32_t czcnet_crc32c_portable(uint32_t previous, const void *bytes, size_t count);

#endif
