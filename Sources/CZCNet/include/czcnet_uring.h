/// The kernel's io_uring interface, as far as a driver of sockets needs it: the layouts of io_uring(7), set-up,
/// and the few operations that must be atomic. Defined here rather than taken from the system's headers, because those
/// of many distributions are older than the kernels they run on. Nothing here allocates but the rings themselves.
#ifndef CZCNET_URING_H
#define CZCNET_URING_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// One request. The names are those of the fields' use here; unions of the kernel's layout are not spelt out.
struct zc_sqe {
    uint8_t opcode;
    uint8_t flags;
    uint16_t priority;
    int32_t descriptor;
    uint64_t offset;
    uint64_t address;
    uint32_t length;
    uint32_t operation_flags;
    uint64_t user_data;
    uint16_t buffer_group;
    uint16_t personality;
    int32_t file_index;
    uint64_t address3;
    uint64_t padding;
};

/// One completion.
struct zc_cqe {
    uint64_t user_data;
    int32_t result;
    uint32_t flags;
};

/// One provided buffer; the tail of the ring lies in `tail` of the first.
struct zc_uring_buffer {
    uint64_t address;
    uint32_t length;
    uint16_t id;
    uint16_t tail;
};

enum : uint8_t {
    ZC_URING_OP_NOP = 0,
    ZC_URING_OP_POLL_ADD = 6,
    ZC_URING_OP_POLL_REMOVE = 7,
    ZC_URING_OP_ACCEPT = 13,
    ZC_URING_OP_ASYNC_CANCEL = 14,
    ZC_URING_OP_SEND = 26,
    ZC_URING_OP_RECV = 27,
};

enum : uint8_t {
    ZC_URING_SQE_FIXED_FILE = 1 << 0,
    ZC_URING_SQE_BUFFER_SELECT = 1 << 5,
    ZC_URING_SQE_SKIP_SUCCESS = 1 << 6,
};

enum : uint32_t {
    ZC_URING_CQE_BUFFER = 1 << 0,
    ZC_URING_CQE_MORE = 1 << 1,
    ZC_URING_CQE_BUFFER_SHIFT = 16,
};

/// An instance: the memory it shares with the kernel, and the producer's side of the submission queue.
struct zc_uring {
    int descriptor;
    /// Whether the descriptor is registered, so that `zc_uring_enter` may name it by its index.
    int is_registered;
    int registered_index;
    uint32_t features;

    uint32_t *sq_head;
    uint32_t *sq_tail;
    uint32_t *sq_flags;
    struct zc_sqe *sqes;
    uint32_t sq_entries;
    /// Requests filled in so far; what lies behind the kernel's tail has not been shown to it.
    uint32_t sq_filled;

    uint32_t *cq_head;
    uint32_t *cq_tail;
    struct zc_cqe *cqes;
    uint32_t cq_mask;

    void *rings;
    size_t rings_bytes;
    size_t sqes_bytes;
};

/// Makes an instance for one thread, disabled until `zc_uring_enable`. Returns 0 or an errno.
int zc_uring_open(struct zc_uring *ring, uint32_t sq_entries, uint32_t cq_entries);
void zc_uring_close(struct zc_uring *ring);
/// Makes the calling thread the one that submits. Returns 0 or an errno.
int zc_uring_enable(struct zc_uring *ring);
/// Has the calling thread, the one that enabled it, let go of the instance. Without it the kernel would keep the
/// instance, whoever closes it, until the thread ends.
void zc_uring_disable(struct zc_uring *ring);
/// Whether the kernel knows an operation.
int zc_uring_knows(struct zc_uring *ring, uint8_t opcode);

/// Registers a ring of provided buffers under group 0; `entries` is a power of two. NULL, with errno, on failure.
struct zc_uring_buffer *zc_uring_buffers_open(struct zc_uring *ring, uint32_t entries);
void zc_uring_buffers_close(struct zc_uring_buffer *buffers, uint32_t entries);

/// Makes a table of `count` places for descriptors that requests may name by their place, which spares each the look-up.
/// Returns 0 or an errno.
int zc_uring_files_open(struct zc_uring *ring, uint32_t count);
/// Puts a descriptor into a place of the table; -1 empties it. Returns 0 or an errno.
int zc_uring_files_set(struct zc_uring *ring, uint32_t place, int descriptor);

/// Submits what was filled in, and waits for `wait_for` completions up to `nanoseconds` (negative: for ever). Returns the
/// number of requests that the kernel took, or a negated errno; -ETIME is the end of the wait.
int zc_uring_enter(struct zc_uring *ring, uint32_t wait_for, int64_t nanoseconds);

