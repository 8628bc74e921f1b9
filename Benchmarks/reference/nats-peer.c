// A client on libnats, to be compared with: publishes or receives so many messages, and says what that cost.
// Call: nats-peer pub|sub URL SUBJECT MESSAGES BYTES. Prints `ready`, then `done CPU-SECONDS WALL-SECONDS`.
#include <nats/nats.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static long wanted;
static long received;
static double cpuAtFirst, wallAtFirst, cpuAtLast, wallAtLast;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;

static double cpu(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double wall(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void check(natsStatus status, const char *what) {
    if (status == NATS_OK) return;
    fprintf(stderr, "%s: %s\n", what, natsStatus_GetText(status));
    exit(1);
}

static void took(natsConnection *connection, natsSubscription *subscription, natsMsg *message, void *closure) {
    (void)connection, (void)subscription, (void)closure;
    natsMsg_Destroy(message);
    if (received++ == 0) cpuAtFirst = cpu(), wallAtFirst = wall();
    if (received < wanted) return;
    cpuAtLast = cpu(), wallAtLast = wall();
    pthread_mutex_lock(&mutex);
    pthread_cond_signal(&finished);
    pthread_mutex_unlock(&mutex);
}

int main(int count, char **words) {
    if (count != 6) return 2;
    wanted = atol(words[4]);
    int bytes = atoi(words[5]);
    natsConnection *connection = NULL;
    check(natsConnection_ConnectTo(&connection, words[2]), "connect");
    if (strcmp(words[1], "sub") == 0) {
        natsSubscription *subscription = NULL;
        check(natsConnection_Subscribe(&subscription, connection, words[3], took, NULL), "subscribe");
        check(natsSubscription_SetPendingLimits(subscription, -1, -1), "limits");
        check(natsConnection_Flush(connection), "flush");
        puts("ready");
        fflush(stdout);
        pthread_mutex_lock(&mutex);
        while (received < wanted) pthread_cond_wait(&finished, &mutex);
        pthread_mutex_unlock(&mutex);
        printf("done %f %f\n", cpuAtLast - cpuAtFirst, wallAtLast - wallAtFirst);
        return 0;
    }
    char *payload = calloc(1, bytes + 1);
    memset(payload, 'x', bytes);
    puts("ready");
    fflush(stdout);
    double cpuBefore = cpu(), wallBefore = wall();
    for (long index = 0; index < wanted; index++)
        check(natsConnection_Publish(connection, words[3], payload, bytes), "publish");
    check(natsConnection_Flush(connection), "flush");
    printf("done %f %f\n", cpu() - cpuBefore, wall() - wallBefore);
    return 0;
}
