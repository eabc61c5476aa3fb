"""The functions that a program defines for itself, if its steps call them."""

# %% recv_exact
def recv_exact(__sock__, size):
    """__recv_exact__"""
    data = b""
    while len(data) < size:
        rest = size - len(data)
        chunk = __sock__.recv(rest)
        print(f"recv({rest}) -> __shown__")
        if not chunk:
            raise ConnectionError(f"{rest} bytes short when the stream ended")
        data += chunk
    return data

# %% recv_slices
def recv_slices(__sock__, size, at_most):
    """__recv_slices__"""
    data = b""
    while len(data) < size:
        rest = min(at_most, size - len(data))
        chunk = __sock__.recv(rest)
        print(f"recv({rest}) -> {len(chunk)} bytes: {chunk[:20]!r}")
        if not chunk:
            raise ConnectionError("the stream ended inside a message")
        data += chunk
    return data

# %% run_command
def run_command(command):
    """__run_command__"""
    if command not in COMMANDS:
        return UNKNOWN_COMMAND
    #if both_together
    done = subprocess.run(COMMANDS[command], capture_output=True)
    return done.stdout + done.stderr
    #else
    pipe = subprocess.PIPE
    program = subprocess.Popen(COMMANDS[command], stdout=pipe, stderr=pipe)
    #if reads_stdout_first
    # __stdout_first__
    stdout = program.stdout.read()
    stderr = program.stderr.read()
    program.wait()
    #else
    # __both_outputs__
    stdout, stderr = program.communicate()
    #end
    return stdout + stderr
    #end

# %% frame_length
import struct

def __frame__(__parameters__):
    """__frame_length__"""
    prefix = struct.pack("__layout__", __size__)
    return __parts__

# %% frame_header_dict
import hashlib
import json
import struct

def __frame__(__parameters__):
    """__frame_header_dict__"""
    header = {
        "filename": filename,  #if has_name
        "md5": hashlib.md5(payload).hexdigest(),
        "total_size": __size__,
    }
    #if has_style
    text = json.dumps(header, indent=indent, ensure_ascii=ensure_ascii)
    header_bytes = text.encode()
    #else
    header_bytes = json.dumps(header).encode()
    #end
    prefix = struct.pack("__layout__", len(header_bytes))
    return __parts__

# %% take_message_length
import struct

def __take__(buffer):
    """__take_message__"""
    if len(buffer) < __prefix__:
        return None, buffer
    (length,) = struct.unpack("__layout__", buffer[:__prefix__])  # __unpack_returns_tuple__
    if not 0 <= length <= __limit__:
        raise ValueError(f"length is {length}: beyond the limit")
    end = __prefix__ + length
    if len(buffer) < end:
        return None, buffer
    return buffer[__prefix__:end], buffer[end:]

# %% take_message_header_dict
import json
import struct

def __take__(buffer):
    """__take_message__"""
    if len(buffer) < __prefix__:
        return None, buffer
    (header_size,) = struct.unpack("__layout__", buffer[:__prefix__])  # __unpack_returns_tuple__
    if not 0 <= header_size <= __header_limit__:
        raise ValueError(f"header_size is {header_size}: beyond the limit")
    start = __prefix__ + header_size
    if len(buffer) < start:
        return None, buffer
    header = json.loads(buffer[__prefix__:start])
    #if header_only
    return header, buffer[start:]
    #else
    import hashlib

    total_size = header["total_size"]
    if not 0 <= total_size <= __limit__:
        raise ValueError(f"total_size is {total_size}: beyond the limit")
    end = start + total_size
    if len(buffer) < end:
        return None, buffer
    payload = buffer[start:end]
    md5 = hashlib.md5(payload).hexdigest()
    if md5 != header["md5"]:
        raise ValueError(f"the md5 of {payload!r} is {md5}")
    print("header:", header)
    return payload, buffer[end:]
    #end

# %% recv_message
def __receive__(__sock__, buffer, __argument__):
    #if has_sizes
    """__recv_message__

    __recv_message_sizes__
    """
    #else
    """__recv_message__"""
    #end
    message, buffer = __take__(buffer)
    while message is None:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]  #if has_sizes
        data = __sock__.recv(size)
        print(f"recv({size}) -> __shown__")
        if not data:
            raise ConnectionError("the stream ended inside a message")
        message, buffer = __take__(buffer + data)
    return message, buffer
