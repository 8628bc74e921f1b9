#include "czcnet_utf8.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// The automaton. A state is a bit position, a row of the table holds for one byte the next state of every state at
// that state's position, and a step is one shift: `row >> state`. The row does not depend on the state, so the loads
// run ahead and a byte costs little more than the shift.
enum {
    COMPLETE = CZCNET_UTF8_COMPLETE,  // Between characters.
    ONE_MORE = 6,                     // One continuation byte ends the character.
    TWO_MORE = 12,
    THREE_MORE = 18,
    AFTER_E0 = 24,  // Two more, of which the next is A0...BF: less is overlong.
    AFTER_ED = 30,  // Two more, of which the next is 80...9F: more is a surrogate.
    AFTER_F0 = 36,  // Three more, of which the next is 90...BF: less is overlong.
    AFTER_F4 = 42,  // Three more, of which the next is 80...8F: more is above U+10FFFF.
    REJECTED = CZCNET_UTF8_REJECTED,
};

#define GO(from, to) ((uint64_t)(to) << (from))
/// A row in which every state but those named leads to rejection.
#define ROW(complete, one, two, three, e0, ed, f0, f4)                                                       \
    (GO(COMPLETE, complete) | GO(ONE_MORE, one) | GO(TWO_MORE, two) | GO(THREE_MORE, three) |                \
     GO(AFTER_E0, e0) | GO(AFTER_ED, ed) | GO(AFTER_F0, f0) | GO(AFTER_F4, f4) | GO(REJECTED, REJECTED))
#define LEAD(to) ROW(to, REJECTED, REJECTED, REJECTED, REJECTED, REJECTED, REJECTED, REJECTED)
#define CONTINUATION(e0, ed, f0, f4) ROW(REJECTED, COMPLETE, ONE_MORE, TWO_MORE, e0, ed, f0, f4)

// RFC 3629 section 4, "Syntax of UTF-8 Byte Sequences".
static const uint64_t rows[256] = {
    [0x00 ... 0x7F] = LEAD(COMPLETE),
    [0x80 ... 0x8F] = CONTINUATION(REJECTED, ONE_MORE, REJECTED, TWO_MORE),
    [0x90 ... 0x9F] = CONTINUATION(REJECTED, ONE_MORE, TWO_MORE, REJECTED),
    [0xA0 ... 0xBF] = CONTINUATION(ONE_MORE, REJECTED, TWO_MORE, REJECTED),
    [0xC0 ... 0xC1] = LEAD(REJECTED),
    [0xC2 ... 0xDF] = LEAD(ONE_MORE),
    [0xE0] = LEAD(AFTER_E0),
    [0xE1 ... 0xEC] = LEAD(TWO_MORE),
    [0xED] = LEAD(AFTER_ED),
    [0xEE ... 0xEF] = LEAD(TWO_MORE),
    [0xF0] = LEAD(AFTER_F0),
    [0xF1 ... 0xF3] = LEAD(THREE_MORE),
    [0xF4] = LEAD(AFTER_F4),
    [0xF5 ... 0xFF] = LEAD(REJECTED),
};

static inline uint64_t next_state(uint64_t state, uint8_t byte) { return rows[byte] >> state & 63; }

static inline bool is_ascii_16(const uint8_t *bytes) {
#if defined(__x86_64__)
    return _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)bytes)) == 0;
#elif defined(__aarch64__)
    return vmaxvq_u8(vld1q_u8(bytes)) < 0x80;
#else
    uint64_t first, second;
    __builtin_memcpy(&first, bytes, 8);
    __builtin_memcpy(&second, bytes + 8, 8);
    return ((first | second) & 0x8080808080808080u) == 0;
#endif
}

/// Runs the automaton over the bytes from `index` on, one by one.
static size_t step_bytes(uint32_t *state, const uint8_t *bytes, size_t index, size_t count) {
    uint64_t now = *state;
    for (; index < count; index++) {
        now = next_state(now, bytes[index]);
        if (now == REJECTED) break;
    }
    *state = (uint32_t)now;
    return index;
}

