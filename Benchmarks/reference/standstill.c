// standstill SECONDS PAUSE_US
//   Looks at the clock without a rest, and notes every time that the processor was away for longer than PAUSE_US: at the
//   hypervisor, in an interrupt, with another process. What it finds, no server on this processor can be faster than.
//   Prints one JSON line: the part of the time that it was away, and the longest of the pauses.
#include "load.h"

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: standstill SECONDS PAUSE_US\n");
        return 2;
    }
    uint64_t start = nanoseconds(), end = start + (uint64_t)(atof(argv[1]) * 1e9);
    uint64_t pause = strtoull(argv[2], NULL, 10) * 1000, away = 0, longest = 0, last = start;
    while (last < end) {
        uint64_t now = nanoseconds(), gap = now - last;
        if (gap > pause) {
            away += gap;
            if (gap > longest) longest = gap;
        }
        last = now;
    }
    printf("{\"away\":%.6f,\"longest_us\":%.1f}\n", (double)away / (double)(last - start), (double)longest / 1000);
    return 0;
}
