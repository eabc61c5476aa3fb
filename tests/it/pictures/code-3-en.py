# Two programs. To have each in a file of its own:
#   lab code 3 --run leftover --server > server.py
#   lab code 3 --run leftover --client > client.py

# ---- server.py --------------------------------------------------------------
"""Lab 3, run leftover: the server.

The lab says of this run: Both words are queued, then the server calls
`recv(2)` and `recv(10)`; follow the rest of A.

Start this one first, then the client in another terminal.

Other runs (lab code 3 --run NAME): late-world, big-buffer.
"""

import socket
import sys
import time

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
        # The lab waits here until 10 bytes are queued. A plain program has no
        # such wait, so it sleeps, and hopes.
        time.sleep(0.75)
        data = conn.recv(2)
        print(f"recv(2) -> {data!r}")
        data = conn.recv(10)
        print(f"recv(10) -> {data!r}")


# ---- client.py --------------------------------------------------------------
"""Lab 3, run leftover: the client.

The lab says of this run: Both words are queued, then the server calls
`recv(2)` and `recv(10)`; follow the rest of A.

Start the server first, in another terminal.

Other runs (lab code 3 --run NAME): late-world, big-buffer.
"""

import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.connect((HOST, PORT))
    sock.sendall(b"hello")
    sock.sendall(b"world")
    # The lab waits here until all of it is acknowledged. A plain program just
    # goes on.