/// The automaton over blocks of 16 bytes, and past blocks of nothing but ASCII.
static size_t step_blocks(uint32_t *state, const uint8_t *bytes, size_t index, size_t count) {
    for (; count - index >= 16; index += 16) {
        uint64_t now = *state;
        if (now == COMPLETE && is_ascii_16(bytes + index)) continue;
        for (int i = 0; i < 16; i++) now = next_state(now, bytes[index + i]);
        // Rejection lasts, so it is enough to look for it here. Where it began the bytes are gone through again.
        if (now == REJECTED) break;
        *state = (uint32_t)now;
    }
    return step_bytes(state, bytes, index, count);
}

static size_t step_portable(uint32_t *state, const uint8_t *bytes, size_t count) {
    return step_blocks(state, bytes, 0, count);
}

#if defined(__x86_64__)

// The vector algorithm is that of John Keiser and Daniel Lemire, "Validating UTF-8 In Less Than One Instruction Per
// Byte" (2020): three look-ups of 16 entries each, by the two halves of the byte before and by the upper half of the
// byte itself, name the faults that a pair of bytes may have; a pair has those that all three name.
enum {
    LEAD_WITHOUT_CONTINUATION = 1 << 0,
    CONTINUATION_WITHOUT_LEAD = 1 << 1,
    OVERLONG_OF_THREE = 1 << 2,
    TOO_LARGE = 1 << 3,
    SURROGATE = 1 << 4,
    OVERLONG_OF_TWO = 1 << 5,
    OVERLONG_OF_FOUR = 1 << 6,
    /// F5 to FF before 80 to 8F. It shares a bit with the overlong form, whose second byte is the same.
    TOO_LARGE_LEAD = 1 << 6,
    /// Not a fault as the third or fourth byte of a character, which is looked at separately.
    TWO_CONTINUATIONS = 1 << 7,
    /// Faults that do not depend on the lower half of the byte before.
    ANY_LOWER_HALF = LEAD_WITHOUT_CONTINUATION | CONTINUATION_WITHOUT_LEAD | TWO_CONTINUATIONS,
};

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i load32(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }
AVX2 static inline bool is_ascii_32(__m256i bytes) { return _mm256_movemask_epi8(bytes) == 0; }

AVX2 static inline __m256i both(__m128i table) { return _mm256_broadcastsi128_si256(table); }

AVX2 static inline __m256i upper_halves(__m256i bytes) {
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
}

