#include "czcnet_signals.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { WATCHES = 16, SIGNALS = 64, NOTHING = 0, WOKEN = SIGNALS };

// A watch is never freed, because a handler may still look at it on another thread while it ends.
static struct watch {
    _Atomic(zc_signal_set) signals;
    /// What has come: nothing, a signal's number, or that somebody woke the watch.
    _Atomic(uint32_t) came;
    /// Slept on until something has come. Why a semaphore: a handler may post one, and the thread sanitizer, which puts
    /// handlers off to the next call that it knows, knows a wait for it; of a futex it knows nothing.
    sem_t arrivals;
    bool has_semaphore;
    bool is_taken;
} watches[WATCHES];

// Under the lock: who is there, how many watch each signal, and what was there before the first of them.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int watchers[SIGNALS];
static struct sigaction before[SIGNALS];

static void report(struct watch *watch, uint32_t what) {
    uint32_t nothing = NOTHING;
    if (atomic_compare_exchange_strong(&watch->came, &nothing, what)) sem_post(&watch->arrivals);
}

static void handle(int number) {
    int error = errno;
    for (int i = 0; i < WATCHES; i++) {
        if (atomic_load(&watches[i].signals) >> number & 1) report(&watches[i], (uint32_t)number);
    }
    errno = error;
}

// Under the lock: puts back what was there before, for signals that nobody watches any more.
static void withdraw(zc_signal_set signals) {
    for (int number = 1; number < SIGNALS; number++) {
        if ((signals >> number & 1) && --watchers[number] == 0) sigaction(number, &before[number], NULL);
    }
}

static int install(zc_signal_set signals) {
    for (int number = 1; number < SIGNALS; number++) {
        if (!(signals >> number & 1)) continue;
        struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        if (watchers[number] == 0 && sigaction(number, &action, &before[number]) != 0) {
            int error = errno;
            withdraw(signals & (((zc_signal_set)1 << number) - 1));
            errno = error;
            return -1;
        }
        watchers[number]++;
    }
    return 0;
}

int zc_signals_watch(zc_signal_set signals) {
    int found = -1;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < WATCHES && found < 0; i++) {
        if (!watches[i].is_taken) found = i;
    }
    if (found < 0) {
        errno = EAGAIN;
    } else {
        if (!watches[found].has_semaphore) sem_init(&watches[found].arrivals, 0, 0);
        watches[found].has_semaphore = true;
        while (sem_trywait(&watches[found].arrivals) == 0) {}
        // Before the handlers are there: a signal that comes at once is not missed.
        atomic_store(&watches[found].came, NOTHING);
        atomic_store(&watches[found].signals, signals);
        if (install(signals) == 0) {
            watches[found].is_taken = true;
        } else {
            atomic_store(&watches[found].signals, 0);
            found = -1;
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}

int zc_signals_wait(int watch) {
    // A process inherits its mask from whoever started it, and that may have been a thread that blocks all signals.
    sigset_t unblocked, before_waiting;
    sigemptyset(&unblocked);
    zc_signal_set signals = atomic_load(&watches[watch].signals);
    for (int number = 1; number < SIGNALS; number++) {
        if (signals >> number & 1) sigaddset(&unblocked, number);
    }
    pthread_sigmask(SIG_UNBLOCK, &unblocked, &before_waiting);
    uint32_t came;
    while ((came = atomic_exchange(&watches[watch].came, NOTHING)) == NOTHING) {
        sem_wait(&watches[watch].arrivals);
    }
    pthread_sigmask(SIG_SETMASK, &before_waiting, NULL);
    return came == WOKEN ? 0 : (int)came;
}

void zc_signals_wake(int watch) { report(&watches[watch], WOKEN); }

void zc_signals_release(int watch) {
    pthread_mutex_lock(&lock);
    withdraw(atomic_exchange(&watches[watch].signals, 0));
    watches[watch].is_taken = false;
    pthread_mutex_unlock(&lock);
}
