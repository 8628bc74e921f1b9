#include "blame.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CProbe.h"

enum { FRAMES = 14, STACKS_MAX = 512, PRINTED_MAX = 24 };

struct stack {
    const char *kind;
    uint64_t count;
    int frame_count;
    void *frames[FRAMES];
};

bool blame_is_on = false;
static struct stack stacks[STACKS_MAX];
static int stack_count = 0;
static pthread_mutex_t stacks_lock = PTHREAD_MUTEX_INITIALIZER;

void cprobe_blame(void) {
    // The first call loads the unwinder, which allocates.
    void *frames[FRAMES];
    backtrace(frames, FRAMES);
    blame_is_on = true;
}

void blame_remember(const char *kind) {
    void *frames[FRAMES];
    int count = backtrace(frames, FRAMES);
    pthread_mutex_lock(&stacks_lock);
    int index = 0;
    for (; index < stack_count; index++) {
        struct stack *stack = &stacks[index];
        if (stack->kind == kind && stack->frame_count == count
            && memcmp(stack->frames, frames, (size_t)count * sizeof(void *)) == 0)
            break;
    }
    if (index == stack_count && stack_count < STACKS_MAX) {
        struct stack *stack = &stacks[stack_count++];
        stack->kind = kind;
        stack->count = 0;
        stack->frame_count = count;
        memcpy(stack->frames, frames, (size_t)count * sizeof(void *));
    }
    if (index < stack_count) stacks[index].count++;
    pthread_mutex_unlock(&stacks_lock);
}

static int by_count(const void *left, const void *right) {
    uint64_t first = ((const struct stack *)left)->count, second = ((const struct stack *)right)->count;
    return first < second ? 1 : first > second ? -1 : 0;
}

void cprobe_print_blame(void) {
    pthread_mutex_lock(&stacks_lock);
    qsort(stacks, (size_t)stack_count, sizeof(struct stack), by_count);
    for (int index = 0; index < stack_count && index < PRINTED_MAX; index++) {
        struct stack *stack = &stacks[index];
        fprintf(stderr, "blame: %llu %s\n", (unsigned long long)stack->count, stack->kind);
        // The first two frames are the counter's own.
        for (int frame = 2; frame < stack->frame_count; frame++) {
            Dl_info info;
            if (dladdr(stack->frames[frame], &info) == 0) continue;
            // A return address lies behind its call, perhaps in another function.
            uintptr_t offset = (uintptr_t)stack->frames[frame] - 1 - (uintptr_t)info.dli_fbase;
            fprintf(stderr, "  %s 0x%llx\n", info.dli_fname, (unsigned long long)offset);
        }
    }
    stack_count = 0;
    pthread_mutex_unlock(&stacks_lock);
}
