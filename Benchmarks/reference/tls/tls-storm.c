// tls-storm PORT CROWD CONNECTIONS INTERVAL_US SECONDS: what those feel who are connected while a crowd shakes hands.
//   CONNECTIONS of TLS 1.3 say 32 bytes every INTERVAL_US each to a server that says back what it hears. Half way CROWD clients,
//   connected before, say hello in one go, and all leave at once when the last of them has shaken hands.
//   A second process is the crowd, behind this one on the same processor where the system lets this one go first.
//   Prints one JSON line: percentiles of the echoes' time before the crowd, from its first hello to its last handshake, and from
//   there until all have left and a tenth of a second after; each from when the echo was due, so that nobody's waiting is hidden.
#include "../load.h"
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { ECHO_BYTES = 32, WAITING_MAX = 64, EVENTS_MAX = 64, HELLO_MAX = 2048 };

// What both processes see, in nanoseconds of the clock; 0 until then.
struct shared {
    _Atomic uint64_t ready, go, first_hello, last_handshake, left;
    _Atomic int done;
};

struct sample {
    uint64_t due, took;
};

struct caller {
    SSL *ssl;
    uint64_t due[WAITING_MAX];
    unsigned said, heard;
    size_t part;
};

static SSL_CTX *context;
static struct sockaddr_in server;

static int die(const char *why) {
    perror(why);
    exit(1);
}

static SSL *dialled(void) {
    int one = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&server, sizeof server) != 0) die("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    SSL *ssl = SSL_new(context);
    SSL_set_fd(ssl, descriptor);
    SSL_set_connect_state(ssl);
    return ssl;
}

static void watch(int poller, SSL *ssl, void *who) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
    epoll_ctl(poller, EPOLL_CTL_ADD, SSL_get_fd(ssl), &event);
}

// MARK: The crowd

static void be_crowd(struct shared *shared, int count) {
    SSL **clients = calloc((size_t)count, sizeof *clients);
    uint8_t(*hellos)[HELLO_MAX] = malloc((size_t)count * HELLO_MAX);
    int *lengths = calloc((size_t)count, sizeof *lengths), poller = epoll_create1(EPOLL_CLOEXEC), done = 0;
    for (int i = 0; i < count; i++) {
        SSL *ssl = clients[i] = dialled();
        // The hello is made now, into memory, and said later.
        BIO *socket = SSL_get_wbio(ssl), *memory = BIO_new(BIO_s_mem());
        BIO_up_ref(socket);
        SSL_set0_wbio(ssl, memory);
        BIO_set_nbio(SSL_get_rbio(ssl), 1);
        BIO_socket_nbio(SSL_get_fd(ssl), 1);
        SSL_do_handshake(ssl);
        lengths[i] = BIO_read(memory, hellos[i], HELLO_MAX);
        SSL_set0_wbio(ssl, socket);
        watch(poller, ssl, ssl);
    }
    shared->ready = nanoseconds();
    while (shared->go == 0 || nanoseconds() < shared->go) usleep(200);
    shared->first_hello = nanoseconds();
    for (int i = 0; i < count; i++)
        if (send(SSL_get_fd(clients[i]), hellos[i], (size_t)lengths[i], MSG_NOSIGNAL) != lengths[i]) die("hello");
    struct epoll_event events[EVENTS_MAX];
    while (done < count) {
        int ready = epoll_wait(poller, events, EVENTS_MAX, 10000);
        if (ready <= 0) break;
        for (int i = 0; i < ready; i++) {
            SSL *ssl = events[i].data.ptr;
            int result = SSL_do_handshake(ssl);
            if (result != 1 && SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ) continue;
            epoll_ctl(poller, EPOLL_CTL_DEL, SSL_get_fd(ssl), NULL);
            if (result == 1) shared->done++;
            done++;
        }
    }
    shared->last_handshake = nanoseconds();
    for (int i = 0; i < count; i++) close(SSL_get_fd(clients[i]));
    shared->left = nanoseconds();
    _exit(0);
}

// MARK: Those who are connected

static void say(struct caller *caller, uint64_t due) {
    static const uint8_t words[ECHO_BYTES] = "an echo of thirty-two bytes...";
    caller->due[caller->said++ % WAITING_MAX] = due;
    if (SSL_write(caller->ssl, words, ECHO_BYTES) != ECHO_BYTES) die("write");
}

