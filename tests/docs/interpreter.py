"""One Python for all blocks of a page: each goes on where the one above it ended."""

import contextlib
import io
import json
import pathlib
import subprocess
import sys
import threading
import traceback
import types


class Interpreter:
    """A process of its own, which a page may crash or fill without harm to the tests."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen([sys.executable, pathlib.Path(__file__)], cwd=folder,
                                        env=environment, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def run(self, text):
        """What `text` prints; fails if it raises."""
        watchdog = threading.Timer(300, self.process.kill)
        watchdog.start()
        try:
            print(json.dumps(text), file=self.process.stdin, flush=True)
            reply = self.process.stdout.readline()
        finally:
            watchdog.cancel()
        assert reply, f"Python ended or hung in\n{text}"
        printed, error = json.loads(reply)
        assert not error, f"{printed}{error}"
        return printed

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)


def serve(requests, replies):
    """Runs each text that comes, and answers with what it printed and its traceback."""
    page = sys.modules["__main__"] = types.ModuleType("__main__")
    for request in requests:
        error = ""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            try:
                exec(compile(json.loads(request), "<block>", "exec"), vars(page))
            except BaseException:
                error = traceback.format_exc()
        print(json.dumps([printed.getvalue(), error]), file=replies, flush=True)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
