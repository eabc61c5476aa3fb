"""Lab 21, run seqpacket: the server.

The lab says of this run: Still `AF_UNIX` and still a connection, but of type
`SOCK_SEQPACKET`; see what each `recv` returns.

Start this one first, then the client in another terminal.

Other runs (lab code 21 --run NAME): tcp, tcp6, stream, datagram,
datagram-flood, path-in-the-way.
"""

import os
import socket
import sys
import time

PATH = sys.argv[1] if len(sys.argv) > 1 else "/tmp/lab.sock"

# What an earlier run left here would be in the way of bind.
if os.path.exists(PATH):
    os.remove(PATH)

with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
    listener.bind(PATH)
    listener.listen(16)
    print("listening on", listener.getsockname(), flush=True)
    conn, address = listener.accept()
    with conn:
        # The lab waits here until the client says "both sent". Plain programs
        # have no such word between them, so this one sleeps, and hopes.
        time.sleep(0.25)
        data = conn.recv(2)
        print(f"recv(2) -> {data!r}")
        data = conn.recv(10)
        print(f"recv(10) -> {data!r}")
        data = conn.recv(10)
        print(f"recv(10) -> {data!r}")
