"""A peer that echoes framed messages, with nothing but Python's own struct and json.

The one argument is a JSON object:
  role     "listen", or "connect" (again and again, until somebody listens)
  port     where to connect to
  code     the struct code of the length, such as "<i"
  keys     the keys of the header dict for name, hash and size; without it there is no header
  json     keyword arguments for json.dumps
  slow     send one byte at a time
"""

import hashlib
import json
import socket
import struct
import sys

what = json.loads(sys.argv[1])
code = what["code"]
keys = what.get("keys")


def recv_exact(sock, size):
    data = bytearray()
    while len(data) < size:
        chunk = sock.recv(size - len(data))
        if not chunk:
            raise ConnectionError(f"{size - len(data)} bytes short")
        data += chunk
    return bytes(data)


def recv_message(sock):
    """The name and the payload of the next message; None at the end of the stream."""
    if not sock.recv(1, socket.MSG_PEEK):
        return None
    (size,) = struct.unpack(code, recv_exact(sock, struct.calcsize(code)))
    if not keys:
        return None, recv_exact(sock, size)
    header = json.loads(recv_exact(sock, size).decode("utf-8"))
    payload = recv_exact(sock, header["total_size"])
    if hashlib.md5(payload).hexdigest() != header["md5"]:
        raise ValueError("not the md5 that was announced")
    return header.get("filename"), payload


def send_message(sock, name, payload):
    if not keys:
        data = struct.pack(code, len(payload)) + payload
    else:
        name_key, hash_key, size_key = keys
        header = {name_key: name, hash_key: None, size_key: len(payload)}
        header[hash_key] = hashlib.md5(payload).hexdigest()
        text = json.dumps(header, **what.get("json", {})).encode("utf-8")
        data = struct.pack(code, len(text)) + text + payload
    if what.get("slow"):
        for i in range(len(data)):
            sock.sendall(data[i : i + 1])
    else:
        sock.sendall(data)


def connection():
    if what["role"] == "listen":
        with socket.create_server(("127.0.0.1", 0)) as listener:
            print("listening on", listener.getsockname(), flush=True)
            return listener.accept()[0]
    while True:
        try:
            return socket.create_connection(("127.0.0.1", what["port"]))
        except ConnectionRefusedError:
            continue


with connection() as sock:
    # Small answers shall not wait for ACKs of smaller ones.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while message := recv_message(sock):
        name, payload = message
        send_message(sock, name, payload)
        print(len(payload), "bytes")
