// zerocopy-send [SIZE [MEBIBYTES]]: what MSG_ZEROCOPY costs and brings on loopback, per size of send, beside a plain send.
// The sender runs on processor 0, a reader on processor 1; CPU time is the sender's own. The kernel says with each
// completion whether it really did without the copy.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void pin(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    sched_setaffinity(0, sizeof set, &set);
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void read_all(struct sockaddr_in *address) {
    pin(1);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    char *bytes = malloc(1 << 20);
    if (connect(descriptor, (struct sockaddr *)address, sizeof *address) != 0) _exit(1);
    while (recv(descriptor, bytes, 1 << 20, 0) > 0) {}
    _exit(0);
}

// Takes what the kernel reports of finished zero-copy sends; counts those that were copied after all.
static void take_completions(int descriptor, long *completions, long *copies) {
    for (;;) {
        char control[128];
        struct msghdr message = {.msg_control = control, .msg_controllen = sizeof control};
        if (recvmsg(descriptor, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        if (header == NULL) return;
        struct sock_extended_err *report = (void *)CMSG_DATA(header);
        *completions += 1;
        if (report->ee_code & SO_EE_CODE_ZEROCOPY_COPIED) *copies += 1;
    }
}

static void measure(size_t size, long mebibytes, int is_zerocopy) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1) != 0) exit(1);
    getsockname(listener, (struct sockaddr *)&address, &length);
    if (fork() == 0) read_all(&address);
    pin(0);
    int descriptor = accept(listener, NULL, NULL);
    if (is_zerocopy) setsockopt(descriptor, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof one);
    char *bytes = aligned_alloc(4096, size);
    memset(bytes, 1, size);
    long total = mebibytes << 20, sent = 0, calls = 0, completions = 0, copies = 0;
    double begin = cpu_seconds();
    while (sent < total) {
        ssize_t count = send(descriptor, bytes, size, MSG_NOSIGNAL | (is_zerocopy ? MSG_ZEROCOPY : 0));
        if (count < 0 && errno != ENOBUFS) exit(1);
        if (count > 0) sent += count;
        calls += 1;
        if (is_zerocopy) take_completions(descriptor, &completions, &copies);
    }
    double seconds = cpu_seconds() - begin;
    printf("%8zu bytes  %-9s %8.2f us/call %8.1f ns/KiB", size, is_zerocopy ? "zero-copy" : "plain",
           seconds * 1e6 / (double)calls, seconds * 1e9 / ((double)sent / 1024));
    if (is_zerocopy) printf("   %ld of %ld completions were copied", copies, completions);
    printf("\n");
    free(bytes);
    close(descriptor);
    close(listener);
    wait(NULL);
}

int main(int argc, char **argv) {
    size_t only = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    long mebibytes = argc > 2 ? atol(argv[2]) : 2048;
    for (size_t size = only ? only : 16384; size <= (only ? only : 1 << 20); size *= 4) {
        measure(size, mebibytes, 0);
        measure(size, mebibytes, 1);
    }
}
