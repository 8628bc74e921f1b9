// rate-load PORT CONNECTIONS PAYLOAD RATE SECONDS SERVER_PID [websocket]
//   Open loop: RATE messages per second in all, each sent when it is due whatever has come back, the connections in turn.
//   A message's time runs from when it was due, so a server that stalls is charged for every message that had to wait
//   (no coordinated omission). The program never sleeps: it looks at the clock and at the sockets by turns, which keeps
//   its own lateness at microseconds, and reports it. Give it a processor of its own.
//   Prints one JSON line: percentiles of latency and of lateness, the server's CPU time per message, its load.
#include "load.h"

enum { BUFFER_BYTES = 64 * 1024, EVENTS_MAX = 256, SAMPLES_MAX = 1 << 22, WAITING_MAX = 4096 };

typedef struct {
    int descriptor;
    size_t came;
    // When the messages under way were due, oldest first, in a ring.
    uint64_t due[WAITING_MAX];
    unsigned first, count;
} connection;

static connection *connections;
static int connection_count, is_measuring;
static char *message, buffer[BUFFER_BYTES];
static size_t out_bytes, in_bytes;
static uint32_t *latencies, *latenesses;
static size_t latency_count, lateness_count;
static uint64_t received, refused;

static uint32_t tenths(uint64_t time) { return time < 4000000000u * 100 ? (uint32_t)(time / 100) : UINT32_MAX; }

static void send_due(uint64_t now, uint64_t due, uint64_t number) {
    connection *c = &connections[number % (uint64_t)connection_count];
    // Full: the server is far behind. The message is counted as refused and makes the run fail.
    if (c->count == WAITING_MAX
        || send(c->descriptor, message, out_bytes, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)out_bytes) {
        refused++;
        return;
    }
    c->due[(c->first + c->count++) % WAITING_MAX] = due;
    if (is_measuring && lateness_count < SAMPLES_MAX) latenesses[lateness_count++] = tenths(now - due);
}

static void take(connection *c) {
    ssize_t count = recv(c->descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        fprintf(stderr, "rate-load: the server ended a connection\n");
        exit(1);
    }
    uint64_t now = nanoseconds();
    c->came += (size_t)count;
    while (c->came >= in_bytes && c->count > 0) {
        c->came -= in_bytes;
        uint64_t due = c->due[c->first];
        c->first = (c->first + 1) % WAITING_MAX;
        c->count--;
        if (!is_measuring) continue;
        received++;
        if (latency_count < SAMPLES_MAX) latencies[latency_count++] = tenths(now - due);
    }
}

static void print_percentiles(const char *name, uint32_t *samples, size_t count) {
    qsort(samples, count, sizeof *samples, compare_samples);
    printf("\"%s_p50_us\":%.1f,\"%s_p90_us\":%.1f,\"%s_p99_us\":%.1f,\"%s_p999_us\":%.1f,\"%s_max_us\":%.1f,", name,
           percentile(samples, count, 0.5) * 0.1, name, percentile(samples, count, 0.9) * 0.1, name,
           percentile(samples, count, 0.99) * 0.1, name, percentile(samples, count, 0.999) * 0.1, name,
           percentile(samples, count, 1) * 0.1);
}

int main(int argc, char **argv) {
    int is_websocket = argc == 8 && strcmp(argv[7], "websocket") == 0;
    if (argc != 7 + is_websocket) {
        fprintf(stderr, "usage: rate-load PORT CONNECTIONS PAYLOAD RATE SECONDS SERVER_PID [websocket]\n");
        return 2;
    }
    const char key[4] = {0x37, (char)0xfa, 0x21, 0x3d};
    size_t payload = strtoul(argv[3], NULL, 10);
    message = malloc(payload + 14);
    size_t head = is_websocket ? frame_head(message, payload, key) : 0;
    for (size_t i = 0; i < payload; i++) message[head + i] = (char)('a' ^ (is_websocket ? key[i % 4] : 0));
    char echo_head[14];
    out_bytes = head + payload;
    in_bytes = payload + (is_websocket ? frame_head(echo_head, payload, NULL) : 0);
    latencies = malloc(SAMPLES_MAX * sizeof *latencies);
    latenesses = malloc(SAMPLES_MAX * sizeof *latenesses);
    allow_descriptors();
    connection_count = atoi(argv[2]);
    connections = calloc((size_t)connection_count, sizeof *connections);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < connection_count; i++) {
        connections[i].descriptor = open_connection(atoi(argv[1]), is_websocket);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].descriptor, &event);
    }
    double interval = 1e9 / atof(argv[4]), cpu = 0;
    uint64_t start = nanoseconds(), warm = start + 500000000u, number = 0;
    uint64_t end = warm + (uint64_t)(atof(argv[5]) * 1e9), now = start;
    while (now < end) {
        struct epoll_event events[EVENTS_MAX];
        now = nanoseconds();
        if (!is_measuring && now >= warm) {
            is_measuring = 1;
            cpu = cpu_seconds(argv[6]);
        }
        // A few at a time, so that answers are not left waiting while what is overdue is sent.
        for (int burst = 0; burst < 32; burst++) {
            uint64_t due = start + (uint64_t)((double)number * interval);
            if (due > now) break;
            send_due(now, due, number++);
        }
        int ready = epoll_wait(poller, events, EVENTS_MAX, 0);
        for (int i = 0; i < ready; i++) take(events[i].data.ptr);
    }
    cpu = cpu_seconds(argv[6]) - cpu;
    double elapsed = (double)(now - warm) * 1e-9;
    printf("{");
    print_percentiles("latency", latencies, latency_count);
    print_percentiles("lateness", latenesses, lateness_count);
    printf("\"messages\":%lu,\"msgs_per_s\":%.0f,\"refused\":%lu,\"server_cpu_us_per_msg\":%.4f,\"server_load\":%.4f}\n",
           received, (double)received / elapsed, refused, received ? cpu * 1e6 / (double)received : 0, cpu / elapsed);
    return refused > 0;
}
