/// Waiting for signals of the process: handlers while somebody waits, and what was there before afterwards.
#ifndef CZCNET_SIGNALS_H
#define CZCNET_SIGNALS_H

#include <stdint.h>

/// Signals 1 to 63; bit n stands for signal n.
typedef uint64_t zc_signal_set;

/// Installs a handler for each of the signals, unless another watch has one already. Returns the watch's number, or -1
/// with `errno`: EINVAL for a signal that nobody can handle, EAGAIN where 16 watches exist already.
int zc_signals_watch(zc_signal_set signals);
/// Sleeps until one of the watch's signals has come, which is returned, or `zc_signals_wake` was called: 0. One thread,
/// which does not block the signals meanwhile, whatever its mask says before and after.
int zc_signals_wait(int watch);
/// Has the waiting thread return, or the next wait return at once. Any thread.
void zc_signals_wake(int watch);
/// Ends a watch; the last one of a signal puts back the action that the first one found.
void zc_signals_release(int watch);

#endif
