// The C kernels of CZCNet against twins written to be obviously right, on whatever processor this is compiled for.
// Prints what was run and how much of it; ends with 1 at the first difference. Scripts/other-processors builds and runs it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "czcnet_crc32c.h"
#include "czcnet_unmask.h"
#include "czcnet_utf8.h"

static unsigned long checks;

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void fail(const char *kernel, const char *what, size_t count, size_t place) {
    printf("%s: %s, %zu bytes, at %zu\n", kernel, what, count, place);
    exit(1);
}

// Masking. The bytes lie between guards that must stay as they were, at every alignment that a vector could mind.

enum { LONGEST = 700, GUARD = 64 };

typedef void masking(uint8_t *, const uint8_t *, size_t, uint32_t);

static void check_mask(const char *name, masking *mask, size_t count, size_t alignment, int in_place) {
    static uint8_t source[LONGEST + 3 * GUARD], target[LONGEST + 3 * GUARD], before[LONGEST + 3 * GUARD];
    for (size_t i = 0; i < sizeof source; i++) source[i] = (uint8_t)next_random();
    for (size_t i = 0; i < sizeof target; i++) target[i] = in_place ? source[i] : (uint8_t)next_random();
    memcpy(before, target, sizeof target);
    uint8_t key_bytes[4];
    for (int i = 0; i < 4; i++) key_bytes[i] = (uint8_t)next_random();
    uint32_t key;
    memcpy(&key, key_bytes, 4);
    size_t begin = GUARD + alignment;
    mask(target + begin, (in_place ? target : source) + begin, count, key);
    for (size_t i = 0; i < sizeof target; i++) {
        int is_inside = i >= begin && i < begin + count;
        uint8_t expected = is_inside ? source[i] ^ key_bytes[(i - begin) & 3] : before[i];
        if (target[i] != expected) fail(name, is_inside ? "wrong byte" : "wrote outside", count, i - begin);
    }
    checks++;
}

static void unmask_in_place(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    (void)source;
    czcnet_unmask(target, count, key, 0);
}

static void copy_and_mask(uint8_t *target, const uint8_t *source, size_t count, uint32_t key) {
    czcnet_mask_copy(target, source, count, key, 0);
}

// A payload in two pieces is what it is in one.
static void check_pieces(size_t count, size_t cut) {
    uint8_t whole[LONGEST], pieces[LONGEST];
    for (size_t i = 0; i < count; i++) whole[i] = pieces[i] = (uint8_t)next_random();
    uint32_t key = (uint32_t)next_random();
    czcnet_unmask(whole, count, key, 0);
    czcnet_unmask(pieces, cut, key, 0);
    czcnet_unmask(pieces + cut, count - cut, key, cut);
    if (memcmp(whole, pieces, count) != 0) fail("unmask", "pieces differ from the whole", count, cut);
    checks++;
}

static void check_masking(void) {
    for (int index = 0; czcnet_mask_variant_at(index).name != NULL; index++) {
        struct czcnet_mask_variant variant = czcnet_mask_variant_at(index);
        printf("  mask, %s\n", variant.name);
        for (size_t count = 33; count < LONGEST; count++) {
            for (size_t alignment = 0; alignment < 33; alignment += 1 + (count & 3)) {
                check_mask(variant.name, variant.mask, count, alignment, 0);
                check_mask(variant.name, variant.mask, count, alignment, 1);
            }
        }
    }
    for (size_t count = 0; count < LONGEST; count++) {
        check_mask("unmask", unmask_in_place, count, count % 17, 1);
        check_mask("mask and copy", copy_and_mask, count, count % 17, 0);
        for (size_t cut = 0; cut <= count; cut += 1 + count / 16) check_pieces(count, cut);
    }
}

// UTF-8, by the table of RFC 3629 section 4: where the first byte stands that nothing could make right, or `count`.
// `*is_open` says whether the text ends inside a character.
static size_t first_wrong(const uint8_t *text, size_t count, int *is_open) {
    size_t i = 0;
    *is_open = 0;
    while (i < count) {
        uint8_t lead = text[i++], low = 0x80, high = 0xBF;
        int more;
        if (lead < 0x80) continue;
        if (lead >= 0xC2 && lead <= 0xDF) more = 1;
        else if (lead >= 0xE0 && lead <= 0xEF) more = 2;
        else if (lead >= 0xF0 && lead <= 0xF4) more = 3;
        else return i - 1;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
        for (; more > 0; more--) {
            if (i == count) {
                *is_open = 1;
                return count;
            }
            if (text[i] < low || text[i] > high) return i;
            i++;
            low = 0x80;
            high = 0xBF;
        }
    }
    return count;
}

typedef size_t stepping(uint32_t *, const uint8_t *, size_t);

static size_t step_inlined(uint32_t *state, const uint8_t *bytes, size_t count) {
    return czcnet_utf8_step(state, bytes, count);
}

