"""The server: its first socket, and the commands that it may run."""

# %% server
import socket

#if local
import os

# __path_in_the_way__
if os.path.exists(PATH):
    os.remove(PATH)

#end
with socket.socket(socket.__family__, socket.__kind__) as __listener__:
    __body__

# %% start_listening
#if can_start_again
# __start_again__
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
#end
__listener__.bind(__address__)
listener.listen(__backlog__)  #if has_connections
print("listening on", __listener__.getsockname(), flush=True)

# %% commands
import subprocess

COMMANDS = {
    __body__
}
