"""Compile each program that is named, without running it."""

import sys

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        compile(file.read(), path, "exec")
print(len(sys.argv) - 1, "compile")
