"""The client, or a function for each of several and the threads that they run in."""

# %% client
import socket

#if has_own_path
import os

OWN_PATH = PATH + ".client"
# __path_in_the_way__
if os.path.exists(OWN_PATH):
    os.remove(OWN_PATH)

#end
with socket.socket(socket.__family__, socket.__kind__) as sock:
    sock.bind(OWN_PATH)  #if has_own_path
    __body__

# %% several_clients
import threading

#if signals
# __signals_of_clients__
signals = {
    __signals__
}


#end
__body__
threads = [
    __threads__
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

# %% one_of_several
def __client__():
    __body__
