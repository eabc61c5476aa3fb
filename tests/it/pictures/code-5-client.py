"""Lab 5, run torn-header: the client.

The lab says of this run: The first message goes out in four pieces, cut inside
the length, the JSON and the payload, each read before the next is sent.

Start the server first, in another terminal.

Other runs (lab code 5 --run NAME): framed, big-size, bad-hash.
"""

import hashlib
import json
import socket
import struct
import sys
import time

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888


def frame(payload, filename):
    """Put a header in front of the payload, and the header's length first."""
    header = {
        "filename": filename,
        "md5": hashlib.md5(payload).hexdigest(),
        "total_size": len(payload),
    }
    header_bytes = json.dumps(header).encode()
    prefix = struct.pack("<i", len(header_bytes))
    return prefix + header_bytes + payload


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.connect((HOST, PORT))
    data = frame(b"hello", "a.txt")
    sock.sendall(data[:2])
    # The lab waits here until the server has read it all. Nobody tells a plain
    # program, so it sleeps, and hopes.
    time.sleep(1)
    sock.sendall(data[2:20])
    time.sleep(1)  # until the server has read it, it hopes
    sock.sendall(data[20:86])
    time.sleep(1)  # until the server has read it, it hopes
    sock.sendall(data[86:])
    sock.sendall(frame(b"world", "b.txt"))
    # The lab waits here until all of it is acknowledged. A plain program just
    # goes on.
