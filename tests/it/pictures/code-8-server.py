"""Lab 8, run length-first: the server.

The lab says of this run: The three commands of `leftover`, with 4 bytes of
length in front of each answer; see where each answer ends now.

Start this one first, then the client in another terminal.

Other runs (lab code 8 --run NAME): leftover, falling-behind.
"""

import socket
import struct
import subprocess
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

COMMANDS = {
    "df": ["seq", "2001", "2300"],
    "history": ["seq", "3001", "3300"],
    "ls": ["seq", "1", "400"],
    "ps": ["seq", "1001", "1300"],
    "pwd": ["printf", "/home/student\\n"],
    "whoami": ["printf", "student\\n"],
}
UNKNOWN_COMMAND = b"cmd error..."


def run_command(command):
    """Only look the command up: nothing that came over the socket is run."""
    if command not in COMMANDS:
        return UNKNOWN_COMMAND
    done = subprocess.run(COMMANDS[command], capture_output=True)
    return done.stdout + done.stderr


def frame(payload):
    """Put the payload's length in front of it."""
    prefix = struct.pack("<i", len(payload))
    return prefix + payload


with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    # Lets this program start again right after it ended.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, PORT))
    listener.listen(16)
    print("listening on", listener.getsockname(), flush=True)
    conn, address = listener.accept()
    with conn:
        for _ in range(3):
            data = conn.recv(1024)
            print(f"recv(1024) -> {data!r}")
            answer = run_command(data.decode(errors="replace"))
            conn.sendall(frame(answer))
