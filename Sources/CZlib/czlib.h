/// Raw DEFLATE streams (RFC 1951) of the system's zlib, with their memory accounted for. All of zlib stays behind
/// the few functions below: they own the streams, check sizes, and say in one `czlib_step` what a call did.
/// Nothing here is thread-safe: an account and the codecs on it belong to one thread at a time.
#ifndef CZLIB_H
#define CZLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/// Memory of all codecs that were made on it, with a bound.
struct czlib_account {
    size_t bytes;
    size_t bytes_most;
    size_t bytes_max;
    size_t blocks;
    size_t codecs;
};

/// What one call did, or why it could not.
enum czlib_status : int {
    CZLIB_OK = 0,
    /// The input is no DEFLATE stream, or refers to more than the window.
    CZLIB_BAD_DATA = 1,
    /// The account's bound or the system refused memory.
    CZLIB_NO_MEMORY = 2,
    /// There is output, but there was no room for any.
    CZLIB_NO_ROOM = 3,
    /// The parameters are outside of what zlib can do.
    CZLIB_BAD_PARAMETER = 4,
};

struct czlib_step {
    size_t consumed;
    size_t produced;
    enum czlib_status status;
    /// Whether the call left nothing to do: the input is used up and no output waits.
    bool is_done;
};

/// A compressor or a decompressor.
struct czlib_codec {
    z_stream stream;
    struct czlib_account *account;
    /// Decompressor: a block with BFINAL was the last thing decoded.
    bool is_after_final_block;
};

enum czlib_flush : int { CZLIB_FLUSH_NONE = 0, CZLIB_FLUSH_SYNC = 1 };

/// The most input and output of one call: far within zlib's 32-bit counts.
#define CZLIB_STEP_MAX ((size_t)1 << 20)
/// Keeps each block's size in front of it, and the block aligned.
#define CZLIB_BLOCK_HEAD 16

static inline void *czlib_allocate(struct czlib_account *account, size_t bytes) {
    bytes += CZLIB_BLOCK_HEAD;
    if (bytes > account->bytes_max || account->bytes > account->bytes_max - bytes) return NULL;
    unsigned char *block = (unsigned char *)malloc(bytes);
    if (!block) return NULL;
    memcpy(block, &bytes, sizeof bytes);
    account->bytes += bytes;
    account->blocks += 1;
    if (account->bytes > account->bytes_most) account->bytes_most = account->bytes;
    return block + CZLIB_BLOCK_HEAD;
}

static inline void czlib_release(struct czlib_account *account, void *memory) {
    if (!memory) return;
    unsigned char *block = (unsigned char *)memory - CZLIB_BLOCK_HEAD;
    size_t bytes;
    memcpy(&bytes, block, sizeof bytes);
    account->bytes -= bytes;
    account->blocks -= 1;
    free(block);
}

static inline voidpf czlib_zalloc(voidpf account, uInt items, uInt size) {
    return czlib_allocate((struct czlib_account *)account, (size_t)items * size);
}

static inline void czlib_zfree(voidpf account, voidpf memory) {
    czlib_release((struct czlib_account *)account, memory);
}

static inline struct czlib_codec *czlib_codec_make(struct czlib_account *account) {
    struct czlib_codec *codec = (struct czlib_codec *)czlib_allocate(account, sizeof *codec);
    if (!codec) return NULL;
    memset(codec, 0, sizeof *codec);
    codec->account = account;
    codec->stream.zalloc = czlib_zalloc;
    codec->stream.zfree = czlib_zfree;
    codec->stream.opaque = account;
    return codec;
}

static inline struct czlib_codec *czlib_codec_made(
    struct czlib_codec *codec, int result, enum czlib_status *status) {
    *status = result == Z_OK ? CZLIB_OK : result == Z_MEM_ERROR ? CZLIB_NO_MEMORY : CZLIB_BAD_PARAMETER;
    if (result == Z_OK) {
        codec->account->codecs += 1;
        return codec;
    }
    czlib_release(codec->account, codec);
    return NULL;
}

/// A compressor, or NULL and the reason in `status`.
static inline struct czlib_codec *czlib_deflater_make(
    struct czlib_account *account, int level, int window_bits, int memory_level, enum czlib_status *status) {
    struct czlib_codec *codec = czlib_codec_make(account);
    *status = CZLIB_NO_MEMORY;
    if (!codec) return NULL;
    int result = deflateInit2(&codec->stream, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY);
    return czlib_codec_made(codec, result, status);
}

