"""Runs a command and prints, in milliseconds, the CPU time of its process and of all below it, and the time of the clock.

python measure.py <command> <argument>...
"""

import json
import resource
import subprocess
import sys
import time

started = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=sys.stderr)
clock = time.monotonic() - started

# a process counts once it has been waited for: Python waits for the jsii kernel, and that for the Node.js process in which it runs
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"cpu": (used.ru_utime + used.ru_stime) * 1000, "clock": clock * 1000}))
