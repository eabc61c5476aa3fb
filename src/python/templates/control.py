"""What stands around other steps."""

# %% try
try:
    __body__
except __errors__ as error:
    print(f"__who__failed: {error!r}")
    text = ""  #if is_looked_up

# %% repeat
for __round__ in range(__range__):
    __body__
