#include "CProbe.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "blame.h"

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)

bool cprobe_is_available(void) { return false; }
void cprobe_start(void) {}
struct cprobe_counts cprobe_stop(void) { return (struct cprobe_counts){0}; }
void cprobe_plant(void) {}

#else

// Why local-exec: the flag is read within malloc, where a thread-local that is allocated at its first use would
// recurse. It also makes a link into a shared library, which can define over nothing, fail at once.
#define PROBE_LOCAL static _Thread_local __attribute__((tls_model("local-exec")))
PROBE_LOCAL bool is_counting;
PROBE_LOCAL struct cprobe_counts counts;

// Remembering allocates and locks in ways of its own, so the thread does not count meanwhile.
#define COUNT(field)                       \
    do {                                   \
        if (is_counting) {                 \
            counts.field++;                \
            if (blame_is_on) {             \
                is_counting = false;       \
                blame_remember(#field);    \
                is_counting = true;        \
            }                              \
        }                                  \
    } while (0)

void cprobe_start(void) {
    counts = (struct cprobe_counts){0};
    is_counting = true;
}

struct cprobe_counts cprobe_stop(void) {
    is_counting = false;
    return counts;
}

// MARK: Allocation

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size) {
    COUNT(allocations);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    COUNT(allocations);
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    COUNT(allocations);
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    COUNT(allocations);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    COUNT(allocations);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    COUNT(allocations);
    // POSIX: a power of two, and a multiple of a pointer's size.
    bool is_power = alignment != 0 && (alignment & (alignment - 1)) == 0;
    if (!is_power || alignment % sizeof(void *) != 0) return EINVAL;
    void *memory = __libc_memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *result = memory;
    return 0;
}

void free(void *memory) {
    if (memory != NULL) COUNT(frees);
    __libc_free(memory);
}

// MARK: Locks

// A function of the C library that has been defined over. Found at the first call, which may come before any
// constructor of ours; finding it twice does no harm.
#define ORIGINAL(name)                                                         \
    static _Atomic(void *) found;                                              \
    void *address = atomic_load_explicit(&found, memory_order_relaxed);        \
    if (address == NULL) {                                                     \
        address = dlsym(RTLD_NEXT, #name);                                     \
        if (address == NULL) abort();                                          \
        atomic_store_explicit(&found, address, memory_order_relaxed);          \
    }                                                                          \
    __typeof__(&name) original = (__typeof__(&name))address

#define LOCK(name, type)                          \
    int name(type *lock) {                        \
        COUNT(locks);                             \
        ORIGINAL(name);                           \
        return original(lock);                    \
    }

LOCK(pthread_mutex_lock, pthread_mutex_t)
LOCK(pthread_mutex_trylock, pthread_mutex_t)
LOCK(pthread_rwlock_rdlock, pthread_rwlock_t)
LOCK(pthread_rwlock_wrlock, pthread_rwlock_t)
LOCK(pthread_rwlock_tryrdlock, pthread_rwlock_t)
LOCK(pthread_rwlock_trywrlock, pthread_rwlock_t)
LOCK(pthread_spin_lock, pthread_spinlock_t)
LOCK(pthread_spin_trylock, pthread_spinlock_t)
LOCK(sem_wait, sem_t)
LOCK(sem_trywait, sem_t)

long syscall(long number, ...) {
    if (number == SYS_futex) COUNT(futexes);
    long values[6];
    va_list list;
    va_start(list, number);
    // No system call takes more; what the caller did not pass, the kernel does not look at.
    for (int index = 0; index < 6; index++) values[index] = va_arg(list, long);
    va_end(list);
    ORIGINAL(syscall);
    return original(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}

// MARK: Reference counting

// Why defined over, and not through the runtime's `_swift_retain` pointer for instruments: in Swift 6.3 the code
// before that pointer masks tag bits away, short strings lose what marks them, and the program crashes.

// The runtime passes over nil and immediate values, whose sign bit is set; no count of theirs is touched.
#define IS_COUNTED(object) ((intptr_t)(object) > 0)

#define RETAIN(name)                               \
    void *name(void *object);                      \
    void *name(void *object) {                     \
        if (IS_COUNTED(object)) COUNT(retains);    \
        ORIGINAL(name);                            \
        return original(object);                   \
    }

#define RETAIN_TIMES(name)                         \
    void *name(void *object, uint32_t times);      \
    void *name(void *object, uint32_t times) {     \
        if (IS_COUNTED(object)) COUNT(retains);    \
        ORIGINAL(name);                            \
        return original(object, times);            \
    }

#define RELEASE(name)                              \
    void name(void *object);                       \
    void name(void *object) {                      \
        if (IS_COUNTED(object)) COUNT(releases);   \
        ORIGINAL(name);                            \
        original(object);                          \
    }

#define RELEASE_TIMES(name)                        \
    void name(void *object, uint32_t times);       \
    void name(void *object, uint32_t times) {      \
        if (IS_COUNTED(object)) COUNT(releases);   \
        ORIGINAL(name);                            \
        original(object, times);                   \
    }

RETAIN(swift_retain)
RETAIN(swift_bridgeObjectRetain)
RETAIN(swift_unownedRetain)
RETAIN(swift_unownedRetainStrong)
RETAIN(swift_weakLoadStrong)
RETAIN(swift_weakTakeStrong)
RETAIN_TIMES(swift_retain_n)
RETAIN_TIMES(swift_bridgeObjectRetain_n)
RELEASE(swift_release)
RELEASE(swift_bridgeObjectRelease)
RELEASE(swift_unownedRelease)
RELEASE(swift_unownedRetainStrongAndRelease)
RELEASE_TIMES(swift_release_n)
RELEASE_TIMES(swift_bridgeObjectRelease_n)

void *swift_allocObject(void *type, size_t size, size_t alignment);
void *swift_allocObject(void *type, size_t size, size_t alignment) {
    COUNT(objects);
    ORIGINAL(swift_allocObject);
    return original(type, size, alignment);
}

bool cprobe_is_available(void) { return true; }

// MARK: The self-check

void cprobe_plant(void) {
    // Why volatile: the compiler knows what malloc is and removes what nobody looks at.
    void *volatile memory = malloc(16);
    memory = realloc(memory, 32);
    free(memory);
    memory = calloc(1, 16);
    free(memory);
    memory = aligned_alloc(64, 64);
    free(memory);
    void *aligned = NULL;
    if (posix_memalign(&aligned, 64, 64) == 0) {
        memory = aligned;
        free(memory);
    }
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    if (pthread_mutex_trylock(&mutex) == 0) pthread_mutex_unlock(&mutex);
    pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
    pthread_rwlock_rdlock(&shared);
    pthread_rwlock_unlock(&shared);
    pthread_rwlock_wrlock(&shared);
    pthread_rwlock_unlock(&shared);
    pthread_spinlock_t spin;
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    pthread_spin_lock(&spin);
    pthread_spin_unlock(&spin);
    sem_t semaphore;
    sem_init(&semaphore, 0, 1);
    sem_wait(&semaphore);
    uint32_t word = 0;
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

#endif
