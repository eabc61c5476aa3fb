"""Lab 5, run torn-header: the server.

The lab says of this run: The first message goes out in four pieces, cut inside
the length, the JSON and the payload, each read before the next is sent.

Start this one first, then the client in another terminal.

Other runs (lab code 5 --run NAME): framed, big-size, bad-hash.
"""

import hashlib
import json
import socket
import struct
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888


def take_message(buffer):
    """Cut the first message off the buffer; None if it is not whole yet."""
    if len(buffer) < 4:
        return None, buffer
    (header_size,) = struct.unpack("<i", buffer[:4])  # unpack returns a tuple
    if not 0 <= header_size <= 64 * 1024:
        raise ValueError(f"header_size is {header_size}: beyond the limit")
    start = 4 + header_size
    if len(buffer) < start:
        return None, buffer
    header = json.loads(buffer[4:start])
    total_size = header["total_size"]
    if not 0 <= total_size <= 8 * 1024 * 1024:
        raise ValueError(f"total_size is {total_size}: beyond the limit")
    end = start + total_size
    if len(buffer) < end:
        return None, buffer
    payload = buffer[start:end]
    md5 = hashlib.md5(payload).hexdigest()
    if md5 != header["md5"]:
        raise ValueError(f"the md5 of {payload!r} is {md5}")
    print("header:", header)
    return payload, buffer[end:]


def recv_message(conn, buffer, size):
    """Receive until a message is whole; return it and the bytes behind it."""
    message, buffer = take_message(buffer)
    while message is None:
        data = conn.recv(size)
        print(f"recv({size}) -> {data!r}")
        if not data:
            raise ConnectionError("the stream ended inside a message")
        message, buffer = take_message(buffer + data)
    return message, buffer


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    # Lets this program start again right after it ended.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, PORT))
    listener.listen(16)
    print("listening on", listener.getsockname(), flush=True)
    conn, address = listener.accept()
    with conn:
        buffer = b""
        for _ in range(2):
            message, buffer = recv_message(conn, buffer, 1024)
            print("message:", message)
