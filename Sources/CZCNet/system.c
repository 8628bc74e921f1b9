#include "czcnet_system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

_Static_assert(sizeof(struct zc_epoll_event) == sizeof(struct epoll_event), "the kernel's event layout");
_Static_assert(ZC_EPOLLIN == EPOLLIN && ZC_EPOLLOUT == EPOLLOUT && ZC_EPOLLERR == EPOLLERR, "the kernel's bits");
_Static_assert(ZC_EPOLLHUP == EPOLLHUP && ZC_EPOLLRDHUP == EPOLLRDHUP && ZC_EPOLLET == EPOLLET, "the kernel's bits");

int zc_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int epoll, int operation, int descriptor, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events, .data.u64 = data};
    return epoll_ctl(epoll, operation, descriptor, &event);
}

int zc_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t data) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, events, data);
}

int zc_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t data) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, events, data);
}

int zc_epoll_remove(int epoll, int descriptor) { return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0); }

// The calls that every message makes. In a process with threads glibc's own let the calling thread be cancelled for
// their length, which takes two atomic exchanges for each call; nobody cancels a loop's thread. The sanitizers know only
// glibc's: one learns from them what happened before what, the other checks the memory that they are given.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define ZC_CALLS_GLIBC 1
#endif
#endif

#ifdef ZC_CALLS_GLIBC
ssize_t zc_receive(int descriptor, void *room, size_t count) { return recv(descriptor, room, count, 0); }

ssize_t zc_send(int descriptor, const void *bytes, size_t count, int flags) {
    return send(descriptor, bytes, count, flags);
}

ssize_t zc_send_message(int descriptor, const struct msghdr *message, int flags) {
    return sendmsg(descriptor, message, flags);
}

static int wait_for_events(int epoll, struct epoll_event *events, int capacity, int milliseconds) {
    return epoll_wait(epoll, events, capacity, milliseconds);
}
#else
ssize_t zc_receive(int descriptor, void *room, size_t count) {
    return syscall(SYS_recvfrom, descriptor, room, count, 0, NULL, NULL);
}

ssize_t zc_send(int descriptor, const void *bytes, size_t count, int flags) {
    return syscall(SYS_sendto, descriptor, bytes, count, flags, NULL, 0);
}

ssize_t zc_send_message(int descriptor, const struct msghdr *message, int flags) {
    return syscall(SYS_sendmsg, descriptor, message, flags);
}

static int wait_for_events(int epoll, struct epoll_event *events, int capacity, int milliseconds) {
    return (int)syscall(SYS_epoll_pwait, epoll, events, capacity, milliseconds, NULL, (size_t)0);
}
#endif

static int wait_milliseconds(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds) {
    // Rounded up: waking a fraction of a millisecond early would spin until the deadline.
    int64_t milliseconds = nanoseconds < 0 ? -1 : nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    return wait_for_events(epoll, events, capacity, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

int zc_epoll_wait(int epoll, struct zc_epoll_event *events, int capacity, int64_t nanoseconds) {
    struct epoll_event *kernel_events = (struct epoll_event *)events;
    // epoll_wait is the cheaper call when no timer has to be hit between two milliseconds.
    if (nanoseconds <= 0) return wait_milliseconds(epoll, kernel_events, capacity, nanoseconds);
#ifdef SYS_epoll_pwait2
    struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    long count = syscall(SYS_epoll_pwait2, epoll, kernel_events, capacity, &timeout, NULL, (size_t)0);
    if (count >= 0 || errno != ENOSYS) return (int)count;
#endif
    return wait_milliseconds(epoll, kernel_events, capacity, nanoseconds);
}

int zc_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void *zc_remap(void *start, size_t bytes, size_t larger) { return mremap(start, bytes, larger, MREMAP_MAYMOVE); }

int zc_timerfd(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC); }

int zc_timerfd_set(int descriptor, int64_t nanoseconds) {
    struct itimerspec time = {.it_value = {nanoseconds / 1000000000, nanoseconds % 1000000000}};
    return timerfd_settime(descriptor, TFD_TIMER_ABSTIME, &time, NULL);
}

int zc_accept(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int zc_stream_socket(int family) { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

ssize_t zc_splice(int from, int to, size_t count) {
    return splice(from, NULL, to, NULL, count, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

int zc_futex_wait(const uint32_t *word, uint32_t expected, int64_t nanoseconds) {
    struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    return (int)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, nanoseconds < 0 ? NULL : &timeout, NULL, 0);
}

int zc_futex_wake(const uint32_t *word, int waiters) {
    return (int)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, waiters, NULL, NULL, 0);
}

int zc_thread_set_name(const char *name) {
    char kept[16];
    strncpy(kept, name, sizeof kept - 1);
    kept[sizeof kept - 1] = 0;
    return pthread_setname_np(pthread_self(), kept);
}

int zc_thread_pin(int processor) {
    if (processor < 0 || processor >= CPU_SETSIZE) return EINVAL;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int zc_processor_count(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}

int zc_processor_at(int index) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return -1;
    for (int processor = 0; processor < CPU_SETSIZE; processor++)
        if (CPU_ISSET(processor, &set) && index-- == 0) return processor;
    return -1;
}

int zc_get_random(void *bytes, size_t count) {
    return getrandom(bytes, count, 0) == (ssize_t)count ? 0 : -1;
}

int zc_pipe(int descriptors[2]) { return pipe2(descriptors, O_NONBLOCK | O_CLOEXEC); }
