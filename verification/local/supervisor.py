"""Runs a program, and leaves no process of it behind: supervisor.py <folder> <program> <argument> ...

A line `stop <milliseconds>` on stdin ends it, by SIGTERM and after that time by SIGKILL; what is no time is none. When stdin ends, who started
it was killed: then the program is killed, and its folder is removed. The exit code is the one of the program, or 128 and the signal that ended it.

On Linux the supervisor adopts what the program leaves behind, so that all its descendants end. Elsewhere a process that makes a session of its
own escapes.
"""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

PR_SET_CHILD_SUBREAPER = 36
IS_LINUX = sys.platform == 'linux'
if IS_LINUX:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

folder, *command = sys.argv[1:]
# a session has all processes of the program, also the daemon of PySpark, which is a process group of its own
program = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
deadline = time.monotonic()
abandoned = threading.Event()


def members():
    """The processes of the program that still run."""
    return descendants() if IS_LINUX else session()


def descendants():
    children, ended = {}, set()
    for pid in map(int, filter(str.isdigit, os.listdir('/proc'))):
        try:
            with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as stat:
                state, parent = stat.read().rpartition(')')[2].split()[:2]
        except OSError:
            continue
        children.setdefault(int(parent), []).append(pid)
        if state in 'ZX':
            ended.add(pid)
    found = list(children.get(os.getpid(), []))
    for pid in found:
        found.extend(children.get(pid, []))
    return [pid for pid in found if pid not in ended]


def session():
    found = []
    for line in subprocess.run(['ps', '-A', '-o', 'pid=,stat='], capture_output=True, text=True, check=True).stdout.splitlines():
        pid, state = line.split()
        try:
            if os.getsid(int(pid)) == program.pid and not state.startswith('Z'):
                found.append(int(pid))
        except OSError:
            continue
    return found


def kill():
    for pid in members():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


def terminate():
    try:
        os.killpg(program.pid, signal.SIGTERM)
    except OSError:
        pass


def seconds(milliseconds):
    try:
        grace = float(milliseconds) / 1000
    except ValueError:
        return 0
    # NaN is not greater either
    return min(grace, threading.TIMEOUT_MAX) if grace > 0 else 0


def listen():
    global deadline
    try:
        for line in sys.stdin.buffer:
            request, _, milliseconds = line.partition(b' ')
            if request.strip() != b'stop':
                continue
            grace = seconds(milliseconds)
            deadline = time.monotonic() + grace
            terminate()
            timer = threading.Timer(grace, kill)
            timer.daemon = True
            timer.start()
    finally:
        abandoned.set()
        kill()


def wait():
    """Also for what was adopted, which would stay as a zombie."""
    while True:
        pid, status = os.wait()
        if pid == program.pid:
            return os.waitstatus_to_exitcode(status)


threading.Thread(target=listen, daemon=True).start()
exit_code = wait()
while members():
    if abandoned.is_set() or time.monotonic() >= deadline:
        kill()
    time.sleep(0.02)
if abandoned.is_set():
    shutil.rmtree(folder, ignore_errors=True)
# the thread may hold the lock of stdin
os._exit(exit_code if exit_code >= 0 else 128 - exit_code)