/// The faults that each byte has with the byte before it.
AVX2 static inline __m256i faults_of_pairs(__m256i bytes, __m256i before) {
    const char a = (char)ANY_LOWER_HALF;
    const __m128i by_upper_half_before = _mm_setr_epi8(
        // 0xxxxxxx: ASCII.
        CONTINUATION_WITHOUT_LEAD, CONTINUATION_WITHOUT_LEAD, CONTINUATION_WITHOUT_LEAD,
        CONTINUATION_WITHOUT_LEAD, CONTINUATION_WITHOUT_LEAD, CONTINUATION_WITHOUT_LEAD,
        CONTINUATION_WITHOUT_LEAD, CONTINUATION_WITHOUT_LEAD,
        // 10xxxxxx: a continuation.
        (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS, (char)TWO_CONTINUATIONS,
        // C, D, E, F: leads.
        LEAD_WITHOUT_CONTINUATION | OVERLONG_OF_TWO, LEAD_WITHOUT_CONTINUATION,
        LEAD_WITHOUT_CONTINUATION | OVERLONG_OF_THREE | SURROGATE,
        LEAD_WITHOUT_CONTINUATION | TOO_LARGE | TOO_LARGE_LEAD | OVERLONG_OF_FOUR);
    const char large = a | TOO_LARGE | TOO_LARGE_LEAD;
    const __m128i by_lower_half_before = _mm_setr_epi8(
        a | OVERLONG_OF_TWO | OVERLONG_OF_THREE | OVERLONG_OF_FOUR, a | OVERLONG_OF_TWO, a, a, a | TOO_LARGE,
        large, large, large, large, large, large, large, large, large | SURROGATE, large, large);
    const char none = LEAD_WITHOUT_CONTINUATION;
    const char some = (char)(CONTINUATION_WITHOUT_LEAD | OVERLONG_OF_TWO | TWO_CONTINUATIONS);
    const char from_90 = some | OVERLONG_OF_THREE | TOO_LARGE;
    const char from_a0 = some | SURROGATE | TOO_LARGE;
    const __m128i by_upper_half = _mm_setr_epi8(
        none, none, none, none, none, none, none, none,
        some | OVERLONG_OF_THREE | OVERLONG_OF_FOUR | TOO_LARGE_LEAD, from_90, from_a0, from_a0,
        none, none, none, none);
    __m256i lower_before = _mm256_and_si256(before, _mm256_set1_epi8(15));
    __m256i faults = _mm256_shuffle_epi8(both(by_upper_half_before), upper_halves(before));
    faults = _mm256_and_si256(faults, _mm256_shuffle_epi8(both(by_lower_half_before), lower_before));
    return _mm256_and_si256(faults, _mm256_shuffle_epi8(both(by_upper_half), upper_halves(bytes)));
}

/// The faults of 32 bytes, given those one, two and three places before each.
AVX2 static inline __m256i faults_of(__m256i bytes, __m256i before1, __m256i before2, __m256i before3) {
    // Two before a third or fourth byte stands E0 or more, or three before a fourth F0 or more. There, and only
    // there, two continuations follow each other: the top bit is set where one of the two holds without the other.
    __m256i third = _mm256_subs_epu8(before2, _mm256_set1_epi8((char)(0xE0 - 0x80)));
    __m256i fourth = _mm256_subs_epu8(before3, _mm256_set1_epi8((char)(0xF0 - 0x80)));
    __m256i expected = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(faults_of_pairs(bytes, before1), expected);
}

/// The faults of 32 bytes with bytes before them.
AVX2 static inline __m256i faults_at(const uint8_t *bytes) {
    return faults_of(load32(bytes), load32(bytes - 1), load32(bytes - 2), load32(bytes - 3));
}

/// The faults of the first 32 bytes of a text.
AVX2 static inline __m256i faults_at_start(const uint8_t *bytes) {
    __m256i now = load32(bytes);
    __m256i lower_half_moved_up = _mm256_permute2x128_si256(now, now, 0x08);
    return faults_of(
        now, _mm256_alignr_epi8(now, lower_half_moved_up, 15), _mm256_alignr_epi8(now, lower_half_moved_up, 14),
        _mm256_alignr_epi8(now, lower_half_moved_up, 13));
}

AVX2 static inline bool is_faultless(__m256i faults) { return _mm256_testz_si256(faults, faults); }

/// A place at or after `index` up to which all is ASCII, and from which 32 bytes are not. At least 32 bytes are there.
AVX2 static inline size_t skip_ascii(const uint8_t *bytes, size_t index, size_t count) {
    for (; count - index >= 128; index += 128) {
        __m256i first = _mm256_or_si256(load32(bytes + index), load32(bytes + index + 32));
        __m256i second = _mm256_or_si256(load32(bytes + index + 64), load32(bytes + index + 96));
        if (!is_ascii_32(_mm256_or_si256(first, second))) break;
    }
    for (; count - index >= 32; index += 32) {
        if (!is_ascii_32(load32(bytes + index))) return index;
    }
    // The rest, together with bytes before it.
    return is_ascii_32(load32(bytes + count - 32)) ? count : index;
}

/// Whether a character has begun in the three bytes before and is not at its end.
static inline bool is_open(const uint8_t *bytes) { return bytes[-1] >= 0xC0 || bytes[-2] >= 0xE0 || bytes[-3] >= 0xF0; }

/// Where the last character before `index` begins, unless it ends there for certain.
static inline size_t last_lead(const uint8_t *bytes, size_t index) {
    for (size_t back = 1; back <= 3 && back <= index; back++) {
        uint8_t byte = bytes[index - back];
        if (byte >= 0xC0) return index - back;
        if (byte < 0x80) return index;
    }
    return index;
}

/// How far 32 bytes at a time are found right, from a place between two characters on that at least 32 bytes follow.
/// What is right may end inside a character, whose lead byte may still be one that no character has: only the pair
/// that it begins shows that.
AVX2 static size_t skip_valid(const uint8_t *bytes, size_t index, size_t count) {
    index = skip_ascii(bytes, index, count);
    if (index < 3 && count - index >= 32) {
        if (!is_faultless(faults_at_start(bytes + index))) return index;
        index += 32;
    }
    while (count - index >= 64) {
        if (is_ascii_32(_mm256_or_si256(load32(bytes + index), load32(bytes + index + 32)))) {
            if (is_open(bytes + index)) return index;
            index = skip_ascii(bytes, index, count);
            continue;
        }
        __m256i faults = _mm256_or_si256(faults_at(bytes + index), faults_at(bytes + index + 32));
        if (!is_faultless(faults)) return index;
        index += 64;
    }
    if (count - index >= 32) {
        if (!is_faultless(faults_at(bytes + index))) return index;
        index += 32;
    }
    // The rest together with bytes that are known to be right makes one block more.
    size_t last = count - 32;
    if (index < count && last >= 3 && is_faultless(faults_at(bytes + last))) return count;
    return index;
}

AVX2 static size_t step_avx2(uint32_t *state, const uint8_t *bytes, size_t count) {
    // The character that the bytes before left open, at most three bytes more.
    size_t index = 0;
    for (; *state != COMPLETE && index < count; index++) {
        *state = (uint32_t)next_state(*state, bytes[index]);
        if (*state == REJECTED) return index;
    }
    if (count - index < 32) return step_blocks(state, bytes, index, count);
    // Whatever the vectors could not decide, the automaton does; that is a few bytes, unless there is a fault.
    return step_bytes(state, bytes, last_lead(bytes, skip_valid(bytes, index, count)), count);
}

#endif

struct czcnet_utf8_variant czcnet_utf8_variant_at(int index) {
    static const struct czcnet_utf8_variant variants[] = {
        {"automaton", step_portable},
#if defined(__x86_64__)
        {"AVX2", step_avx2},
#endif
    };
    int count = (int)(sizeof variants / sizeof variants[0]);
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2")) count = 1;
#endif
    return index >= 0 && index < count ? variants[index] : (struct czcnet_utf8_variant){0};
}

#if defined(__x86_64__)

typedef size_t utf8_kernel(uint32_t *, const uint8_t *, size_t);
static utf8_kernel step_first_time;

// Which kernel the processor has is asked once, by whoever comes first; two that come at once find the same answer.
static utf8_kernel *chosen = step_first_time;

static size_t step_first_time(uint32_t *state, const uint8_t *bytes, size_t count) {
    __builtin_cpu_init();
    utf8_kernel *best = __builtin_cpu_supports("avx2") ? step_avx2 : step_portable;
    __atomic_store_n(&chosen, best, __ATOMIC_RELAXED);
    return best(state, bytes, count);
}

size_t czcnet_utf8_step_long(uint32_t *state, const uint8_t *bytes, size_t count) {
    return __atomic_load_n(&chosen, __ATOMIC_RELAXED)(state, bytes, count);
}

#else

size_t czcnet_utf8_step_long(uint32_t *state, const uint8_t *bytes, size_t count) {
    return step_portable(state, bytes, count);
}

#endif
