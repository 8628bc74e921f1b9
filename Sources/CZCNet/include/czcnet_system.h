/// System calls that the Glibc module does not import. Every function returns what the call returns and leaves
/// `errno` as the call left it; nothing here allocates, locks or retries.
#ifndef CZCNET_SYSTEM_H
#define CZCNET_SYSTEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

/// One readiness event as `epoll_wait` fills it; the layout is the kernel's (12 bytes, packed, on x86-64).
#if defined(__x86_64__)
struct __attribute__((packed)) zc_epoll_event {
    uint32_t events;
    uint64_t data;
};
#else
struct zc_epoll_event {
    uint32_t events;
    uint64_t data;
};
#endif

enum : uint32_t {
    ZC_EPOLLIN = 0x001,
    ZC_EPOLLOUT = 0x004,
    ZC_EPOLLERR = 0x008,
    ZC_EPOLLHUP = 0x010,
    ZC_EPOLLRDHUP = 0x2000,
    ZC_EPOLLET = 0x80000000u,
};

int zc_epoll_create(void);
int zc_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t data);
int zc_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t data);
int zc_epoll_remove(int epoll, int descriptor);
/// Waits up to `timeoutNanoseconds` (negative: for ever) with the kernel's full timer resolution where it has it.
int zc_epoll_wait(int epoll, struct zc_epoll_event *events, int capacity, int64_t timeoutNanoseconds);

/// An eventfd that is non-blocking and close-on-exec.
int zc_eventfd(void);

/// Makes a mapping longer, elsewhere if need be; its pages move without being copied. MAP_FAILED, and errno.
void *zc_remap(void *start, size_t bytes, size_t larger);

/// A timerfd on the monotonic clock that is non-blocking and close-on-exec.
int zc_timerfd(void);
/// Has it ring once, at an instant of the monotonic clock after 0.
int zc_timerfd_set(int descriptor, int64_t nanoseconds);

/// `accept4` with `SOCK_NONBLOCK | SOCK_CLOEXEC`.
int zc_accept(int listener, struct sockaddr *address, socklen_t *length);
/// `socket` with `SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC`.
int zc_stream_socket(int family);

/// `recv`, `send` and `sendmsg` without being places where a thread may be cancelled.
ssize_t zc_receive(int descriptor, void *room, size_t count);
ssize_t zc_send(int descriptor, const void *bytes, size_t count, int flags);
ssize_t zc_send_message(int descriptor, const struct msghdr *message, int flags);

/// Moves bytes from a pipe to a socket without a visit to user space. Non-blocking on both sides.
ssize_t zc_splice(int from, int to, size_t count);

/// Has the processor begin to load the cache line at an address; nothing happens where that is no memory.
static inline void zc_prefetch(const void *address) { __builtin_prefetch(address); }

/// A sleep until `*word` differs from `expected`, a `zc_futex_wake` comes, or the timeout passes (negative: never).
int zc_futex_wait(const uint32_t *word, uint32_t expected, int64_t timeoutNanoseconds);
int zc_futex_wake(const uint32_t *word, int waiters);

/// Names the calling thread (15 bytes of UTF-8 are kept) and pins it to one processor. Both return 0 or an errno.
int zc_thread_set_name(const char *name);
int zc_thread_pin(int processor);
/// How many processors this process may run on, at least 1.
int zc_processor_count(void);
/// The n-th processor that this process may run on, or -1.
int zc_processor_at(int index);

int zc_get_random(void *bytes, size_t count);
int zc_pipe(int descriptors[2]);

#endif
