#ifndef CPROBE_BLAME_H
#define CPROBE_BLAME_H

#include <stdbool.h>

/// Whether events are to be remembered with their callers.
extern bool blame_is_on;

/// Adds one event of this kind under the caller's stack.
void blame_remember(const char *kind);

#endif
