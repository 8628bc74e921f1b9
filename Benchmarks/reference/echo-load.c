// echo-load PORT CONNECTIONS PAYLOAD PIPELINE SECONDS SERVER_PID [websocket]
//   Closed loop: every connection keeps PIPELINE messages in flight, and each echo that came back whole is answered with
//   a new message. Prints one JSON line: rate, latency of messages, errors, and the server's CPU time per message.
// echo-load PORT CONNECTIONS idle [websocket]
//   Opens connections, prints "open", and holds them until its standard input ends.
// With `websocket` each connection begins with a handshake, and messages are binary frames.
// Every length is checked, and of every 64th message each byte.
#include "load.h"
#include <fcntl.h>

enum { BUFFER_BYTES = 512 * 1024, EVENTS_MAX = 1024, SAMPLES_MAX = 1 << 22 };

typedef struct {
    int descriptor, wants_room;
    size_t came;       // bytes of the message that is coming back
    uint64_t received; // messages that came back
    size_t owed;       // bytes that the kernel has not taken yet
    uint64_t sent_at;  // when the latest batch was sent
} connection;

static size_t payload, pipeline;
static int is_websocket;
// A message as it is sent and as it comes back: the payload itself, or a frame with it.
static size_t out_bytes, in_bytes;
static char *batch, *expected, *buffer;
static int poller;
static uint64_t messages, errors;
static uint32_t *samples, sample_count;
static int is_measuring;

// What stands at a place of the stream: every message is the same, so a place within it says all.
static char pattern(size_t place) { return (char)(33 + (place * 7 + place / 93) % 94); }

static void broken(connection *c, const char *why) {
    if (errors++ == 0) fprintf(stderr, "echo-load: %s\n", why);
    close(c->descriptor);
    c->descriptor = -1;
}

static void watch(connection *c, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    epoll_ctl(poller, operation, c->descriptor, &event);
}

static void flush(connection *c) {
    while (c->owed > 0) {
        // The stream repeats with each message, so what is owed ends where a message ends.
        size_t piece = c->owed < out_bytes * pipeline ? c->owed : out_bytes * pipeline;
        ssize_t sent = send(c->descriptor, batch + out_bytes * pipeline - piece, piece, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) {
            broken(c, "send failed");
            return;
        }
        if (sent < 0) break;
        c->owed -= (size_t)sent;
    }
    if (c->wants_room != (c->owed > 0)) {
        c->wants_room = c->owed > 0;
        watch(c, EPOLL_CTL_MOD, c->wants_room ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
}

static void take(connection *c) {
    ssize_t count = recv(c->descriptor, buffer, BUFFER_BYTES, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        broken(c, "the server ended a connection");
        return;
    }
    size_t whole = 0;
    for (size_t place = 0; place < (size_t)count;) {
        size_t piece = in_bytes - c->came;
        if (piece > (size_t)count - place) piece = (size_t)count - place;
        if (c->received % 64 == 0 && memcmp(buffer + place, expected + c->came, piece) != 0) {
            broken(c, "wrong bytes came back");
            return;
        }
        c->came += piece;
        place += piece;
        if (c->came == in_bytes) {
            c->came = 0;
            c->received++;
            whole++;
        }
    }
    uint64_t now = nanoseconds();
    if (is_measuring && whole > 0) {
        messages += whole;
        if (sample_count < SAMPLES_MAX) samples[sample_count++] = (uint32_t)((now - c->sent_at) / 100);
    }
    if (whole > 0) {
        c->sent_at = now;
        c->owed += whole * out_bytes;
        if (!c->wants_room) flush(c);
    }
}

// Writes down what a batch sends and what comes back for each message of it.
static void write_messages(void) {
    const char key[4] = {0x37, (char)0xfa, 0x21, 0x3d};
    char out_head[14], in_head[14];
    size_t out_head_bytes = is_websocket ? frame_head(out_head, payload, key) : 0;
    size_t in_head_bytes = is_websocket ? frame_head(in_head, payload, NULL) : 0;
    out_bytes = out_head_bytes + payload;
    in_bytes = in_head_bytes + payload;
    batch = malloc(out_bytes * pipeline);
    expected = malloc(in_bytes);
    memcpy(expected, in_head, in_head_bytes);
    for (size_t place = 0; place < payload; place++) expected[in_head_bytes + place] = pattern(place);
    for (size_t i = 0; i < pipeline; i++) {
        char *message = batch + i * out_bytes;
        memcpy(message, out_head, out_head_bytes);
        for (size_t place = 0; place < payload; place++)
            message[out_head_bytes + place] = pattern(place) ^ (is_websocket ? key[place % 4] : 0);
    }
}

static void run(double seconds, const char *pid) {
    uint64_t start = nanoseconds(), begin = 0;
    double cpu = 0;
    struct epoll_event events[EVENTS_MAX];
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS_MAX, 20);
        for (int i = 0; i < count; i++) {
            connection *c = events[i].data.ptr;
            if (c->descriptor >= 0 && events[i].events & EPOLLOUT) flush(c);
            if (c->descriptor >= 0 && events[i].events & ~(uint32_t)EPOLLOUT) take(c);
        }
        uint64_t now = nanoseconds();
        if (begin == 0 && now - start > 500000000u) { // half a second to warm up
            is_measuring = 1;
            begin = now;
            cpu = cpu_seconds(pid);
        }
        if (begin != 0 && (double)(now - begin) > seconds * 1e9) {
            double elapsed = (double)(now - begin) * 1e-9;
            cpu = cpu_seconds(pid) - cpu;
            qsort(samples, sample_count, sizeof *samples, compare_samples);
            double p50 = percentile(samples, sample_count, 0.5) * 0.1;
            double p99 = percentile(samples, sample_count, 0.99) * 0.1;
            printf("{\"messages\":%lu,\"msgs_per_s\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"errors\":%lu,"
                   "\"server_cpu_us_per_msg\":%.4f}\n",
                   messages, (double)messages / elapsed, p50, p99, errors, messages ? cpu * 1e6 / (double)messages : 0);
            return;
        }
    }
}

int main(int argc, char **argv) {
    is_websocket = argc > 1 && strcmp(argv[argc - 1], "websocket") == 0;
    argc -= is_websocket;
    int is_idle = argc == 4 && strcmp(argv[3], "idle") == 0;
    if (!is_idle && argc != 7) {
        fprintf(stderr, "usage: echo-load PORT CONNECTIONS PAYLOAD PIPELINE SECONDS SERVER_PID [websocket]\n"
                        "       echo-load PORT CONNECTIONS idle [websocket]\n");
        return 2;
    }
    allow_descriptors();
    int count = atoi(argv[2]);
    connection *connections = calloc((size_t)count, sizeof *connections);
    for (int i = 0; i < count; i++) connections[i].descriptor = open_connection(atoi(argv[1]), is_websocket);
    if (is_idle) {
        printf("open\n");
        fflush(stdout);
        while (getchar() != EOF) {}
        return 0;
    }
    payload = strtoul(argv[3], NULL, 10);
    pipeline = strtoul(argv[4], NULL, 10);
    write_messages();
    buffer = malloc(BUFFER_BYTES);
    samples = malloc(SAMPLES_MAX * sizeof *samples);
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < count; i++) {
        connection *c = &connections[i];
        fcntl(c->descriptor, F_SETFL, O_NONBLOCK);
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
        c->sent_at = nanoseconds();
        c->owed = out_bytes * pipeline;
        flush(c);
    }
    run(atof(argv[5]), argv[6]);
    return errors > 0;
}