/// A cleared request, or NULL when the queue is full.
static inline struct zc_sqe *zc_uring_request(struct zc_uring *ring) {
    uint32_t head = __atomic_load_n(ring->sq_head, __ATOMIC_ACQUIRE);
    if (ring->sq_filled - head == ring->sq_entries) return NULL;
    struct zc_sqe *request = &ring->sqes[ring->sq_filled & (ring->sq_entries - 1)];
    ring->sq_filled++;
    memset(request, 0, sizeof *request);
    return request;
}

/// How many requests the kernel has not taken yet.
static inline uint32_t zc_uring_unsubmitted(const struct zc_uring *ring) {
    return ring->sq_filled - __atomic_load_n(ring->sq_head, __ATOMIC_ACQUIRE);
}

/// Whether completions wait in the kernel for room in the queue.
static inline int zc_uring_overflowed(const struct zc_uring *ring) {
    return (__atomic_load_n(ring->sq_flags, __ATOMIC_RELAXED) & 2) != 0;
}

static inline uint32_t zc_uring_completed_head(const struct zc_uring *ring) { return *ring->cq_head; }
static inline uint32_t zc_uring_completed_tail(const struct zc_uring *ring) {
    return __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE);
}
/// Gives the places of all completions before `head` back to the kernel.
static inline void zc_uring_consume(struct zc_uring *ring, uint32_t head) {
    __atomic_store_n(ring->cq_head, head, __ATOMIC_RELEASE);
}

/// Puts a buffer `ahead` places behind the ring's tail; `zc_uring_buffers_publish` then shows them to the kernel.
static inline void zc_uring_buffers_add(
    struct zc_uring_buffer *buffers, uint32_t mask, uint16_t ahead, void *memory, uint32_t length, uint16_t id) {
    struct zc_uring_buffer *place = &buffers[(uint16_t)(buffers->tail + ahead) & mask];
    place->address = (uint64_t)(uintptr_t)memory;
    place->length = length;
    place->id = id;
}
static inline void zc_uring_buffers_publish(struct zc_uring_buffer *buffers, uint16_t count) {
    __atomic_store_n(&buffers->tail, (uint16_t)(buffers->tail + count), __ATOMIC_RELEASE);
}

// Requests.

static inline void zc_uring_receive(struct zc_sqe *request, int descriptor, uint64_t user_data) {
    request->opcode = ZC_URING_OP_RECV;
    request->flags = ZC_URING_SQE_BUFFER_SELECT;
    request->priority = 1 << 1; // multishot
    request->descriptor = descriptor;
    request->user_data = user_data;
}

/// A send that is over when it was submitted: it takes what the socket takes and waits for nothing. Completes only when
/// less than all was taken. `descriptor` is a place in the table of files with `flags` ZC_URING_SQE_FIXED_FILE.
static inline void zc_uring_send(
    struct zc_sqe *request, int descriptor, uint8_t flags, const void *bytes, uint32_t count, uint64_t user_data) {
    request->opcode = ZC_URING_OP_SEND;
    request->flags = ZC_URING_SQE_SKIP_SUCCESS | flags;
    request->descriptor = descriptor;
    request->address = (uint64_t)(uintptr_t)bytes;
    request->length = count;
    request->operation_flags = 0x4000 | 0x40 | 0x100; // MSG_NOSIGNAL | MSG_DONTWAIT | MSG_WAITALL
    request->user_data = user_data;
}

static inline void zc_uring_accept(struct zc_sqe *request, int listener, int is_multishot, uint64_t user_data) {
    request->opcode = ZC_URING_OP_ACCEPT;
    request->priority = is_multishot ? 1 << 0 : 0;
    request->descriptor = listener;
    request->operation_flags = 02000000 | 04000; // SOCK_CLOEXEC | SOCK_NONBLOCK
    request->user_data = user_data;
}

static inline void zc_uring_poll(
    struct zc_sqe *request, int descriptor, uint32_t events, int is_multishot, uint64_t user_data) {
    request->opcode = ZC_URING_OP_POLL_ADD;
    request->descriptor = descriptor;
    request->length = is_multishot ? 1 : 0;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    events = events << 16 | events >> 16;
#endif
    request->operation_flags = events;
    request->user_data = user_data;
}

/// Cancels the request with the user data `target`; completes only on failure.
static inline void zc_uring_cancel(struct zc_sqe *request, uint64_t target, uint64_t user_data) {
    request->opcode = ZC_URING_OP_ASYNC_CANCEL;
    request->flags = ZC_URING_SQE_SKIP_SUCCESS;
    request->descriptor = -1;
    request->address = target;
    request->user_data = user_data;
}

#endif