static void check_text(const char *name, stepping *step, const uint8_t *text, size_t count, size_t cut) {
    int is_open;
    size_t expected = first_wrong(text, count, &is_open);
    uint32_t state = CZCNET_UTF8_COMPLETE;
    size_t got = step(&state, text, cut);
    if (got == cut) got = cut + step(&state, text + cut, count - cut);
    if (got != expected) fail(name, "another byte is said to be the wrong one", count, got);
    int complete = state == CZCNET_UTF8_COMPLETE, rejected = state == CZCNET_UTF8_REJECTED;
    if (rejected != (expected < count)) fail(name, "rejected or not", count, expected);
    if (!rejected && complete == is_open) fail(name, "complete or not", count, expected);
    checks++;
}

static size_t append(uint8_t *text, size_t at, uint32_t scalar) {
    if (scalar < 0x80) {
        text[at] = (uint8_t)scalar;
        return 1;
    }
    int more = scalar < 0x800 ? 1 : scalar < 0x10000 ? 2 : 3;
    static const uint8_t marks[] = {0, 0xC0, 0xE0, 0xF0};
    text[at] = (uint8_t)(marks[more] | scalar >> (6 * more));
    for (int i = 1; i <= more; i++) text[at + i] = (uint8_t)(0x80 | ((scalar >> (6 * (more - i))) & 63));
    return (size_t)more + 1;
}

// A text that is right, of scalars of all lengths, often with one byte replaced.
static size_t make_text(uint8_t *text, size_t most) {
    size_t count = 0, wanted = next_random() % (most - 4);
    uint64_t kind = next_random() % 4;
    while (count < wanted) {
        uint32_t scalar = (uint32_t)next_random();
        uint64_t width = kind == 0 ? 0 : next_random() % (kind + 1);
        scalar = width == 0 ? scalar & 0x7F : width == 1 ? scalar & 0x7FF : width == 2 ? scalar & 0xFFFF : scalar % 0x110000;
        if (scalar >= 0xD800 && scalar < 0xE000) scalar = 0xFFFD;
        count += append(text, count, scalar);
    }
    if (count > 0 && next_random() % 2) text[next_random() % count] = (uint8_t)next_random();
    return count;
}

static void check_validation(const char *name, stepping *step) {
    uint8_t text[400];
    // Every pair of bytes, alone and behind and before enough ASCII for the widest vectors.
    for (uint32_t pair = 0; pair < 0x10000; pair++) {
        for (size_t front = 0; front <= 64; front += 32) {
            memset(text, 'a', 140);
            text[front] = (uint8_t)(pair >> 8);
            text[front + 1] = (uint8_t)pair;
            check_text(name, step, text, front == 0 && (pair & 1) ? 2 : 140, front + (pair & 1));
        }
    }
    for (int round = 0; round < 60000; round++) {
        size_t count = make_text(text, sizeof text);
        check_text(name, step, text, count, count == 0 ? 0 : next_random() % (count + 1));
    }
    for (int round = 0; round < 200; round++) {
        size_t count = make_text(text, 160);
        for (size_t cut = 0; cut <= count; cut++) check_text(name, step, text, count, cut);
    }
}

// CRC-32C, bit by bit.
static uint32_t crc_by_bits(uint32_t previous, const uint8_t *bytes, size_t count) {
    uint32_t state = ~previous;
    for (size_t i = 0; i < count; i++) {
        state ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) state = state >> 1 ^ (0x82F63B78u & (0u - (state & 1)));
    }
    return ~state;
}

static void check_checksums(void) {
    // RFC 3720, B.4.
    uint8_t bytes[600];
    memset(bytes, 0, 32);
    if (czcnet_crc32c(0, bytes, 32) != 0x8A9136AAu) fail("crc32c", "32 zeros", 32, 0);
    memset(bytes, 0xFF, 32);
    if (czcnet_crc32c(0, bytes, 32) != 0x62A8AB43u) fail("crc32c", "32 ones", 32, 0);
    for (int i = 0; i < 32; i++) bytes[i] = (uint8_t)i;
    if (czcnet_crc32c(0, bytes, 32) != 0x46DD794Eu) fail("crc32c", "counting up", 32, 0);
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)next_random();
    for (size_t count = 0; count < 500; count++) {
        size_t begin = count % 9;
        uint32_t previous = (uint32_t)next_random(), expected = crc_by_bits(previous, bytes + begin, count);
        if (czcnet_crc32c(previous, bytes + begin, count) != expected) fail("crc32c", "wrong", count, begin);
        if (czcnet_crc32c_portable(previous, bytes + begin, count) != expected)
            fail("crc32c, portable", "wrong", count, begin);
        size_t cut = count / 3;
        uint32_t pieces = czcnet_crc32c(previous, bytes + begin, cut);
        if (czcnet_crc32c(pieces, bytes + begin + cut, count - cut) != expected)
            fail("crc32c", "pieces differ from the whole", count, cut);
        checks += 3;
    }
}

int main(void) {
    check_masking();
    for (int index = 0; czcnet_utf8_variant_at(index).name != NULL; index++) {
        struct czcnet_utf8_variant variant = czcnet_utf8_variant_at(index);
        printf("  UTF-8, %s\n", variant.name);
        check_validation(variant.name, variant.step);
    }
    check_validation("UTF-8, inlined", step_inlined);
    check_checksums();
    printf("  %lu checks\n", checks);
    return 0;
}
