#include "czcnet_unmask.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// Every kernel has the same shape. The last vector is read before anything is written, because the blocks before it
// may reach into it: in place, reading it later would mask those bytes twice. It is written last, over bytes that have
// the same values already, so the rest that fills no block needs no loop of its own.

static void mask_portable(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    uint64_t pattern = czcnet_mask_double(key);
    uint64_t tail;
    __builtin_memcpy(&tail, source + count - 8, 8);
    tail ^= czcnet_mask_double(czcnet_mask_rotate(key, count));
    size_t whole = count & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word;
        __builtin_memcpy(&word, source + i, 8);
        word ^= pattern;
        __builtin_memcpy(target + i, &word, 8);
    }
    __builtin_memcpy(target + count - 8, &tail, 8);
}

#if defined(__x86_64__)

static inline __m128i load16(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }
static inline void store16(uint8_t *bytes, __m128i value) { _mm_storeu_si128((__m128i *)bytes, value); }

static void mask_sse2(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    __m128i pattern = _mm_set1_epi32((int)key);
    __m128i rotated = _mm_set1_epi32((int)czcnet_mask_rotate(key, count));
    __m128i tail = _mm_xor_si128(load16(source + count - 16), rotated);
    size_t i = 0;
    for (; count - i >= 64; i += 64) {
        __m128i a = load16(source + i), b = load16(source + i + 16);
        __m128i c = load16(source + i + 32), d = load16(source + i + 48);
        store16(target + i, _mm_xor_si128(a, pattern));
        store16(target + i + 16, _mm_xor_si128(b, pattern));
        store16(target + i + 32, _mm_xor_si128(c, pattern));
        store16(target + i + 48, _mm_xor_si128(d, pattern));
    }
    for (; count - i > 16; i += 16) store16(target + i, _mm_xor_si128(load16(source + i), pattern));
    store16(target + count - 16, tail);
}

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i load32(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }
AVX2 static inline void store32(uint8_t *bytes, __m256i value) { _mm256_storeu_si256((__m256i *)bytes, value); }

AVX2 static void mask_avx2(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    __m256i rotated = _mm256_set1_epi32((int)czcnet_mask_rotate(key, count));
    __m256i tail = _mm256_xor_si256(load32(source + count - 32), rotated);
    __m256i pattern = _mm256_set1_epi32((int)key);
    size_t i = 0;
    if (count >= 256) {
        // Stores that straddle two cache lines cost twice, so the blocks begin where the target is aligned. What is
        // left out before them is in the head, which like the tail is read first and written last.
        __m256i head = _mm256_xor_si256(load32(source), pattern);
        i = 32 - ((uintptr_t)target & 31);
        pattern = _mm256_set1_epi32((int)czcnet_mask_rotate(key, i));
        for (; count - i >= 128; i += 128) {
            __m256i a = load32(source + i), b = load32(source + i + 32);
            __m256i c = load32(source + i + 64), d = load32(source + i + 96);
            store32(target + i, _mm256_xor_si256(a, pattern));
            store32(target + i + 32, _mm256_xor_si256(b, pattern));
            store32(target + i + 64, _mm256_xor_si256(c, pattern));
            store32(target + i + 96, _mm256_xor_si256(d, pattern));
        }
        store32(target, head);
    }
    for (; count - i > 32; i += 32) store32(target + i, _mm256_xor_si256(load32(source + i), pattern));
    store32(target + count - 32, tail);
}

#elif defined(__aarch64__)

static void mask_neon(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    uint8x16_t pattern = vreinterpretq_u8_u32(vdupq_n_u32(key));
    uint8x16_t rotated = vreinterpretq_u8_u32(vdupq_n_u32(czcnet_mask_rotate(key, count)));
    uint8x16_t tail = veorq_u8(vld1q_u8(source + count - 16), rotated);
    size_t i = 0;
    for (; count - i >= 64; i += 64) {
        uint8x16_t a = vld1q_u8(source + i), b = vld1q_u8(source + i + 16);
        uint8x16_t c = vld1q_u8(source + i + 32), d = vld1q_u8(source + i + 48);
        vst1q_u8(target + i, veorq_u8(a, pattern));
        vst1q_u8(target + i + 16, veorq_u8(b, pattern));
        vst1q_u8(target + i + 32, veorq_u8(c, pattern));
        vst1q_u8(target + i + 48, veorq_u8(d, pattern));
    }
    for (; count - i > 16; i += 16) vst1q_u8(target + i, veorq_u8(vld1q_u8(source + i), pattern));
    vst1q_u8(target + count - 16, tail);
}

#endif

struct czcnet_mask_variant czcnet_mask_variant_at(int index) {
    static const struct czcnet_mask_variant variants[] = {
        {"portable", mask_portable},
#if defined(__x86_64__)
        {"SSE2", mask_sse2},
        {"AVX2", mask_avx2},
#elif defined(__aarch64__)
        {"NEON", mask_neon},
#endif
    };
    int count = (int)(sizeof variants / sizeof variants[0]);
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2")) count = 2;
#endif
    return index >= 0 && index < count ? variants[index] : (struct czcnet_mask_variant){0};
}

#if defined(__x86_64__)

typedef void mask_kernel(uint8_t *, const uint8_t *, size_t, uint32_t);
static mask_kernel mask_first_time;

// Which kernel the processor has is asked once, by whoever comes first; two that come at once find the same answer.
static mask_kernel *chosen = mask_first_time;

static void mask_first_time(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    __builtin_cpu_init();
    mask_kernel *best = __builtin_cpu_supports("avx2") ? mask_avx2 : mask_sse2;
    __atomic_store_n(&chosen, best, __ATOMIC_RELAXED);
    best(target, source, count, key);
}

void czcnet_mask_long(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    __atomic_load_n(&chosen, __ATOMIC_RELAXED)(target, source, count, key);
}

#elif defined(__aarch64__)

void czcnet_mask_long(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    mask_neon(target, source, count, key);
}

#else

void czcnet_mask_long(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    mask_portable(target, source, count, key);
}

#endif
