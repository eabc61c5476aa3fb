"""The framed programs of socket tutorials, each side of them: python3 systems.py NAME SIDE [PORT].

They send as tutorials do, a call for each part, and read as tutorials should.
"""

import hashlib
import json
import socket
import struct
import sys

COMMANDS = ["dir", "目录", "x" * 500, ""]


def answer_to(command):
    """An answer in GBK; a long one to a long command, none to a short one."""
    return (f"{command} 的结果\n" * len(command)).encode("gbk")


def recv_exact(sock, size, at_once=65536):
    data = b""
    while len(data) < size:
        chunk = sock.recv(min(at_once, size - len(data)))
        if not chunk:
            raise ConnectionError(f"{size - len(data)} bytes short")
        data += chunk
    return data


def check(command, answer):
    if answer != answer_to(command):
        raise ValueError(f"{command}: {answer[:100]!r}")


# A length in front of the answer; the command is sent bare.


def command_i_server(sock):
    while command := sock.recv(1024):
        answer = answer_to(command.decode("gbk"))
        sock.send(struct.pack("i", len(answer)))
        sock.sendall(answer)


def command_i_client(sock):
    # An empty command would be nothing, and both sides would wait.
    for command in filter(None, COMMANDS):
        sock.send(command.encode("gbk"))
        (size,) = struct.unpack("i", recv_exact(sock, 4))
        check(command, recv_exact(sock, size))


# A length both ways, 8 bytes long, read in slices of 1024.


def command_q_server(sock):
    while sock.recv(1, socket.MSG_PEEK):
        (size,) = struct.unpack("q", recv_exact(sock, 8))
        answer = answer_to(recv_exact(sock, size, 1024).decode("gbk"))
        sock.send(struct.pack("q", len(answer)))
        sock.sendall(answer)


def command_q_client(sock):
    for command in COMMANDS:
        data = command.encode("gbk")
        sock.send(struct.pack("q", len(data)))
        sock.send(data)
        (size,) = struct.unpack("q", recv_exact(sock, 8))
        check(command, recv_exact(sock, size, 1024))


# A header dict in front of the answer, under the keys and in the ways that are about.


def command_dict_server(sock):
    ways = [("hash", {}), ("md5", {"indent": 2}), ("md5", {"ensure_ascii": False})]
    while command := sock.recv(1024):
        answer = answer_to(command.decode("utf-8"))
        key, way = ways.pop(0)
        header = {
            "filename": "结果.txt",
            key: hashlib.md5(answer).hexdigest(),
            "total_size": len(answer),
        }
        text = json.dumps(header, **way).encode("utf-8")
        sock.send(struct.pack("i", len(text)))
        sock.send(text)
        sock.sendall(answer)


def command_dict_client(sock):
    for command in filter(None, COMMANDS):
        sock.send(command.encode("utf-8"))
        (size,) = struct.unpack("i", recv_exact(sock, 4))
        header = json.loads(recv_exact(sock, size))
        answer = recv_exact(sock, header["total_size"])
        check(command, answer)
        if list(header) != ["filename", "md5", "total_size"]:
            raise ValueError(f"{header}")
        if header["md5"] != hashlib.md5(answer).hexdigest():
            raise ValueError("not its md5")


# A header dict alone, with a size in it that four bytes cannot hold.

FILE_HEADER = {
    "file_size": 1073741824000,
    "file_name": "/a/b/c/d/e/a.txt",
    "md5": "x" * 32,
}


def file_header_server(sock):
    text = json.dumps(FILE_HEADER)
    assert len(text) == 104
    sock.send(struct.pack("i", len(text)))
    sock.send(text.encode("utf-8"))


def file_header_client(sock):
    (size,) = struct.unpack("i", recv_exact(sock, 4))
    header = json.loads(recv_exact(sock, size))
    if header["total_size"] != FILE_HEADER["file_size"]:
        raise ValueError(f"{header}")


# A file: its name and size, then its content, read 2048 bytes at a time.

FILE = bytes(range(256)) * 40 + b"end"


def download_server(sock):
    for content in (FILE, b""):
        header = {"file_name": "文件.txt", "file_size": len(content)}
        text = json.dumps(header).encode("utf-8")
        sock.send(struct.pack("q", len(text)))
        sock.send(text)
        for start in range(0, len(content), 2048):
            sock.send(content[start : start + 2048])


def download_client(sock):
    for content in (FILE, b""):
        (size,) = struct.unpack("q", recv_exact(sock, 8))
        header = json.loads(recv_exact(sock, size))
        if recv_exact(sock, header["total_size"], 2048) != content:
            raise ValueError("not the file")


def main(name, side, port=0):
    play = globals()[f"{name}_{side}"]
    if side == "client":
        with socket.create_connection(("127.0.0.1", port)) as sock:
            play(sock)
        return
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on", listener.getsockname(), flush=True)
        sock, _ = listener.accept()
        with sock:
            play(sock)


main(*sys.argv[1:3], *map(int, sys.argv[3:]))
