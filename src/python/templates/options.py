"""Socket options."""

# %% option
__socket__.setsockopt(socket.__level__, socket.__option__, __value__)

# %% timeout
__socket__.settimeout(__seconds__)  # __timeout_in_seconds__

# %% cork
__socket__.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, __value__)  # __linux_only__

# %% quickack
# __quickack_is_forgotten__
__socket__.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, __value__)
