// loop-designs PORT two-threads|polling|batch|pairs
//   An echo of 32-byte messages by the four designs of a connection's loop that people write with blocking sockets. As in
//   the code they stand for, a connection hands what it receives to the application through a bounded queue, and sends what
//   it finds in a queue of its own; here the application is one thread that answers each message.
//     two-threads  one thread per connection reads, another one writes
//     polling      one thread per connection: writes what waits, then reads for at most 1 ms; drops when the queue is full
//     batch        one thread per connection: writes up to 16 messages, then reads for at most 1 s
//     pairs        one thread for two connections: for each writes one message, then reads for at most 1 ms; drops
//   On SIGTERM it prints how many messages came, and how many were dropped. Connections are not freed: a measurement opens
//   a few and ends.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 32, OUT_MAX = 256, APPLICATION_MAX = 1024, BATCH = 16, READ_BYTES = 4096, STACK_BYTES = 64 * 1024 };

typedef struct connection connection;

typedef struct {
    connection *from; // NULL ends a writer
    char bytes[MESSAGE_BYTES];
} message;

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t filled, emptied;
    message *messages;
    unsigned capacity, first, count;
} queue;

struct connection {
    int descriptor;
    _Atomic int is_over;
    queue out;
    size_t came;
    char buffer[READ_BYTES];
};

static queue application;
static _Atomic unsigned long received, dropped;

static void prepare(queue *q, unsigned capacity) {
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->filled, NULL);
    pthread_cond_init(&q->emptied, NULL);
    q->messages = calloc(capacity, sizeof *q->messages);
    q->capacity = capacity;
    q->first = q->count = 0;
}

// 0 when the queue is full and nobody is to wait.
static int push(queue *q, const message *m, int waits) {
    pthread_mutex_lock(&q->lock);
    while (waits && q->count == q->capacity) pthread_cond_wait(&q->emptied, &q->lock);
    int has_room = q->count < q->capacity;
    if (has_room) q->messages[(q->first + q->count++) % q->capacity] = *m;
    pthread_mutex_unlock(&q->lock);
    if (has_room) pthread_cond_signal(&q->filled);
    return has_room;
}

static int pop(queue *q, message *m, int waits) {
    pthread_mutex_lock(&q->lock);
    while (waits && q->count == 0) pthread_cond_wait(&q->filled, &q->lock);
    int is_there = q->count > 0;
    if (is_there) {
        *m = q->messages[q->first];
        q->first = (q->first + 1) % q->capacity;
        q->count--;
    }
    pthread_mutex_unlock(&q->lock);
    if (is_there) pthread_cond_signal(&q->emptied);
    return is_there;
}

static void *answer_all(void *unused) {
    message m;
    for (;;) {
        pop(&application, &m, 1);
        if (!m.from->is_over) push(&m.from->out, &m, 1);
    }
    return unused;
}

static void give_up(connection *c) {
    c->is_over = 1;
    shutdown(c->descriptor, SHUT_RDWR);
}

static void write_message(connection *c, const message *m) {
    for (size_t sent = 0; sent < MESSAGE_BYTES;) {
        ssize_t count = send(c->descriptor, m->bytes + sent, MESSAGE_BYTES - sent, MSG_NOSIGNAL);
        if (count < 0) {
            give_up(c);
            return;
        }
        sent += (size_t)count;
    }
}

// Reads once, for as long as the socket's time limit says, and hands whole messages on.
static void read_messages(connection *c, int waits) {
    ssize_t count = recv(c->descriptor, c->buffer + c->came, READ_BYTES - c->came, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        give_up(c);
        return;
    }
    c->came += (size_t)count;
    size_t place = 0;
    for (; c->came - place >= MESSAGE_BYTES; place += MESSAGE_BYTES) {
        message m = {.from = c};
        memcpy(m.bytes, c->buffer + place, MESSAGE_BYTES);
        received++;
        if (!push(&application, &m, waits)) dropped++;
    }
    c->came -= place;
    memmove(c->buffer, c->buffer + place, c->came);
}

static void limit_reading(connection *c, int milliseconds) {
    struct timeval limit = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
    setsockopt(c->descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

static void *write_only(void *argument) {
    connection *c = argument;
    message m;
    while (pop(&c->out, &m, 1) && m.from != NULL) write_message(c, &m);
    return NULL;
}

static void *read_only(void *argument) {
    connection *c = argument;
    message last = {.from = NULL};
    while (!c->is_over) read_messages(c, 1);
    push(&c->out, &last, 0);
    return NULL;
}

static void *poll_one(void *argument) {
    connection *c = argument;
    message m;
    limit_reading(c, 1);
    while (!c->is_over) {
        while (pop(&c->out, &m, 0)) write_message(c, &m);
        read_messages(c, 0);
    }
    return NULL;
}

static void *batch_one(void *argument) {
    connection *c = argument;
    message m;
    limit_reading(c, 1000);
    while (!c->is_over) {
        for (int i = 0; i < BATCH && pop(&c->out, &m, 0); i++) write_message(c, &m);
        read_messages(c, 1);
    }
    return NULL;
}

static void *poll_two(void *argument) {
    connection **pair = argument;
    message m;
    for (int i = 0; i < 2; i++) limit_reading(pair[i], 1);
    while (!pair[0]->is_over || !pair[1]->is_over) {
        for (int i = 0; i < 2; i++) {
            if (pair[i]->is_over) continue;
            if (pop(&pair[i]->out, &m, 0)) write_message(pair[i], &m);
            read_messages(pair[i], 0);
        }
    }
    return NULL;
}

static void start(void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, body, argument) != 0) {
        perror("pthread_create");
        exit(1);
    }
    pthread_attr_destroy(&attributes);
}

static void serve(const char *design, int descriptor) {
    static connection **pair;
    connection *c = calloc(1, sizeof *c);
    c->descriptor = descriptor;
    prepare(&c->out, OUT_MAX);
    limit_reading(c, 0); // What the listener has is inherited.
    if (strcmp(design, "two-threads") == 0) {
        start(read_only, c);
        start(write_only, c);
    } else if (strcmp(design, "polling") == 0) {
        start(poll_one, c);
    } else if (strcmp(design, "batch") == 0) {
        start(batch_one, c);
    } else if (pair == NULL) {
        pair = calloc(2, sizeof *pair);
        pair[0] = c;
    } else {
        pair[1] = c;
        start(poll_two, pair);
        pair = NULL;
    }
}

int main(int argc, char **argv) {
    if (argc != 3 || strstr(" two-threads polling batch pairs ", argv[2]) == NULL) {
        fprintf(stderr, "usage: loop-designs PORT two-threads|polling|batch|pairs\n");
        return 2;
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    // The signal stays pending; accepting looks for it ten times a second.
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    prepare(&application, APPLICATION_MAX);
    start(answer_all, NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4096) != 0) {
        perror("listen");
        return 1;
    }
    struct timeval limit = {.tv_usec = 100 * 1000};
    setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    printf("listening on 127.0.0.1:%s\n", argv[1]);
    fflush(stdout);
    for (;;) {
        sigset_t pending;
        sigpending(&pending);
        if (sigismember(&pending, SIGTERM)) break;
        int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (descriptor < 0) continue;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        serve(argv[2], descriptor);
    }
    printf("%lu received, %lu dropped\n", received, dropped);
    return 0;
}
