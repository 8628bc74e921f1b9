// raw-websocket-echo PORT: about the least that an epoll server can do for a WebSocket echo, as the limit to measure
// against. One thread, level-triggered, one receive buffer and one for replies. It takes whole text and binary messages
// from clients that behave, answers one well-known key (RFC 6455 1.3), checks neither UTF-8 nor reserved bits, and knows
// no timers, pings or limits but its buffers: a limit, not a server.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1024 * 1024, EVENTS_MAX = 1024 };

typedef struct {
    int descriptor, is_open;
    // Received and not handled: a handshake or a frame that is not whole.
    unsigned char *unread;
    size_t unread_count;
    // Replies that the kernel did not take.
    unsigned char *rest;
    size_t rest_start, rest_count;
} connection;

static unsigned char input[BUFFER_BYTES], output[BUFFER_BYTES];
static int poller;

static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static void watch(connection *c, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(poller, operation, c->descriptor, &event) != 0) perror("epoll_ctl");
}

static void end(connection *c) {
    close(c->descriptor);
    free(c->unread);
    free(c->rest);
    free(c);
}

static int is_passing(void) { return errno == EAGAIN || errno == EINTR; }

static unsigned char *copy(const unsigned char *bytes, size_t count) {
    unsigned char *memory = malloc(count);
    if (memory == NULL) exit(1);
    return memcpy(memory, bytes, count);
}

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

// 0 when the connection is gone.
static int reply(connection *c, const unsigned char *bytes, size_t count) {
    ssize_t sent = count == 0 ? 0 : send(c->descriptor, bytes, count, MSG_NOSIGNAL);
    if (sent == (ssize_t)count) return 1;
    if (sent < 0 && !is_passing()) {
        end(c);
        return 0;
    }
    if (sent < 0) sent = 0;
    c->rest_start = 0;
    c->rest_count = count - (size_t)sent;
    c->rest = copy(bytes + sent, c->rest_count);
    watch(c, EPOLL_CTL_MOD, EPOLLOUT);
    return 1;
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

// Copies a payload without its mask, eight bytes at a time, which the compiler makes more of.
static void unmask(unsigned char *restrict target, const unsigned char *restrict source, size_t count, uint32_t key) {
    uint64_t wide = (uint64_t)key << 32 | key;
    size_t whole = count & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8) {
        uint64_t word;
        memcpy(&word, source + i, 8);
        word ^= wide;
        memcpy(target + i, &word, 8);
    }
    for (size_t i = whole; i < count; i++) target[i] = source[i] ^ (unsigned char)(key >> (8 * (i & 3)));
}

// Echoes the whole frames among `count` bytes; how many bytes those were, or -1 for what is no message.
static ssize_t echo_frames(const unsigned char *bytes, size_t count, size_t *written) {
    size_t place = 0;
    while (count - place >= 6) {
        const unsigned char *head = bytes + place;
        if ((head[0] != 0x81 && head[0] != 0x82) || (head[1] & 0x80) == 0) return -1;
        size_t length = head[1] & 0x7F, head_bytes = 2;
        if (length > 125) {
            size_t width = length == 126 ? 2 : 8;
            if (count - place < 2 + width + 4) break;
            length = 0;
            for (size_t i = 0; i < width; i++) length = length << 8 | head[2 + i];
            head_bytes += width;
        }
        if (length > BUFFER_BYTES - 14) return -1;
        if (count - place < head_bytes + 4 + length) break;
        uint32_t key;
        memcpy(&key, head + head_bytes, 4);
        memcpy(output + *written, head, head_bytes);
        output[*written + 1] &= 0x7F;
        unmask(output + *written + head_bytes, head + head_bytes + 4, length, key);
        *written += head_bytes + length;
        place += head_bytes + 4 + length;
    }
    return (ssize_t)place;
}

static void receive(connection *c) {
    size_t there = c->unread_count;
    if (there > 0) {
        memcpy(input, c->unread, there);
        free(c->unread);
        c->unread = NULL;
        c->unread_count = 0;
    }
    ssize_t count = recv(c->descriptor, input + there, sizeof input - there, 0);
    if (count <= 0 && (count == 0 || !is_passing())) {
        end(c);
        return;
    }
    if (count > 0) there += (size_t)count;
    size_t start = 0, written = 0;
    if (!c->is_open) {
        unsigned char *mark = memmem(input, there, "\r\n\r\n", 4);
        if (mark != NULL) {
            start = (size_t)(mark - input) + 4;
            memcpy(output, answer, written = sizeof answer - 1);
            c->is_open = 1;
        }
    }
    ssize_t used = c->is_open ? echo_frames(input + start, there - start, &written) : 0;
    if (used < 0) {
        end(c);
        return;
    }
    start += (size_t)used;
    if (start < there) {
        c->unread_count = there - start;
        c->unread = copy(input + start, c->unread_count);
    }
    reply(c, output, written);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: raw-websocket-echo PORT\n");
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
            else receive(c);
        }
    }
}