/// A decompressor, or NULL and the reason in `status`. Its window is allocated with the first output.
static inline struct czlib_codec *czlib_inflater_make(
    struct czlib_account *account, int window_bits, enum czlib_status *status) {
    struct czlib_codec *codec = czlib_codec_make(account);
    *status = CZLIB_NO_MEMORY;
    if (!codec) return NULL;
    return czlib_codec_made(codec, inflateInit2(&codec->stream, -window_bits), status);
}

static inline void czlib_codec_discard(struct czlib_codec *codec) {
    codec->account->codecs -= 1;
    czlib_release(codec->account, codec);
}

static inline void czlib_deflater_end(struct czlib_codec *codec) {
    deflateEnd(&codec->stream);
    czlib_codec_discard(codec);
}

static inline void czlib_inflater_end(struct czlib_codec *codec) {
    inflateEnd(&codec->stream);
    czlib_codec_discard(codec);
}

/// Forgets everything that was compressed. Keeps the memory.
static inline void czlib_deflater_reset(struct czlib_codec *codec) { deflateReset(&codec->stream); }

/// Forgets everything that was decompressed. Keeps the memory.
static inline void czlib_inflater_reset(struct czlib_codec *codec) {
    inflateReset(&codec->stream);
    codec->is_after_final_block = false;
}

static inline size_t czlib_lesser(size_t a, size_t b) { return a < b ? a : b; }

static inline void czlib_aim(
    struct czlib_codec *codec, const void *input, size_t input_count, void *output, size_t room) {
    codec->stream.next_in = (z_const Bytef *)input;
    codec->stream.avail_in = (uInt)czlib_lesser(input_count, CZLIB_STEP_MAX);
    codec->stream.next_out = (Bytef *)output;
    codec->stream.avail_out = (uInt)czlib_lesser(room, CZLIB_STEP_MAX);
}

/// Compresses a piece; the flush takes place once all of the input was taken. To be called with more room and the
/// rest of the input until it is done. The room must exceed zlib's flush marker of at most six bytes.
static inline struct czlib_step czlib_deflate(
    struct czlib_codec *codec, const void *input, size_t input_count, void *output, size_t room,
    enum czlib_flush flush) {
    czlib_aim(codec, input, input_count, output, room);
    size_t offered = codec->stream.avail_in, space = codec->stream.avail_out;
    int wanted = flush == CZLIB_FLUSH_SYNC && offered == input_count ? Z_SYNC_FLUSH : Z_NO_FLUSH;
    int result = deflate(&codec->stream, wanted);
    struct czlib_step step = {0};
    step.consumed = offered - codec->stream.avail_in;
    step.produced = space - codec->stream.avail_out;
    step.status = result == Z_OK || result == Z_BUF_ERROR ? CZLIB_OK : CZLIB_BAD_PARAMETER;
    step.is_done = step.consumed == input_count && codec->stream.avail_out > 0;
    return step;
}

/// Decompresses a piece, to be called with more room and the rest of the input until it is done. Without room it
/// decodes into nowhere until the first byte of output, which is `CZLIB_NO_ROOM`.
static inline struct czlib_step czlib_inflate(
    struct czlib_codec *codec, const void *input, size_t input_count, void *output, size_t room) {
    unsigned char probe[1];
    if (codec->is_after_final_block && input_count > 0) {
        // The next block starts at the next byte and may refer to the window: unlike inflateReset this keeps it.
        inflateResetKeep(&codec->stream);
        codec->is_after_final_block = false;
    }
    czlib_aim(codec, input, input_count, room ? output : probe, room ? room : sizeof probe);
    size_t offered = codec->stream.avail_in, space = codec->stream.avail_out;
    int result = inflate(&codec->stream, Z_SYNC_FLUSH);
    struct czlib_step step = {0};
    step.consumed = offered - codec->stream.avail_in;
    step.produced = space - codec->stream.avail_out;
    step.status = CZLIB_OK;
    if (result == Z_STREAM_END) {
        codec->is_after_final_block = true;
    } else if (result == Z_MEM_ERROR) {
        step.status = CZLIB_NO_MEMORY;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        step.status = CZLIB_BAD_DATA;
    }
    if (!room && step.produced > 0) {
        step.produced = 0;
        if (step.status == CZLIB_OK) step.status = CZLIB_NO_ROOM;
    }
    step.is_done = step.consumed == input_count && codec->stream.avail_out > 0;
    return step;
}

/// Whether the decompressor stands between two blocks and at a byte's boundary.
static inline bool czlib_inflater_is_between_blocks(const struct czlib_codec *codec) {
    return codec->is_after_final_block || codec->stream.data_type == 128;
}

/// zlib's words for what is wrong with the data, or NULL.
static inline const char *czlib_complaint(const struct czlib_codec *codec) { return codec->stream.msg; }

#endif
