#include "czcnet_uring.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_io_uring_setup
#define __NR_io_uring_setup 425
#define __NR_io_uring_enter 426
#define __NR_io_uring_register 427
#endif

_Static_assert(sizeof(struct zc_sqe) == 64, "the kernel's layout");
_Static_assert(sizeof(struct zc_cqe) == 16, "the kernel's layout");
_Static_assert(sizeof(struct zc_uring_buffer) == 16, "the kernel's layout");

struct sq_offsets {
    uint32_t head, tail, ring_mask, ring_entries, flags, dropped, array, reserved;
    uint64_t user_address;
};
struct cq_offsets {
    uint32_t head, tail, ring_mask, ring_entries, overflow, cqes, flags, reserved;
    uint64_t user_address;
};
struct parameters {
    uint32_t sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features, wq_descriptor, reserved[3];
    struct sq_offsets sq;
    struct cq_offsets cq;
};
_Static_assert(sizeof(struct parameters) == 120, "the kernel's layout");

enum {
    SETUP_CQSIZE = 1 << 3,
    SETUP_CLAMP = 1 << 4,
    SETUP_DISABLED = 1 << 6,
    SETUP_SUBMIT_ALL = 1 << 7,
    SETUP_SINGLE_ISSUER = 1 << 12,
    SETUP_DEFER_TASKRUN = 1 << 13,

    FEATURE_SINGLE_MMAP = 1 << 0,
    FEATURE_NODROP = 1 << 1,
    FEATURE_EXT_ARG = 1 << 8,

    ENTER_GETEVENTS = 1 << 0,
    ENTER_EXT_ARG = 1 << 3,
    ENTER_REGISTERED_RING = 1 << 4,

    REGISTER_FILES_UPDATE = 6,
    REGISTER_PROBE = 8,
    REGISTER_ENABLE = 12,
    REGISTER_FILES = 13,
    REGISTER_RING_DESCRIPTORS = 20,
    UNREGISTER_RING_DESCRIPTORS = 21,
    REGISTER_BUFFER_RING = 22,
};

static long offset_sq = 0, offset_sqes = 0x10000000;

/// How the kernel is told which registered descriptor is meant.
struct registered {
    uint32_t offset, reserved;
    uint64_t data;
};

static int register_call(int descriptor, unsigned code, void *argument, unsigned count) {
    return (int)syscall(__NR_io_uring_register, descriptor, code, argument, count);
}

int zc_uring_open(struct zc_uring *ring, uint32_t sq_entries, uint32_t cq_entries) {
    struct parameters parameters = {
        .cq_entries = cq_entries,
        .flags = SETUP_CQSIZE | SETUP_CLAMP | SETUP_DISABLED | SETUP_SUBMIT_ALL | SETUP_SINGLE_ISSUER |
                 SETUP_DEFER_TASKRUN,
    };
    memset(ring, 0, sizeof *ring);
    int descriptor = (int)syscall(__NR_io_uring_setup, sq_entries, &parameters);
    if (descriptor < 0) return errno;
    uint32_t needed = FEATURE_SINGLE_MMAP | FEATURE_NODROP | FEATURE_EXT_ARG;
    if ((parameters.features & needed) != needed) {
        close(descriptor);
        return ENOSYS;
    }
    size_t sq_bytes = parameters.sq.array + parameters.sq_entries * sizeof(uint32_t);
    size_t cq_bytes = parameters.cq.cqes + parameters.cq_entries * sizeof(struct zc_cqe);
    ring->rings_bytes = sq_bytes > cq_bytes ? sq_bytes : cq_bytes;
    ring->sqes_bytes = parameters.sq_entries * sizeof(struct zc_sqe);
    int protection = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_POPULATE;
    void *rings = mmap(NULL, ring->rings_bytes, protection, flags, descriptor, offset_sq);
    void *sqes = rings == MAP_FAILED
                     ? MAP_FAILED
                     : mmap(NULL, ring->sqes_bytes, protection, flags, descriptor, offset_sqes);
    if (sqes == MAP_FAILED) {
        int code = errno;
        if (rings != MAP_FAILED) munmap(rings, ring->rings_bytes);
        close(descriptor);
        return code;
    }
    uint8_t *base = rings;
    ring->descriptor = descriptor;
    ring->features = parameters.features;
    ring->rings = rings;
    ring->sq_head = (uint32_t *)(base + parameters.sq.head);
    ring->sq_tail = (uint32_t *)(base + parameters.sq.tail);
    ring->sq_flags = (uint32_t *)(base + parameters.sq.flags);
    ring->sqes = sqes;
    ring->sq_entries = parameters.sq_entries;
    ring->cq_head = (uint32_t *)(base + parameters.cq.head);
    ring->cq_tail = (uint32_t *)(base + parameters.cq.tail);
    ring->cqes = (struct zc_cqe *)(base + parameters.cq.cqes);
    ring->cq_mask = parameters.cq_entries - 1;
    // Requests are submitted in the order of their places, so the indirection is the identity, once and for all.
    uint32_t *array = (uint32_t *)(base + parameters.sq.array);
    for (uint32_t index = 0; index < ring->sq_entries; index++) array[index] = index;
    return 0;
}

