#ifndef ROOM_READERS_H
#define ROOM_READERS_H

/// Sockets from which one thread reads and throws away, for the benchmark of rooms. One set in the process.

/// Makes the set; -1 with errno set where that fails.
int readers_prepare(void);
/// Adds a connected socket; -1 with errno set where that fails. Before `readers_run` only.
int readers_add(int descriptor);
/// Reads for ever, on the last processor that this process may run on.
void readers_run(void);
/// How many bytes were read so far. Any thread may ask.
long readers_taken(void);

#endif
