"""What each struct code means here: 5 packed, and whether it is signed."""

import struct

for order in ("", "@", "=", "<", ">", "!"):
    for letter in "iIlLqQ":
        code = order + letter
        try:
            struct.pack(code, -1)
            signed = "signed"
        except struct.error:
            signed = "unsigned"
        print(code, struct.pack(code, 5).hex(), signed)
