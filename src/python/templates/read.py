"""Reading: once, to the end, exactly so much, with a famous mistake, messages, a file."""

# %% recv
data = __sock__.recv(__size__)
print(f"__who__recv(__size__) -> __shown__")
__socket__.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, __quickack__)  #if sets_quickack

# %% recv_until_end
while True:
    __body__
    if not data:
        break

# %% recv_text
#if incremental
import codecs

decoder = codecs.getincrementaldecoder("__codec__")()
#end
while True:
    __body__
    if not data:
        break
    print("__who__text:", data.decode("__codec__"))  #if strict
    print("__who__text:", data.decode("__codec__", errors="ignore"))  #if ignore
    print("__who__text:", decoder.decode(data))  #if incremental

# %% recv_exactly
data = recv_exact(__sock__, __size__)

# %% recv_in_slices
data = recv_slices(__sock__, __wanted__, __size__)

# %% recv_once
# __no_loop__
rest = min(__size__, __wanted__)  #if has_rest
data = __sock__.recv(__asked__)
print(f"__who__recv(__said__) -> __shown__")

# %% recv_wrongly
data = b""
count = 0
empty = 0  #if goes_on
while count < __wanted__:
    #if asks_for_size
    chunk = __sock__.recv(__size__)  # __asks_too_much__
    print(f"__who__recv(__size__) -> {len(chunk)} bytes: {chunk[:20]!r}")
    #else
    rest = min(__size__, __wanted__ - count)
    chunk = __sock__.recv(rest)
    print(f"__who__recv({rest}) -> {len(chunk)} bytes: {chunk[:20]!r}")
    #end
    if not chunk:
        #if goes_on
        # __spins__
        empty += 1
        if empty == __most__:
            break
        #else
        raise ConnectionError("the stream ended inside a message")
        #end
    data += chunk
    #if counts_all
    count += len(data)  # __counts_twice__
    #else
    count += len(chunk)
    #end
print(f"__who__wanted __said__, counted {count}, has {len(data)}")

# %% recv_messages
sizes = [__sizes__]  # __last_size__  #if has_sizes
#if once
message, buffer = __receive__(__sock__, buffer, __argument__)
print("__who__message:", message)
#else
for _ in range(__count__):
    message, buffer = __receive__(__sock__, buffer, __argument__)
    print("__who__message:", message)
#end

# %% recvfrom
data, address = sock.recvfrom(__size__)
print(f"__who__recvfrom(__size__) -> __shown__")

# %% recvfrom_rest
# __rest_of_datagrams__
__sock__.settimeout(1)
try:
    while True:
        __body__
except TimeoutError:
    pass
__sock__.settimeout(None)

# %% echo
while True:
    __body__
    if not data:
        break
    sock.sendto(__answer__, __peer__)  #if is_datagram
    __sock__.sendall(__answer__)  #if not is_datagram

# %% recv_file
import hashlib
import json
import os
import struct

prefix = recv_exact(__sock__, __prefix__)
(header_size,) = struct.unpack("__layout__", prefix)
if not 0 <= header_size <= __header_limit__:
    raise ValueError(f"a header of {header_size} bytes is too much")
header = json.loads(recv_exact(__sock__, header_size))
print("header:", header)
name = header["filename"]
# __plain_name__
if name in ("", ".", "..") or set(name) & set("/\\:\0"):
    raise ValueError(f"not a plain file name: {name!r}")
rest = header["total_size"]
if not 0 <= rest <= __limit__:
    raise ValueError(f"a file of {rest} bytes is too much")
#if in_place
md5 = hashlib.md5()
__body__
#else
# __beside__
part = name + ".part"
md5 = hashlib.md5()
try:
    __body__
    os.replace(part, name)
except (OSError, ValueError):
    os.remove(part)
    raise
#end
print(name, "is complete, md5", md5.hexdigest())

# %% write_file
with open(__part__, "wb") as file:
    while rest > 0:
        chunk = __sock__.recv(min(__slice__, rest))
        if not chunk:
            raise ConnectionError(f"{rest} bytes short")
        file.write(chunk)
        md5.update(chunk)
        rest -= len(chunk)
if md5.hexdigest() != header["md5"]:
    raise ValueError(f"the md5 is {md5.hexdigest()}")
