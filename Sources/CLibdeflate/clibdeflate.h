/// Whole messages of permessage-deflate (RFC 7692) by the system's libdeflate, which is faster than zlib and keeps
/// nothing from call to call. What it cannot do is left to zlib: every function may decline.
/// Nothing here is thread-safe: a codec belongs to one thread at a time.
#ifndef CLIBDEFLATE_H
#define CLIBDEFLATE_H

#include <libdeflate.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/// The longest compressed message that is inflated, and the longest that is compressed: a window of RFC 1951.
#define CLIBDEFLATE_INPUT_MAX ((size_t)1 << 15)
/// What a sender leaves out behind a message (RFC 7692 7.2.2), and an empty block that says it is the last.
#define CLIBDEFLATE_TAIL "\x00\x00\xFF\xFF\x01\x00\x00\xFF\xFF"
#define CLIBDEFLATE_TAIL_BYTES ((size_t)9)
/// The same for Swift, which knows no macros with casts.
enum { CLIBDEFLATE_INPUT_BYTES_MAX = 1 << 15, CLIBDEFLATE_ROOM_BYTES = 9 };

/// A compressor of one effort, and a decompressor.
struct clibdeflate_codec {
    struct libdeflate_compressor *compressor;
    struct libdeflate_decompressor *decompressor;
    int level;
    /// A compressed message with its tail, or an inflated one that is looked at and thrown away.
    unsigned char scratch[CLIBDEFLATE_INPUT_MAX + CLIBDEFLATE_TAIL_BYTES];
};

/// A codec, or NULL where there is no memory. Its compressor is made with the first message.
static inline struct clibdeflate_codec *clibdeflate_make(void) {
    struct clibdeflate_codec *codec = (struct clibdeflate_codec *)malloc(sizeof *codec);
    if (!codec) return NULL;
    codec->compressor = NULL;
    codec->level = 0;
    codec->decompressor = libdeflate_alloc_decompressor();
    if (codec->decompressor) return codec;
    free(codec);
    return NULL;
}

static inline void clibdeflate_end(struct clibdeflate_codec *codec) {
    if (codec->compressor) libdeflate_free_compressor(codec->compressor);
    libdeflate_free_decompressor(codec->decompressor);
    free(codec);
}

static inline bool clibdeflate_aim(struct clibdeflate_codec *codec, int level) {
    if (codec->compressor && codec->level == level) return true;
    if (codec->compressor) libdeflate_free_compressor(codec->compressor);
    codec->compressor = libdeflate_alloc_compressor(level);
    codec->level = level;
    return codec->compressor != NULL;
}

/// Whether a stream and the tail behind it are a message of so many bytes.
static inline bool clibdeflate_is_whole(
    struct clibdeflate_codec *codec, const unsigned char *stream, size_t bytes, size_t message_bytes) {
    size_t produced = 0;
    enum libdeflate_result result = libdeflate_deflate_decompress(
        codec->decompressor, stream, bytes, codec->scratch, sizeof codec->scratch, &produced);
    return result == LIBDEFLATE_SUCCESS && produced == message_bytes;
}

enum clibdeflate_outcome : int {
    /// The payload is in the room.
    CLIBDEFLATE_DONE = 0,
    /// It would be no smaller than the room without its tail.
    CLIBDEFLATE_NO_ROOM = 1,
    /// zlib has to do it.
    CLIBDEFLATE_DECLINED = 2,
};

/// Compresses a message into the payload of its frames, without the tail that is left out.
///
/// libdeflate ends each stream with a block that says it is the last (BFINAL). RFC 7692 7.2.3.4 allows that, but
/// receivers that keep their decompressor, as many do whatever was agreed on, take nothing more behind it. So the bit
/// is taken off, which is the stream's first where it has one block, and the head of the empty block is added whose
/// rest the tail is. Its three bits are zero and need a byte of their own, unless the last byte has that many left
/// over. How many it has is not said: where its upper three bits are zero they are either left over or the block's,
/// and only one of the two can be read.
static inline enum clibdeflate_outcome clibdeflate_compress(
    struct clibdeflate_codec *codec, int level, const void *message, size_t count, void *output, size_t room,
    size_t *produced) {
    if (count == 0 || count > CLIBDEFLATE_INPUT_MAX || room <= CLIBDEFLATE_TAIL_BYTES) return CLIBDEFLATE_DECLINED;
    if (!clibdeflate_aim(codec, level)) return CLIBDEFLATE_DECLINED;
    unsigned char *stream = (unsigned char *)output;
    size_t bytes =
        libdeflate_deflate_compress(codec->compressor, message, count, stream, room - CLIBDEFLATE_TAIL_BYTES);
    if (bytes == 0) return CLIBDEFLATE_NO_ROOM;
    if (!(stream[0] & 1)) return CLIBDEFLATE_DECLINED;
    stream[0] &= 0xFE;
    memcpy(stream + bytes, CLIBDEFLATE_TAIL, CLIBDEFLATE_TAIL_BYTES);
    if (stream[bytes - 1] >> 5 != 0 || !clibdeflate_is_whole(codec, stream, bytes + CLIBDEFLATE_TAIL_BYTES, count)) {
        stream[bytes] = 0;
        bytes += 1;
    }
    *produced = bytes;
    return CLIBDEFLATE_DONE;
}

/// Inflates the payload of a whole message; false declines, whatever is wrong with it, and the room may have any
/// bytes then.
static inline bool clibdeflate_inflate(
    struct clibdeflate_codec *codec, const void *payload, size_t count, void *output, size_t room,
    size_t *produced) {
    if (count == 0 || count > CLIBDEFLATE_INPUT_MAX) return false;
    memcpy(codec->scratch, payload, count);
    memcpy(codec->scratch + count, CLIBDEFLATE_TAIL, CLIBDEFLATE_TAIL_BYTES);
    size_t bytes = count + CLIBDEFLATE_TAIL_BYTES, consumed = 0;
    enum libdeflate_result result = libdeflate_deflate_decompress_ex(
        codec->decompressor, codec->scratch, bytes, output, room, &consumed, produced);
    // A block of the sender's that says it is the last ends before the tail does.
    return result == LIBDEFLATE_SUCCESS && consumed == bytes;
}

#endif
