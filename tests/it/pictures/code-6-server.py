"""Lab 6, run flood: the server.

The lab says of this run: 200 datagrams go to a receive buffer set to 4,096
bytes before anyone reads; compare sent, received and dropped.

Start this one first, then the client in another terminal.

Other runs (lab code 6 --run NAME): datagrams, short-buffer, same-over-tcp,
empty, empty-over-tcp.
"""

import select
import socket
import sys
import time

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.bind((HOST, PORT))
    print("listening on", sock.getsockname(), flush=True)
    # The lab waits here until the client says "all sent". Plain programs have
    # no such word between them, so this one sleeps, and hopes.
    # select waits for the first datagram, and takes none.
    select.select([sock], [], [])
    time.sleep(0.25)
    # The lab reads until each datagram has come or was counted as dropped. A
    # plain program is not told of the dropped ones: it gives up when nothing
    # has come for a second.
    sock.settimeout(1)
    try:
        while True:
            data, address = sock.recvfrom(1024)
            print(f"recvfrom(1024) -> {data!r}")
    except TimeoutError:
        pass
    sock.settimeout(None)
