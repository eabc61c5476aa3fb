"""Making a connection, ending one, and listening anew."""

# %% connect
sock.connect(__address__)

# %% accept
conn, address = listener.accept()

# %% with_connection
with conn:
    __body__

# %% shutdown
__sock__.shutdown(socket.SHUT_WR)

# %% close
__sock__.close()

# %% abort
import struct

# __linger__
reset = struct.pack("ii", 1, 0)
__sock__.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
__sock__.close()

# %% stop_listening
listener.close()

# %% listen_again
listener = socket.socket(socket.__family__, socket.__kind__)
__body__
listener.bind(__address__)
listener.listen(__backlog__)
print("listening again")
