"""An echo server that is right, or broken in one way, for `Scripts/chaos --self-check`: each way has to be found.
Called with the way as its last argument; see WAYS."""
import os
import signal
import socket
import sys
import threading

WAYS = {
    "right": None,
    "wrong": "an answer with a byte changed",
    "keeping": "descriptors that are never closed",
    "spinning": "a processor used for nothing once somebody was there",
    "dying": "an end at the third connection",
    "deaf": "no answer to anybody from the third connection on",
    "stubborn": "SIGTERM that is not heeded",
}


def spin():
    while True:
        pass


def serve(connection, way, number):
    if way == "dying" and number > 2:
        os.abort()
    if way == "spinning" and number == 1:
        threading.Thread(target=spin, daemon=True).start()
    try:
        while data := connection.recv(1 << 16):
            if way == "deaf" and number > 2:
                continue
            connection.sendall(data if way != "wrong" else data[:-1] + bytes([data[-1] ^ 1]))
    except OSError:
        pass
    if way != "keeping":
        connection.close()


def main():
    way = sys.argv[-1]
    signal.signal(signal.SIGTERM, signal.SIG_IGN if way == "stubborn" else lambda *_: os._exit(0))
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(f"listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
    kept = []
    number = 0
    while True:
        connection, _ = listener.accept()
        number += 1
        kept.append(connection)
        threading.Thread(target=serve, args=(connection, way, number), daemon=True).start()
        if way != "keeping":
            kept = [one for one in kept if one.fileno() >= 0]


if __name__ == "__main__":
    main()
