"""Prints for which processors the programs and shared libraries in an archive are, with how many of them: a JSON object."""

import collections
import json
import struct
import sys
import zipfile

# https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
MACHINES = {0x3E: "X86_64", 0xB7: "ARM64"}


def machines(archive):
    for name in archive.namelist():
        with archive.open(name) as file:
            header = file.read(20)
        # by what it is: other files have names that end in .so, too
        if header.startswith(b"\x7fELF"):
            yield MACHINES[struct.unpack_from("<H", header, 18)[0]]


with zipfile.ZipFile(sys.argv[1]) as archive:
    print(json.dumps(collections.Counter(machines(archive))))
