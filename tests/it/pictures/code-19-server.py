"""Lab 19, run reuse-too-late: the server.

The lab says of this run: As in `server-closes-first`, but the new socket sets
`SO_REUSEADDR`; see whether that is enough.

Start this one first, then the client in another terminal.

Other runs (lab code 19 --run NAME): before-accept, four-way-close,
client-gone, reset, server-closes-first, client-closes-first,
reuse-from-the-start, still-listening.
"""

import select
import socket
import sys
import time

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    listener.bind((HOST, PORT))
    listener.listen(16)
    print("listening on", listener.getsockname(), flush=True)
    # The lab waits here until the client says "connected". Plain programs have
    # no such word between them, so this one sleeps, and hopes.
    # select waits for the first connection, and accepts none.
    select.select([listener], [], [])
    time.sleep(0.25)
    conn, address = listener.accept()
    with conn:
        conn.sendall(b"bye")
    # The lab looks here until the ends are in these states (the client: CLOSE,
    # the server: TIME_WAIT), as ss -tan shows them. A plain program sleeps,
    # and hopes.
    time.sleep(0.5)
    listener.close()
    try:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, PORT))
        listener.listen(16)
        print("listening again")
    except OSError as error:
        print(f"failed: {error!r}")
