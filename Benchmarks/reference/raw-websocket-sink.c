// raw-websocket-sink PORT: about the least that an epoll server can do with a one-way stream of 29-byte trades, one to a
// binary frame, as the limit to measure against. One thread, level-triggered, one receive buffer; it parses the frames,
// unmasks a copy of each trade and reads four fields. No limits, no timers, no checks but of lengths.
// On SIGTERM it prints how many trades came, and the sum of their quantities.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER_BYTES = 512 * 1024, EVENTS_MAX = 1024, TRADE_BYTES = 29, HEAD_BYTES = 6 };

typedef struct {
    int descriptor, is_open;
    // Received and not handled: a handshake or a frame that is not whole.
    unsigned char unread[4096];
    size_t unread_count;
} connection;

static unsigned char input[BUFFER_BYTES];
static int poller;
static uint64_t trades, quantities, identities, symbols;
static double prices;
static volatile sig_atomic_t is_over;

static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static void finish(int number) {
    (void)number;
    is_over = 1;
}

static void end(connection *c) {
    close(c->descriptor);
    free(c);
}

static void accept_all(int listener) {
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) return;
        connection *c = calloc(1, sizeof *c);
        if (c == NULL) exit(1);
        c->descriptor = descriptor;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
    }
}

// The message header of eight bytes, then identity (8), symbol (1), price (8) and quantity (4), little-endian.
static void take_trade(const unsigned char *payload, uint32_t key) {
    unsigned char trade[32];
    uint64_t wide = (uint64_t)key << 32 | key, word;
    for (int i = 0; i < 24; i += 8) {
        memcpy(&word, payload + i, 8);
        word ^= wide;
        memcpy(trade + i, &word, 8);
    }
    uint32_t half;
    memcpy(&half, payload + 24, 4);
    half ^= key;
    memcpy(trade + 24, &half, 4);
    trade[28] = payload[28] ^ (unsigned char)key;
    uint64_t identity;
    double price;
    uint32_t quantity;
    memcpy(&identity, trade + 8, 8);
    memcpy(&price, trade + 17, 8);
    memcpy(&quantity, trade + 25, 4);
    trades += 1;
    identities += identity;
    symbols += trade[16];
    prices += price;
    quantities += quantity;
}

// Takes the whole frames among `count` bytes; how many bytes those were, or -1 for what is no trade.
static ssize_t take_frames(const unsigned char *bytes, size_t count) {
    size_t place = 0;
    while (count - place >= HEAD_BYTES + TRADE_BYTES) {
        const unsigned char *head = bytes + place;
        if (head[0] != 0x82 || head[1] != (0x80 | TRADE_BYTES)) return -1;
        uint32_t key;
        memcpy(&key, head + 2, 4);
        take_trade(head + HEAD_BYTES, key);
        place += HEAD_BYTES + TRADE_BYTES;
    }
    return (ssize_t)place;
}

static void receive(connection *c) {
    size_t there = c->unread_count, start = 0;
    memcpy(input, c->unread, there);
    ssize_t count = recv(c->descriptor, input + there, sizeof input - there, 0);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN) end(c);
        return;
    }
    there += (size_t)count;
    if (!c->is_open) {
        unsigned char *mark = memmem(input, there, "\r\n\r\n", 4);
        if (mark != NULL) {
            start = (size_t)(mark - input) + 4;
            c->is_open = 1;
            if (send(c->descriptor, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0) perror("send");
        }
    }
    ssize_t used = c->is_open ? take_frames(input + start, there - start) : 0;
    if (used < 0 || there - start - (size_t)used > sizeof c->unread) {
        end(c);
        return;
    }
    start += (size_t)used;
    c->unread_count = there - start;
    memcpy(c->unread, input + start, c->unread_count);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: raw-websocket-sink PORT\n");
        return 2;
    }
    struct sigaction action = {.sa_handler = finish};
    sigaction(SIGTERM, &action, NULL);
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
    while (!is_over) {
        int count = epoll_wait(poller, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            connection *c = events[i].data.ptr;
            if (c == NULL) accept_all(listener);
            else receive(c);
        }
    }
    printf("%lu trades, quantity %lu, identities %lu, symbols %lu, prices %.0f\n", trades, quantities, identities, symbols,
           prices);
    return 0;
}
