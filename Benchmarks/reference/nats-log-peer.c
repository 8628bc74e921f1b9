// A client on libnats that writes what a cluster's leaders write, to be compared with: records that are compared and appended to a
// replicated stream, one under way for each channel. Messages are due by the clock; what waits of a channel makes up its next record.
// Call: nats-log-peer URLS CHANNELS MESSAGES-PER-SECOND SECONDS PAYLOAD-BYTES MESSAGES-PER-RECORD-MAX WINDOW
// WINDOW is how many messages may wait or be under way; what is due beyond it is late, and its time runs.
// Prints `done ACKNOWLEDGED RECORDS CPU-SECONDS SECONDS P50-US P99-US`: times from when a message was due until its record's answer.
#include <nats/nats.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { QUEUE = 4096 };

typedef struct {
    // When each message was due; a ring of those that wait, the oldest of which are under way.
    int64_t due[QUEUE];
    unsigned first, end, underWay;
    uint64_t last;  // Place of the newest record.
} Channel;

static natsConnection *connection;
static natsInbox *inbox;
static Channel *channels;
static int channelCount, payloadBytes, batchMax;
static long open_, acknowledged, records, again;
static int64_t *times;
static long timesMax;
static char run[32];
static char *body;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static double cpu(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void check(natsStatus status, const char *what) {
    if (status == NATS_OK) return;
    fprintf(stderr, "%s: %s\n", what, natsStatus_GetText(status));
    exit(1);
}

// Sends a channel's next record, where something waits and none is under way. The caller holds the lock.
static void next(int index) {
    Channel *channel = &channels[index];
    unsigned count = channel->end - channel->first;
    if (channel->underWay || count == 0) return;
    channel->underWay = count < (unsigned)batchMax ? count : (unsigned)batchMax;
    // A head, and for each message its entry and what the messenger wraps it in.
    int bytes = 64 + channel->underWay * (24 + 48 + payloadBytes);
    char subject[96], reply[128], text[64];
    snprintf(subject, sizeof subject, "bench-log.%s.%d", run, index);
    snprintf(reply, sizeof reply, "%s.%d", inbox, index);
    natsMsg *message = NULL;
    check(natsMsg_Create(&message, subject, reply, body, bytes), "message");
    snprintf(text, sizeof text, "%s-%ld", run, ++records);
    check(natsMsgHeader_Set(message, "Nats-Msg-Id", text), "header");
    snprintf(text, sizeof text, "%llu", (unsigned long long)channel->last);
    check(natsMsgHeader_Set(message, "Nats-Expected-Last-Subject-Sequence", text), "header");
    check(natsConnection_PublishMsg(connection, message), "publish");
    natsMsg_Destroy(message);
}

// An answer: `{"stream":"…", "seq":N}`.
static void answered(natsConnection *own, natsSubscription *subscription, natsMsg *message, void *closure) {
    (void)own, (void)subscription, (void)closure;
    int index = atoi(strrchr(natsMsg_GetSubject(message), '.') + 1);
    char text[512];
    snprintf(text, sizeof text, "%.*s", natsMsg_GetDataLength(message), natsMsg_GetData(message));
    char *place = strstr(text, "\"seq\":");
    if (strstr(text, "\"err_code\":10164")) {
        // The record before it was acknowledged a moment before the server takes the next: again.
        natsMsg_Destroy(message);
        pthread_mutex_lock(&mutex);
        channels[index].underWay = 0;
        again++;
        next(index);
        pthread_mutex_unlock(&mutex);
        return;
    }
    if (!place || strstr(text, "\"error\"")) fprintf(stderr, "not taken: %s\n", text), exit(1);
    natsMsg_Destroy(message);
    int64_t came = now();
    pthread_mutex_lock(&mutex);
    Channel *channel = &channels[index];
    channel->last = strtoull(place + 6, NULL, 10);
    for (; channel->underWay > 0; channel->underWay--, open_--) {
        int64_t due = channel->due[channel->first++ % QUEUE];
        if (acknowledged < timesMax) times[acknowledged] = came - due;
        acknowledged++;
    }
    next(index);
    pthread_mutex_unlock(&mutex);
}

static int byLength(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

// The stream and who takes its answers.
static void prepare(const char *urls) {
    natsOptions *options = NULL;
    char *list = strdup(urls), *rest = NULL;
    const char *servers[16];
    int count = 0;
    for (char *url = strtok_r(list, ",", &rest); url && count < 16; url = strtok_r(NULL, ",", &rest)) servers[count++] = url;
    check(natsOptions_Create(&options), "options");
    check(natsOptions_SetServers(options, servers, count), "servers");
    check(natsConnection_Connect(&connection, options), "connect");
    jsCtx *stream = NULL;
    check(natsConnection_JetStream(&stream, connection, NULL), "JetStream");
    jsStreamConfig configuration;
    jsStreamConfig_Init(&configuration);
    const char *subjects[] = {"bench-log.>"};
    configuration.Name = "bench-log";
    configuration.Subjects = subjects;
    configuration.SubjectsLen = 1;
    configuration.Replicas = count < 3 ? 1 : 3;
    jsErrCode code = 0;
    check(js_AddStream(NULL, stream, &configuration, NULL, &code), "stream");
    natsSubscription *subscription = NULL;
    check(natsInbox_Create(&inbox), "inbox");
    char pattern[128];
    snprintf(pattern, sizeof pattern, "%s.*", inbox);
    check(natsConnection_Subscribe(&subscription, connection, pattern, answered, NULL), "subscribe");
    check(natsConnection_Flush(connection), "flush");
}

int main(int count, char **words) {
    if (count != 8) return 2;
    channelCount = atoi(words[2]);
    double rate = atof(words[3]), seconds = atof(words[4]);
    payloadBytes = atoi(words[5]), batchMax = atoi(words[6]);
    long window = atol(words[7]);
    channels = calloc(channelCount, sizeof *channels);
    body = calloc(1, 64 + (size_t)batchMax * (24 + 48 + payloadBytes));
    timesMax = (long)(rate * seconds) + 1;
    times = calloc(timesMax, sizeof *times);
    snprintf(run, sizeof run, "%d", (int)getpid());
    prepare(words[1]);
    int64_t begin = now(), end = begin + (int64_t)(seconds * 1e9);
    double before = cpu();
    long said = 0;
    while (now() < end) {
        long dueCount = (long)((now() - begin) * (rate / 1e9));
        pthread_mutex_lock(&mutex);
        for (; said < dueCount && open_ < window; said++, open_++) {
            Channel *channel = &channels[said % channelCount];
            if (channel->end - channel->first == QUEUE) break;
            channel->due[channel->end++ % QUEUE] = begin + (int64_t)(said * (1e9 / rate));
            next(said % channelCount);
        }
        pthread_mutex_unlock(&mutex);
        usleep(500);
    }
    pthread_mutex_lock(&mutex);
    double took = (now() - begin) / 1e9, spent = cpu() - before;
    long taken = acknowledged < timesMax ? acknowledged : timesMax;
    qsort(times, taken, sizeof *times, byLength);
    if (taken == 0) return 1;
    printf("done %ld %ld %f %f %.0f %.0f\n", acknowledged, records - again, spent, took, times[taken / 2] / 1e3,
           times[taken * 99 / 100] / 1e3);
    fflush(stdout);
    // Whatever is still under way is nobody's.
    _exit(0);
}
