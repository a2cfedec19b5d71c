"""A mail server that does what a test tells it to: takes, refuses, hangs up in the middle."""

import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

# What to answer to the message itself; "hang up" closes the connection without a word.
HANG_UP = "hang up"


@dataclass
class Post:
    """What came in, and how to answer: ``{command: answer}``, by default everything is taken."""

    answers: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    connections: int = 0
    before_answer: Callable[[], None] = lambda: None

    def answer(self, command: str, otherwise: str) -> str:
        return self.answers.get(command, otherwise)


class HangUpError(Exception):
    """Break off without a word."""


class Session(socketserver.StreamRequestHandler):
    """One client, one command after the other (RFC 5321, as much as a client needs)."""

    def say(self, words: str) -> None:
        if words == HANG_UP:
            raise HangUpError
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        self.post: Post = self.server.post
        self.post.connections += 1
        try:
            self.say(self.post.answer("CONNECT", "220 post.example.org"))
            while line := self.rfile.readline():
                if self.command(line.decode().strip()):
                    return
        except (HangUpError, ConnectionError):
            return

    def command(self, line: str) -> bool:
        word = line.split(" ", maxsplit=1)[0].split(":", maxsplit=1)[0].upper()
        if word == "DATA":
            self.message()
        elif word == "QUIT":
            self.say("221 bye")
            return True
        else:
            self.say(self.post.answer(word, "250 ok"))
        return False

    def message(self) -> None:
        self.say(answer := self.post.answer("DATA", "354 go on"))
        if not answer.startswith("354"):
            return
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        self.post.before_answer()
        answer = self.post.answer("MESSAGE", "250 taken")
        if answer.startswith("250"):
            self.post.taken.append("".join(lines))
        self.say(answer)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    post: Post


@contextmanager
def mail_server(**answers: str) -> Iterator[tuple[Post, int]]:
    """A running server and its port."""
    with Server(("127.0.0.1", 0), Session) as server:
        server.post = Post(answers=answers)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.post, server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
