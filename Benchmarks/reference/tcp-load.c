// tcp-load PORT CONNECTIONS PAYLOAD PIPELINE SECONDS SERVER_PID
//   Closed loop: every connection keeps PIPELINE messages in flight, and each echo that came back whole is answered with
//   a new message. Prints one JSON line: rate, latency of messages, errors, and the server's CPU time per message.
// tcp-load PORT CONNECTIONS idle
//   Opens connections, prints "open", and holds them until its standard input ends.
// Every length is checked, and of every 64th message each byte.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

enum { BUFFER_BYTES = 512 * 1024, EVENTS_MAX = 1024, SAMPLES_MAX = 1 << 22 };

typedef struct {
    int descriptor, wants_room;
    size_t came;       // bytes of the message that is coming back
    uint64_t received; // messages that came back
    size_t owed;       // bytes that the kernel has not taken yet
    uint64_t sent_at;  // when the latest batch was sent
} connection;

static size_t payload, pipeline;
static char *batch, *buffer;
static int poller;
static uint64_t messages, errors;
static uint32_t *samples, sample_count;
static int is_measuring;

static uint64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// What stands at a place of the stream: every message is the same, so a place within it says all.
static char pattern(size_t place) { return (char)(33 + (place * 7 + place / 93) % 94); }

static void broken(connection *c, const char *why) {
    if (errors++ == 0) fprintf(stderr, "tcp-load: %s\n", why);
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
        size_t piece = c->owed < payload * pipeline ? c->owed : payload * pipeline;
        ssize_t sent = send(c->descriptor, batch + payload * pipeline - piece, piece, MSG_NOSIGNAL);
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
        size_t piece = payload - c->came;
        if (piece > (size_t)count - place) piece = (size_t)count - place;
        if (c->received % 64 == 0 && memcmp(buffer + place, batch + c->came, piece) != 0) {
            broken(c, "wrong bytes came back");
            return;
        }
        c->came += piece;
        place += piece;
        if (c->came == payload) {
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
        c->owed += whole * payload;
        if (!c->wants_room) flush(c);
    }
}

static double cpu_seconds(const char *pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    int file = open(path, O_RDONLY);
    ssize_t count = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    if (count <= 0) return 0;
    text[count] = 0;
    unsigned long user = 0, system = 0;
    char *fields = strrchr(text, ')');
    if (fields == NULL) return 0;
    sscanf(fields + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static int open_connection(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        exit(1);
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return descriptor;
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
            qsort(samples, sample_count, sizeof *samples, compare);
            double p50 = sample_count ? samples[sample_count / 2] * 0.1 : 0;
            double p99 = sample_count ? samples[(uint64_t)sample_count * 99 / 100] * 0.1 : 0;
            printf("{\"messages\":%lu,\"msgs_per_s\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"errors\":%lu,"
                   "\"server_cpu_us_per_msg\":%.4f}\n",
                   messages, (double)messages / elapsed, p50, p99, errors, messages ? cpu * 1e6 / (double)messages : 0);
            return;
        }
    }
}

int main(int argc, char **argv) {
    int is_idle = argc == 4 && strcmp(argv[3], "idle") == 0;
    if (!is_idle && argc != 7) {
        fprintf(stderr, "usage: tcp-load PORT CONNECTIONS PAYLOAD PIPELINE SECONDS SERVER_PID\n"
                        "       tcp-load PORT CONNECTIONS idle\n");
        return 2;
    }
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int count = atoi(argv[2]);
    connection *connections = calloc((size_t)count, sizeof *connections);
    for (int i = 0; i < count; i++) connections[i].descriptor = open_connection(atoi(argv[1]));
    if (is_idle) {
        printf("open\n");
        fflush(stdout);
        while (getchar() != EOF) {}
        return 0;
    }
    payload = strtoul(argv[3], NULL, 10);
    pipeline = strtoul(argv[4], NULL, 10);
    batch = malloc(payload * pipeline);
    buffer = malloc(BUFFER_BYTES);
    samples = malloc(SAMPLES_MAX * sizeof *samples);
    for (size_t place = 0; place < payload * pipeline; place++) batch[place] = pattern(place % payload);
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < count; i++) {
        connection *c = &connections[i];
        fcntl(c->descriptor, F_SETFL, O_NONBLOCK);
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
        c->sent_at = nanoseconds();
        c->owed = payload * pipeline;
        flush(c);
    }
    run(atof(argv[5]), argv[6]);
    return errors > 0;
}