// Notes the echoes that are whole.
static size_t hear(struct caller *caller, struct sample *samples) {
    uint8_t room[ECHO_BYTES * WAITING_MAX];
    size_t count = 0;
    do {
        int got = SSL_read(caller->ssl, room, sizeof room);
        // Tickets are no data.
        if (got <= 0 && SSL_get_error(caller->ssl, got) == SSL_ERROR_WANT_READ) break;
        if (got <= 0) die("read");
        uint64_t now = nanoseconds();
        for (caller->part += (size_t)got; caller->part >= ECHO_BYTES; caller->part -= ECHO_BYTES) {
            uint64_t due = caller->due[caller->heard++ % WAITING_MAX];
            samples[count++] = (struct sample){due, now - due};
        }
    } while (SSL_pending(caller->ssl) > 0);
    return count;
}

static int by_size(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void report(const char *name, const struct sample *samples, size_t count, uint64_t from, uint64_t to) {
    uint64_t *took = malloc((count + 1) * sizeof *took);
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (samples[i].due >= from && samples[i].due < to) took[found++] = samples[i].took;
    qsort(took, found, sizeof *took, by_size);
    double part[4] = {0.5, 0.99, 0.999, 1};
    printf("\"%s\":{\"echoes\":%zu", name, found);
    for (int i = 0; i < 4; i++) {
        size_t at = (size_t)(part[i] * (double)found);
        double us = found == 0 ? 0 : (double)took[at < found ? at : found - 1] / 1000;
        printf(",\"%s\":%.1f", (const char *[]){"p50_us", "p99_us", "p999_us", "max_us"}[i], us);
    }
    printf("},");
    free(took);
}

int main(int count, char **words) {
    if (count != 6) return fprintf(stderr, "usage: tls-storm PORT CROWD CONNECTIONS INTERVAL_US SECONDS\n"), 2;
    int crowd = atoi(words[2]), callers_count = atoi(words[3]);
    uint64_t interval = strtoull(words[4], NULL, 10) * 1000, length = (uint64_t)(atof(words[5]) * 1e9);
    signal(SIGPIPE, SIG_IGN);
    allow_descriptors();
    server = loopback(atoi(words[1]));
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256");
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) be_crowd(shared, crowd);

    struct caller *callers = calloc((size_t)callers_count, sizeof *callers);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < callers_count; i++) {
        callers[i].ssl = dialled();
        if (SSL_connect(callers[i].ssl) != 1) return fprintf(stderr, "a handshake failed\n"), 1;
        BIO_socket_nbio(SSL_get_fd(callers[i].ssl), 1);
        watch(poller, callers[i].ssl, &callers[i]);
    }
    while (shared->ready == 0)
        if (waitpid(child, NULL, WNOHANG) != 0) return fprintf(stderr, "the crowd could not connect\n"), 1;
    sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 50});

    uint64_t each = interval / (uint64_t)callers_count, start = nanoseconds(), due = start, after = 100000000;
    size_t room = (size_t)((length + 40000000000u) / each) + 1000, found = 0, held_back = 0;
    struct sample *samples = malloc(room * sizeof *samples);
    unsigned turn = 0;
    shared->go = start + length / 2;
    for (;;) {
        uint64_t now = nanoseconds(), left = shared->left;
        if (now > start + length && (left != 0 ? now > left + 2 * after : now > start + length + 20000000000u)) break;
        for (; due <= now; due += each) {
            struct caller *caller = &callers[turn++ % (unsigned)callers_count];
            if (caller->said - caller->heard == WAITING_MAX) held_back++;
            else say(caller, due);
        }
        now = nanoseconds();
        struct timespec wait = {0, due > now ? (long)(due - now) : 0};
        struct epoll_event events[EVENTS_MAX];
        int ready = epoll_pwait2(poller, events, EVENTS_MAX, &wait, NULL);
        for (int i = 0; i < ready && found + WAITING_MAX < room; i++) found += hear(events[i].data.ptr, samples + found);
    }
    uint64_t first = shared->first_hello, last = shared->last_handshake, end = shared->left;
    printf("{");
    report("before", samples, found, start + length / 10, first);
    report("during", samples, found, first, last);
    report("leaving", samples, found, last, end + after);
    printf("\"crowd\":%d,\"done\":%d,\"crowd_seconds\":%.3f,\"held_back\":%zu}\n", crowd, (int)shared->done,
           (double)(last - first) / 1e9, held_back);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return shared->done == crowd ? 0 : 1;
}