void zc_uring_close(struct zc_uring *ring) {
    munmap(ring->sqes, ring->sqes_bytes);
    munmap(ring->rings, ring->rings_bytes);
    close(ring->descriptor);
}

int zc_uring_enable(struct zc_uring *ring) {
    if (register_call(ring->descriptor, REGISTER_ENABLE, NULL, 0) < 0) return errno;
    // Spares each call the look-up of the descriptor; belongs to the calling thread. Doing without is only slower.
    struct registered update = {.offset = UINT32_MAX, .data = (uint64_t)ring->descriptor};
    if (register_call(ring->descriptor, REGISTER_RING_DESCRIPTORS, &update, 1) == 1) {
        ring->is_registered = 1;
        ring->registered_index = (int)update.offset;
    }
    return 0;
}

void zc_uring_disable(struct zc_uring *ring) {
    if (!ring->is_registered) return;
    struct registered update = {.offset = (uint32_t)ring->registered_index};
    register_call(ring->descriptor, UNREGISTER_RING_DESCRIPTORS, &update, 1);
    ring->is_registered = 0;
}

int zc_uring_knows(struct zc_uring *ring, uint8_t opcode) {
    struct {
        uint8_t last, count;
        uint16_t reserved;
        uint32_t reserved2[3];
        struct {
            uint8_t opcode, reserved;
            uint16_t flags;
            uint32_t reserved2;
        } operations[64];
    } probe;
    memset(&probe, 0, sizeof probe);
    if (register_call(ring->descriptor, REGISTER_PROBE, &probe, 64) < 0) return 0;
    return opcode < probe.count && (probe.operations[opcode].flags & 1) != 0;
}

struct zc_uring_buffer *zc_uring_buffers_open(struct zc_uring *ring, uint32_t entries) {
    size_t bytes = entries * sizeof(struct zc_uring_buffer);
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    struct {
        uint64_t address;
        uint32_t entries;
        uint16_t group, flags;
        uint64_t reserved[3];
    } registration = {.address = (uint64_t)(uintptr_t)memory, .entries = entries};
    if (register_call(ring->descriptor, REGISTER_BUFFER_RING, &registration, 1) < 0) {
        int code = errno;
        munmap(memory, bytes);
        errno = code;
        return NULL;
    }
    return memory;
}

void zc_uring_buffers_close(struct zc_uring_buffer *buffers, uint32_t entries) {
    munmap(buffers, entries * sizeof(struct zc_uring_buffer));
}

int zc_uring_files_open(struct zc_uring *ring, uint32_t count) {
    struct {
        uint32_t count, flags;
        uint64_t reserved, descriptors, tags;
    } registration = {.count = count, .flags = 1 /* sparse */};
    return register_call(ring->descriptor, REGISTER_FILES, &registration, sizeof registration) < 0 ? errno : 0;
}

int zc_uring_files_set(struct zc_uring *ring, uint32_t place, int descriptor) {
    int32_t descriptors[1] = {descriptor};
    struct {
        uint32_t offset, reserved;
        uint64_t descriptors;
    } update = {.offset = place, .descriptors = (uint64_t)(uintptr_t)descriptors};
    return register_call(ring->descriptor, REGISTER_FILES_UPDATE, &update, 1) < 0 ? errno : 0;
}

int zc_uring_enter(struct zc_uring *ring, uint32_t wait_for, int64_t nanoseconds) {
    uint32_t count = zc_uring_unsubmitted(ring);
    __atomic_store_n(ring->sq_tail, ring->sq_filled, __ATOMIC_RELEASE);
    struct {
        int64_t seconds, nanoseconds;
    } timeout = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    struct {
        uint64_t mask;
        uint32_t mask_bytes, minimum_wait;
        uint64_t timeout;
    } argument = {.mask_bytes = _NSIG / 8};
    if (wait_for > 0 && nanoseconds >= 0) argument.timeout = (uint64_t)(uintptr_t)&timeout;
    unsigned flags = ENTER_GETEVENTS | ENTER_EXT_ARG | (ring->is_registered ? ENTER_REGISTERED_RING : 0);
    int descriptor = ring->is_registered ? ring->registered_index : ring->descriptor;
    long result = syscall(__NR_io_uring_enter, descriptor, count, wait_for, flags, &argument, sizeof argument);
    return result < 0 ? -errno : (int)result;
}
