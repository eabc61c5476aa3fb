"""Writing: bytes, messages in frames, a file."""

# %% send
__sock__.__send__(__data__)

# %% sendto
sock.sendto(__data__, __peer__)

# %% named_frame
#if alters
data = bytearray(__frame__)
# __alters_bit__
data[__index__ - len(payload)] ^= 1
#else
data = __frame__
#end

# %% send_some
# __non_blocking__
__sock__.setblocking(False)
try:
    sent = __sock__.send(__data__)
except BlockingIOError:
    sent = 0  # __no_room__
print("__who__send ->", sent)
__sock__.setblocking(True)

# %% send_loop
import select

# __non_blocking__
__sock__.setblocking(False)
while data:
    select.select([], [__sock__], [])  # __wait_for_room__
    sent = __sock__.send(data)
    print("__who__send ->", sent)
    data = data[sent:]
__sock__.setblocking(True)

# %% send_parts
for part in __frame__:
    __sock__.sendall(part)

# %% send_file
import hashlib
import json
import struct

content = __content__
header = {
    "filename": __filename__,
    "md5": hashlib.md5(content).hexdigest(),
    "total_size": __size__,
}
header_bytes = json.dumps(header).encode()
prefix = struct.pack("__layout__", len(header_bytes))
#if alters
# __alters_bit__
content = bytearray(content)
content[__index__] ^= 1
#end
#if stops
# __breaks_down__
content = content[:__stop__]
#end
__sock__.sendall(prefix + header_bytes)
for start in range(0, len(content), __chunk__):
    end = start + __chunk__
    __sock__.sendall(content[start:end])
