// raw-echo PORT: the least that an epoll server can do for an echo, as the limit to measure against.
// One thread, level-triggered, one receive buffer for all connections, no state but a descriptor and, while the kernel
// is full, the bytes it did not take. No timers, no limits, no protocol: a limit, not a server.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 512 * 1024, EVENTS_MAX = 1024 };

typedef struct {
    int descriptor;
    size_t rest_start, rest_count;
    char *rest;
} connection;

static char buffer[BUFFER_BYTES];
static int poller;

static void watch(connection *c, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(poller, operation, c->descriptor, &event) != 0) perror("epoll_ctl");
}

static void end(connection *c) {
    close(c->descriptor);
    free(c->rest);
    free(c);
}

static int is_passing(void) { return errno == EAGAIN || errno == EINTR; }

static void accept_all(int listener) {
    int one = 1;
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) return;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connection *c = calloc(1, sizeof *c);
        if (c == NULL) exit(1);
        c->descriptor = descriptor;
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static void send_rest(connection *c) {
    ssize_t sent = send(c->descriptor, c->rest + c->rest_start, c->rest_count, MSG_NOSIGNAL);
    if (sent < 0) {
        if (!is_passing()) end(c);
        return;
    }
    c->rest_start += (size_t)sent;
    c->rest_count -= (size_t)sent;
    if (c->rest_count > 0) return;
    free(c->rest);
    c->rest = NULL;
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

static void echo(connection *c) {
    ssize_t count = recv(c->descriptor, buffer, sizeof buffer, 0);
    if (count <= 0) {
        if (count == 0 || !is_passing()) end(c);
        return;
    }
    ssize_t sent = send(c->descriptor, buffer, (size_t)count, MSG_NOSIGNAL);
    if (sent == count) return;
    if (sent < 0 && !is_passing()) {
        end(c);
        return;
    }
    if (sent < 0) sent = 0;
    c->rest_start = 0;
    c->rest_count = (size_t)(count - sent);
    c->rest = malloc(c->rest_count);
    if (c->rest == NULL) exit(1);
    memcpy(c->rest, buffer + sent, c->rest_count);
    watch(c, EPOLL_CTL_MOD, EPOLLOUT);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: raw-echo PORT\n");
        return 2;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4096) != 0) {
        perror("listen");
        return 1;
    }
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN}, events[EVENTS_MAX];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    printf("listening on 127.0.0.1:%s\n", argv[1]);
    fflush(stdout);
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            connection *c = events[i].data.ptr;
            if (c == NULL) accept_all(listener);
            else if (c->rest != NULL) send_rest(c);
            else echo(c);
        }
    }
}
