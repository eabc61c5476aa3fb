"""Lab 7, run second-waits: the client.

The lab says of this run: A second client connects and sends while the first is
still being served; see when its question is read.

Start the server first, in another terminal.

Other runs (lab code 7 --run NAME): upper-once, upper-loop, greeting,
reset-survived, long-echo.
"""

import socket
import sys
import threading

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

# What the clients tell each other.
signals = {
    "first is served": threading.Event(),
    "second has sent": threading.Event(),
}


def client_1():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.connect((HOST, PORT))
        sock.sendall(b"first")
        data = sock.recv(1024)
        print(f"client 1: recv(1024) -> {data!r}")
        signals["first is served"].set()
        signals["second has sent"].wait(10)
        sock.sendall(b"again")
        data = sock.recv(1024)
        print(f"client 1: recv(1024) -> {data!r}")


def client_2():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        signals["first is served"].wait(10)
        sock.connect((HOST, PORT))
        sock.sendall(b"second")
        # The lab waits here until all of it is acknowledged. A plain program
        # just goes on.
        signals["second has sent"].set()
        data = sock.recv(1024)
        print(f"client 2: recv(1024) -> {data!r}")


threads = [
    threading.Thread(target=client_1),
    threading.Thread(target=client_2),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
