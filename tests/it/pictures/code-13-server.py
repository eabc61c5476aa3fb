"""Lab 13, run counted-twice: the server.

The lab says of this run: A message of 5,000 bytes, and each read adds all
bytes so far to the count; see when the loop believes it is done.

Start this one first, then the client in another terminal.

Other runs (lab code 13 --run NAME): length-once, length-loop, header-once,
header-loop, over-read, exact-read, counted-once, spinning, stops-at-end,
stdout-first, both-at-once.
"""

import socket
import struct
import sys
import time

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888


def recv_exact(conn, size):
    """Receive exactly size bytes, in however many recvs they come."""
    data = b""
    while len(data) < size:
        rest = size - len(data)
        chunk = conn.recv(rest)
        print(f"recv({rest}) -> {chunk!r}")
        if not chunk:
            raise ConnectionError(f"{rest} bytes short when the stream ended")
        data += chunk
    return data


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    # Lets this program start again right after it ended.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, PORT))
    listener.listen(16)
    print("listening on", listener.getsockname(), flush=True)
    conn, address = listener.accept()
    with conn:
        # The lab waits here until 5004 bytes are queued. A plain program has
        # no such wait, so it sleeps, and hopes.
        time.sleep(0.75)
        data = recv_exact(conn, 4)
        (size,) = struct.unpack("<i", data)
        print("size:", size)
        data = b""
        count = 0
        while count < size:
            rest = min(1024, size - count)
            chunk = conn.recv(rest)
            print(f"recv({rest}) -> {len(chunk)} bytes: {chunk[:20]!r}")
            if not chunk:
                raise ConnectionError("the stream ended inside a message")
            data += chunk
            count += len(data)  # counts what came before once more
        print(f"wanted {size}, counted {count}, has {len(data)}")
        data = recv_exact(conn, 4)
        (size,) = struct.unpack("<i", data)
        print("size:", size)
        while True:
            data = conn.recv(1024)
            print(f"recv(1024) -> {data!r}")
            if not data:
                break
