#include "readers.h"

#include <sched.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static int epoll_descriptor = -1;
static atomic_long taken;

int readers_prepare(void) {
    epoll_descriptor = epoll_create1(EPOLL_CLOEXEC);
    return epoll_descriptor;
}

int readers_add(int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    return epoll_ctl(epoll_descriptor, EPOLL_CTL_ADD, descriptor, &event);
}

static void pin_to_last_processor(void) {
    cpu_set_t allowed, last;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    CPU_ZERO(&last);
    for (int processor = CPU_SETSIZE - 1; processor >= 0; processor--) {
        if (!CPU_ISSET(processor, &allowed)) continue;
        CPU_SET(processor, &last);
        sched_setaffinity(0, sizeof last, &last);
        return;
    }
}

void readers_run(void) {
    static char buffer[64 << 10];
    struct epoll_event events[512];
    pin_to_last_processor();
    for (;;) {
        int count = epoll_wait(epoll_descriptor, events, 512, -1);
        for (int index = 0; index < count; index++) {
            ssize_t got = recv(events[index].data.fd, buffer, sizeof buffer, 0);
            if (got > 0) atomic_fetch_add_explicit(&taken, got, memory_order_release);
        }
    }
}

long readers_taken(void) { return atomic_load_explicit(&taken, memory_order_acquire); }
