// churn-load PORT CONCURRENT SECONDS SERVER_PID [websocket]
//   Connects, has one message of 32 bytes echoed, ends in good order, and connects again: CONCURRENT connections at a time.
//   Prints one JSON line: connections per second, the server's CPU time per connection, how long one takes in all.
// Source addresses go round in 127.0.0.0/8, so that no address runs out of ports while closed connections rest.
#include "load.h"

enum { PAYLOAD_BYTES = 32, SAMPLES_MAX = 1 << 20 };

typedef enum { SHAKING, ECHOING, ENDING } phase;

typedef struct {
    int descriptor;
    phase phase;
    size_t came;
    uint64_t began;
} visit;

static struct sockaddr_in server;
static int poller, is_websocket, next_source;
static char message[64];
static size_t message_bytes, echo_bytes;
static uint64_t done, errors;
static uint32_t samples[SAMPLES_MAX];
static size_t sample_count;

static void say(visit *v, const char *bytes, size_t count) {
    if (send(v->descriptor, bytes, count, MSG_NOSIGNAL) != (ssize_t)count) errors++;
}

static void begin(visit *v) {
    struct sockaddr_in source = {.sin_family = AF_INET};
    next_source = (next_source + 1) % 4096;
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 256 + (uint32_t)next_source);
    int one = 1;
    v->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(v->descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    setsockopt(v->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    v->began = nanoseconds();
    v->came = 0;
    v->phase = is_websocket ? SHAKING : ECHOING;
    // On loopback connecting ends within the call.
    if (bind(v->descriptor, (struct sockaddr *)&source, sizeof source) != 0
        || connect(v->descriptor, (struct sockaddr *)&server, sizeof server) != 0) {
        perror("connect");
        exit(1);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = v};
    epoll_ctl(poller, EPOLL_CTL_ADD, v->descriptor, &event);
    if (is_websocket) say(v, upgrade_request, sizeof upgrade_request - 1);
    else say(v, message, message_bytes);
}

static void go_on(visit *v) {
    char bytes[4096];
    ssize_t count = recv(v->descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        if (count < 0 || v->phase != ENDING) errors++;
        close(v->descriptor);
        done++;
        if (sample_count < SAMPLES_MAX) samples[sample_count++] = (uint32_t)((nanoseconds() - v->began) / 100);
        begin(v);
        return;
    }
    v->came += (size_t)count;
    if (v->phase == SHAKING && memmem(bytes, (size_t)count, "\r\n\r\n", 4) != NULL) {
        v->phase = ECHOING;
        v->came = 0;
        say(v, message, message_bytes);
    } else if (v->phase == ECHOING && v->came >= echo_bytes) {
        v->phase = ENDING;
        shutdown(v->descriptor, SHUT_WR);
    }
}

int main(int argc, char **argv) {
    is_websocket = argc == 6 && strcmp(argv[5], "websocket") == 0;
    if (argc != 5 + is_websocket) {
        fprintf(stderr, "usage: churn-load PORT CONCURRENT SECONDS SERVER_PID [websocket]\n");
        return 2;
    }
    const char key[4] = {0x11, 0x22, 0x33, 0x44};
    size_t head = is_websocket ? frame_head(message, PAYLOAD_BYTES, key) : 0;
    for (int i = 0; i < PAYLOAD_BYTES; i++) message[head + (size_t)i] = 'a' ^ (is_websocket ? key[i % 4] : 0);
    message_bytes = head + PAYLOAD_BYTES;
    echo_bytes = PAYLOAD_BYTES + (is_websocket ? 2 : 0);
    server = loopback(atoi(argv[1]));
    poller = epoll_create1(EPOLL_CLOEXEC);
    int count = atoi(argv[2]);
    visit *visits = calloc((size_t)count, sizeof *visits);
    for (int i = 0; i < count; i++) begin(&visits[i]);
    double cpu = cpu_seconds(argv[4]), limit = atof(argv[3]) * 1e9;
    uint64_t start = nanoseconds();
    while ((double)(nanoseconds() - start) < limit) {
        struct epoll_event events[256];
        int ready = epoll_wait(poller, events, 256, 100);
        for (int i = 0; i < ready; i++) go_on(events[i].data.ptr);
    }
    double elapsed = (double)(nanoseconds() - start) * 1e-9;
    cpu = cpu_seconds(argv[4]) - cpu;
    qsort(samples, sample_count, sizeof *samples, compare_samples);
    printf("{\"messages\":%lu,\"msgs_per_s\":%.0f,\"server_cpu_us_per_msg\":%.4f,\"p50_us\":%.1f,\"p99_us\":%.1f,"
           "\"errors\":%lu}\n",
           done, (double)done / elapsed, done ? cpu * 1e6 / (double)done : 0, percentile(samples, sample_count, 0.5) * 0.1,
           percentile(samples, sample_count, 0.99) * 0.1, errors);
    return errors > 0;
}
