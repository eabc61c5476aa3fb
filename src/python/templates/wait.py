"""Where the lab waits, a plain program sleeps and hopes. Threads of one program can wait."""

# %% pause
import time

time.sleep(__seconds__)  # __remark__

# %% first_arrival
import select

# __explained__
#if datagrams
# __first_datagram__
#else
# __first_connection__
#end
select.select([__listener__], [], [])

# %% signal
signals[__signal__].set()

# %% wait_for_signal
signals[__signal__].wait(10)
