"""Lab 2, run delayed-ack: the server.

The lab says of this run: The server puts off its ACKs; `h` is read, then the
other four bytes are sent one by one. Watch the unsent count and the second
read.

Start this one first, then the client in another terminal.

Other runs (lab code 2 --run NAME): default, nodelay, nodelay-late-reader,
cork.
"""

import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    # Lets this program start again right after it ended.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, PORT))
    listener.listen(16)
    print("listening on", listener.getsockname(), flush=True)
    conn, address = listener.accept()
    with conn:
        # Linux only. The kernel forgets it, so it is set again after each
        # recv.
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
        # The lab tells the client here: "acks delayed".
        while True:
            data = conn.recv(1024)
            print(f"recv(1024) -> {data!r}")
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
            if not data:
                break
