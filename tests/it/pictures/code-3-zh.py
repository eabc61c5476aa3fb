# 这里是两个程序。要各存成一个文件：
#   lab code 3 --run leftover --server > server.py
#   lab code 3 --run leftover --client > client.py

# ---- server.py --------------------------------------------------------------
"""实验 3，运行 leftover：服务端。

实验这样介绍这次运行：两个词都进了接收队列，服务端再调用 `recv(2)` 和
`recv(10)`，看看 A 剩下的部分到哪儿去了。

先启动这个程序，再在另一个终端里启动客户端。

其他运行（lab code 3 --run NAME）：late-world、big-buffer。
"""

import socket
import sys
import time

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    # 程序结束以后可以马上再启动。
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, PORT))
    listener.listen(16)
    print("listening on", listener.getsockname(), flush=True)
    conn, address = listener.accept()
    with conn:
        # 实验在这里等到接收队列里有 10 个字节。普通程序没有这样的等法，只好睡
        # 一会儿，碰碰运气。
        time.sleep(0.75)
        data = conn.recv(2)
        print(f"recv(2) -> {data!r}")
        data = conn.recv(10)
        print(f"recv(10) -> {data!r}")


# ---- client.py --------------------------------------------------------------
"""实验 3，运行 leftover：客户端。

实验这样介绍这次运行：两个词都进了接收队列，服务端再调用 `recv(2)` 和
`recv(10)`，看看 A 剩下的部分到哪儿去了。

先在另一个终端里启动服务端。

其他运行（lab code 3 --run NAME）：late-world、big-buffer。
"""

import socket
import sys

HOST = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.connect((HOST, PORT))
    sock.sendall(b"hello")
    sock.sendall(b"world")
    # 实验在这里等到全部得到确认。普通程序不等，接着往下走。
