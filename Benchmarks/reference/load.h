// What the load programs share: clocks, connections, the handshake and frames of WebSocket, percentiles.
#ifndef LOAD_H
#define LOAD_H
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline uint64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// The processor time of all threads of a process, in seconds, to the nanosecond.
static inline double cpu_seconds(const char *pid) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(atoi(pid), &clock) != 0 || clock_gettime(clock, &time) != 0) {
        fprintf(stderr, "no processor clock of process %s\n", pid);
        exit(1);
    }
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static inline void allow_descriptors(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static inline struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// The key of the example in RFC 6455 1.3, whose answer is known.
static const char upgrade_request[] =
    "GET / HTTP/1.1\r\nHost: load\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

// Asks for the upgrade and reads the answer up to its end, a byte at a time: what follows is the conversation's.
static inline void shake_hands(int descriptor) {
    char answer[4096];
    size_t count = 0;
    ssize_t length = sizeof upgrade_request - 1;
    if (send(descriptor, upgrade_request, (size_t)length, MSG_NOSIGNAL) != length) exit(1);
    while (count < 4 || memcmp(answer + count - 4, "\r\n\r\n", 4) != 0) {
        if (count == sizeof answer || recv(descriptor, answer + count, 1, 0) != 1) {
            fprintf(stderr, "no end of the answer to the handshake\n");
            exit(1);
        }
        count++;
    }
    if (memcmp(answer, "HTTP/1.1 101 ", 13) != 0) {
        fprintf(stderr, "the handshake was answered %.40s\n", answer);
        exit(1);
    }
}

static inline int open_connection(int port, int is_websocket) {
    struct sockaddr_in address = loopback(port);
    int one = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        exit(1);
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (is_websocket) shake_hands(descriptor);
    return descriptor;
}

// RFC 6455 5.2: the head of a final binary frame, masked where there is a key; answers its length.
static inline size_t frame_head(char *head, size_t count, const char *key) {
    size_t bytes = 2;
    unsigned mask = key ? 0x80 : 0;
    head[0] = (char)0x82;
    if (count < 126) {
        head[1] = (char)(mask | count);
    } else {
        int width = count < 65536 ? 2 : 8;
        head[1] = (char)(mask | (width == 2 ? 126 : 127));
        for (int i = width - 1; i >= 0; i--) head[bytes++] = (char)(count >> (8 * i));
    }
    if (key) memcpy(head + bytes, key, 4);
    return bytes + (key ? 4 : 0);
}

static inline int compare_samples(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

// Of samples that are sorted.
static inline double percentile(const uint32_t *samples, size_t count, double fraction) {
    if (count == 0) return 0;
    size_t place = (size_t)(fraction * (double)count);
    return samples[place < count ? place : count - 1];
}
#endif
