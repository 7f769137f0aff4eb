"""Runs a program, and leaves no process of it behind: supervisor.py <folder> <program> <argument> ...

A line `stop <milliseconds>` on stdin ends it, by SIGTERM and after that time by SIGKILL. When stdin ends, who started it was killed: then
the program is killed, and its folder is removed. The exit code is the one of the program, or 128 and the signal that ended it.
"""
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

folder, *command = sys.argv[1:]
# a session has all processes of the program, also the daemon of PySpark, which is a process group of its own
program = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
deadline = time.monotonic()
abandoned = threading.Event()


def members():
    """The processes of the session that still run."""
    if os.path.isdir('/proc/self'):
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as stat:
                    state, _parent, _group, session = stat.read().rpartition(')')[2].split()[:4]
            except OSError:
                continue
            if int(session) == program.pid and state not in 'ZX':
                yield int(pid)
    else:
        for line in subprocess.run(['ps', '-A', '-o', 'pid=,stat='], capture_output=True, text=True, check=True).stdout.splitlines():
            pid, state = line.split()
            try:
                if os.getsid(int(pid)) == program.pid and not state.startswith('Z'):
                    yield int(pid)
            except OSError:
                continue


def kill():
    for pid in list(members()):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def terminate():
    try:
        os.killpg(program.pid, signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        pass


def listen():
    global deadline
    for line in sys.stdin:
        grace = int(line.split()[1]) / 1000
        deadline = time.monotonic() + grace
        terminate()
        timer = threading.Timer(grace, kill)
        timer.daemon = True
        timer.start()
    abandoned.set()
    kill()


threading.Thread(target=listen, daemon=True).start()
exit_code = program.wait()
while any(members()):
    if abandoned.is_set() or time.monotonic() >= deadline:
        kill()
    time.sleep(0.02)
if abandoned.is_set():
    shutil.rmtree(folder, ignore_errors=True)
# the thread may hold the lock of stdin
os._exit(exit_code if exit_code >= 0 else 128 - exit_code)
