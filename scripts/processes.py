"""Start several processes, watch them, and stop all of them together, whatever happens.

Each runs in a session of its own, so that Ctrl-C reaches the watcher alone, which then stops them
in order. A watcher that is killed outright takes them along: the kernel sends them SIGTERM.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 15
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def stop_with_parent() -> None:
    """Have the kernel send SIGTERM to the calling process when its parent ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class StopRequest(BaseException):
    """Somebody asked to stop; no error, and not to be caught as one."""


@dataclass(frozen=True)
class Child:
    """A process under watch; what it prints goes into ``log``."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    def last_lines(self, count: int = 15) -> str:
        """Return the end of the log."""
        return "\n".join(
            self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
        )


class Group:
    """Processes that live and die together."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.children: list[Child] = []

    def start(self, name: str, command: list[str]) -> None:
        """Start ``command``; ``name`` is what messages and its log file call it."""
        path = self.logs / f"{name}.log"
        with path.open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=stop_with_parent,  # noqa: PLW1509 - the watcher has a single thread
            )
        self.children.append(Child(name, path, process))

    def ended(self) -> Child | None:
        """Return a process that has ended by itself, if there is one."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def stop(self) -> None:
        """Ask all to finish; kill whatever is left of their sessions after ``STOP_SECONDS``."""
        for child in self.children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                print(f"{child.name} does not finish; killing it", file=sys.stderr)
            kill_session(child.process)


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process group that ``process`` leads."""
    with contextlib.suppress(ProcessLookupError):  # nothing is left: the usual end
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def raise_on_signals() -> None:
    """Turn SIGINT, SIGTERM and SIGHUP into `StopRequest`.

    SIGINT also where the caller had it ignored, as shells do for jobs in the background; SIGHUP
    not, as that is what nohup is for.
    """
    stopping = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        stopping.append(signal.SIGHUP)

    def stop(number: int, _frame: object) -> None:
        for name in stopping:
            signal.signal(name, signal.SIG_IGN)  # stopping is under way; once is enough
        raise StopRequest(signal.Signals(number).name)

    for name in stopping:
        signal.signal(name, stop)


def caller_watch() -> Callable[[], bool]:
    """Return a question: has the ``make`` that called us been told to stop?

    Interrupted by a signal to itself alone, make waits for its recipe without telling it, and
    killed, it just goes. Only make is watched: a shell may well leave us running.
    """
    parent = os.getppid()
    if _status(parent).get("Name") != "make":
        return lambda: False
    caught_at_start = _catches_sigint(parent)
    return lambda: os.getppid() != parent or _catches_sigint(parent) != caught_at_start


def _catches_sigint(pid: int) -> bool:
    mask = int(_status(pid).get("SigCgt", "0"), 16)
    return bool(mask >> (signal.SIGINT - 1) & 1)


def _status(pid: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
