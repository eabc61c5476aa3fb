"""A whole program. What `# %%`, `__name__` and `#if` mean here is said in ../template.rs."""

# %% program
"""__headline__

__about__
"""

__imports__

#if local
PATH = sys.argv[1] if len(sys.argv) > 1 else "/tmp/lab.sock"
#else
HOST = sys.argv[1] if len(sys.argv) > 1 else "__loopback__"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 8888
#end
__commands__

#if has_functions

#end
__functions__
__main__
