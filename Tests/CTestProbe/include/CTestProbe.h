/// Counters for tests: allocations, reference counting and pthread locks of the whole process.
#ifndef CTESTPROBE_H
#define CTESTPROBE_H
#endif
