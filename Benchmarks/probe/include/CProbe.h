/// Counts what a thread does behind the language's back: allocations, reference counting and locks.
///
/// A thread counts between `cprobe_start` and `cprobe_stop`; all other threads only pay for looking at a flag. The
/// counters are defined over the symbols of the C library and of the Swift runtime in the executable that links this
/// target.
///
/// What is seen: every call of malloc's family and of free; pthread mutexes, spin and read-write locks, semaphores
/// and the `futex` call; every retain, release and object that compiled code asks the runtime for.
///
/// What is not seen: a `Synchronization.Mutex` that nobody contends for, which is a compare-and-swap in the caller's
/// own code; only its contended way calls `futex`. Likewise inline atomics in general, locks that
/// the C library takes within itself, and references that the Swift runtime counts within itself: what it does in
/// unspecialised generic code and in casts.
#ifndef CPROBE_H
#define CPROBE_H

#include <stdbool.h>
#include <stdint.h>

/// What one thread did while it counted.
struct cprobe_counts {
    /// malloc, calloc, realloc, aligned_alloc, posix_memalign, memalign.
    uint64_t allocations;
    uint64_t frees;
    /// Objects made by the Swift runtime; their memory counts as an allocation as well.
    uint64_t objects;
    uint64_t retains;
    uint64_t releases;
    /// Locks asked for, whether they were free or not.
    uint64_t locks;
    /// `futex` calls, which are what contended locks come down to.
    uint64_t futexes;
};

/// False where counting is compiled out, which it is under sanitizers: they need malloc for themselves.
bool cprobe_is_available(void);

/// Begins to count on the calling thread, from nought.
void cprobe_start(void);

/// Ends counting on the calling thread.
struct cprobe_counts cprobe_stop(void);

/// Does one of each kind that C can do, so that a caller can see that it is counted: malloc, calloc, realloc,
/// aligned_alloc, posix_memalign (5 allocations, 4 frees), a mutex, a tried mutex, two read-write locks, a spin lock
/// and a semaphore (6 locks), and a futex call.
void cprobe_plant(void);

/// From now on remembers where each event came from; slow. Affects all threads.
void cprobe_blame(void);

/// Writes what `cprobe_blame` remembered to standard error, most frequent first, and forgets it. Frames are
/// addresses within their file, as `llvm-symbolizer` takes them.
void cprobe_print_blame(void);

#endif
