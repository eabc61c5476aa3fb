"""What is done with a message that has been taken: numbers, text, the answer to it."""

# %% unpack
import struct

(size,) = struct.unpack("__layout__", __message__)
print("__who__size:", size)

# %% parse_size
size = int(__digits__)
print("__who__size:", size)

# %% parse_json
import json

header = json.loads(__message__)
size = header[__key__]
print("__who__size:", size)

# %% decode
text = __message__.decode("__codec__")
print("__who__text:", text)

# %% pack
import struct

try:
    print("__who__pack ->", struct.pack("__layout__", __value__))
except struct.error as error:
    print("__who__pack failed:", error)

# %% answer
answer = run_command(text)  #if has_text
answer = run_command(__message__.decode(errors="replace"))  #if not has_text
