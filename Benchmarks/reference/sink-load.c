// sink-load PORT CONNECTIONS BATCH SECONDS SERVER_PID
//   Sends 29-byte trades, one to a masked binary frame, BATCH frames to a call, as fast as the server takes them; then ends
//   its side and waits until the server has ended the other, so that all that was sent has been handled. Prints one JSON
//   line: trades, trades per second, and the server's CPU time per trade.
#include "load.h"

enum { TRADE_BYTES = 29, FRAME_BYTES = TRADE_BYTES + 6 };

typedef struct {
    int descriptor;
    size_t place; // in the batch; frames before it have been sent
} connection;

// The message header (block length, template, schema, version), then identity, symbol, price and quantity.
static void write_trade(char *trade, uint64_t number) {
    const uint16_t header[4] = {21, 1, 1, 0};
    double price = 100.25;
    uint32_t quantity = 1000;
    memcpy(trade, header, 8);
    memcpy(trade + 8, &number, 8);
    trade[16] = 'B';
    memcpy(trade + 17, &price, 8);
    memcpy(trade + 25, &quantity, 4);
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "usage: sink-load PORT CONNECTIONS BATCH SECONDS SERVER_PID\n");
        return 2;
    }
    const char key[4] = {0x37, (char)0xfa, 0x21, 0x3d};
    int count = atoi(argv[2]), poller = epoll_create1(EPOLL_CLOEXEC);
    size_t batch = strtoul(argv[3], NULL, 10), bytes = batch * FRAME_BYTES;
    char *frames = malloc(bytes);
    connection *connections = calloc((size_t)count, sizeof *connections);
    for (size_t i = 0; i < batch; i++) {
        char trade[TRADE_BYTES], *frame = frames + i * FRAME_BYTES;
        write_trade(trade, i);
        size_t head = frame_head(frame, TRADE_BYTES, key);
        for (size_t place = 0; place < TRADE_BYTES; place++) frame[head + place] = trade[place] ^ key[place % 4];
    }
    allow_descriptors();
    for (int i = 0; i < count; i++) {
        connections[i].descriptor = open_connection(atoi(argv[1]), 1);
        struct epoll_event event = {.events = EPOLLOUT, .data.ptr = &connections[i]};
        epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].descriptor, &event);
    }
    double cpu = cpu_seconds(argv[5]), limit = atof(argv[4]) * 1e9;
    uint64_t begin = nanoseconds(), sent_bytes = 0;
    while ((double)(nanoseconds() - begin) < limit) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, 100);
        for (int i = 0; i < ready; i++) {
            connection *c = events[i].data.ptr;
            ssize_t sent = send(c->descriptor, frames + c->place, bytes - c->place, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent < 0 && errno != EAGAIN) {
                perror("send");
                return 1;
            }
            if (sent < 0) continue;
            c->place = (c->place + (size_t)sent) % bytes;
            sent_bytes += (size_t)sent;
        }
    }
    for (int i = 0; i < count; i++) {
        connection *c = &connections[i];
        // A frame that was begun is finished, so that the server counts what was sent.
        size_t rest = (FRAME_BYTES - c->place % FRAME_BYTES) % FRAME_BYTES;
        if (rest > 0 && send(c->descriptor, frames + c->place, rest, MSG_NOSIGNAL) != (ssize_t)rest) return 1;
        sent_bytes += rest;
        shutdown(c->descriptor, SHUT_WR);
    }
    for (int i = 0; i < count; i++) {
        char waste[256];
        while (recv(connections[i].descriptor, waste, sizeof waste, 0) > 0) {}
    }
    double elapsed = (double)(nanoseconds() - begin) * 1e-9, trades = (double)(sent_bytes / FRAME_BYTES);
    printf("{\"messages\":%.0f,\"msgs_per_s\":%.0f,\"server_cpu_us_per_msg\":%.5f}\n", trades, trades / elapsed,
           (cpu_seconds(argv[5]) - cpu) * 1e6 / trades);
    return 0;
}
