#!/usr/bin/env python3
"""An HTTP server that misbehaves, for the checks beside it.

usage: server.py FOLDER STATE
Serves FOLDER, with ranges. Writes its port to STATE/port and a line a request to STATE/log:
path, range asked for, mode. STATE/modes holds lines `path mode mode…`: the n-th request of a path
gets the n-th mode, later ones the last; what is not named is served well.
"""
import http.server
import os
import ssl
import sys
import threading
import time

folder, state = sys.argv[1], sys.argv[2]
lock = threading.Lock()
asked = {}


def mode_of(path):
    with lock:
        n = asked.get(path, 0)
        asked[path] = n + 1
    try:
        with open(os.path.join(state, "modes"), encoding="utf-8") as modes:
            for line in modes:
                words = line.split()
                if words and words[0] == path:
                    return words[1:][min(n, len(words) - 2)]
    except FileNotFoundError:
        pass
    return "well"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def fail(self, status, headers=()):
        body = b"<html>no</html>"
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send(self, status, body, length, headers=(), piece=1 << 16, pause=0.0, cut=False):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        if cut or length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        for at in range(0, len(body), piece):
            self.wfile.write(body[at:at + piece])
            if pause:
                self.wfile.flush()
                time.sleep(pause)

    def do_GET(self):
        try:
            self.answer()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self):
        path = self.path
        mode, _, argument = mode_of(path).partition(":")
        asked_range = self.headers.get("Range", "-")
        with lock, open(os.path.join(state, "log"), "a", encoding="utf-8") as log:
            log.write(f"{path} {asked_range} {mode}\n")
        if mode.isdigit():
            headers = [("Retry-After", argument)] if argument else []
            return self.fail(int(mode), headers)
        name = os.path.normpath(os.path.join(folder, path.lstrip("/")))
        if not name.startswith(os.path.realpath(folder)) or not os.path.isfile(name):
            return self.fail(404)
        with open(name, "rb") as file:
            body = file.read()
        start, status, headers = 0, 200, []
        if asked_range.startswith("bytes=") and mode != "no_range":
            start = int(asked_range[6:].split("-")[0])
            if start >= len(body):
                return self.fail(416)
            if mode == "wrong_range":
                start = start // 2
            status = 206
            headers = [("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")]
        rest = body[start:]
        if mode in ("well", "no_range", "wrong_range"):
            self.send(status, rest, len(rest), headers)
        elif mode == "cut":
            self.send(status, rest[:int(argument)], len(rest), headers, cut=True)
        elif mode == "drop":
            self.close_connection = True
        elif mode == "short":
            self.send(200, body[:-7], len(body) - 7)
        elif mode == "long":
            self.send(200, body + b"more", len(body) + 4)
        elif mode == "endless":
            self.send(200, body + b"x" * 100000, None)
        elif mode == "corrupt":
            at = len(rest) // 2
            self.send(status, rest[:at] + bytes([rest[at] ^ 1]) + rest[at + 1:], len(rest), headers)
        elif mode == "page":
            self.send(200, b"<html>please log in</html>", 26)
        elif mode == "pointer":
            with open(os.path.join(folder, path.replace("/media/", "/", 1).lstrip("/")), "rb") as file:
                pointer = file.read()
            self.send(200, pointer, len(pointer))
        elif mode == "redirect":
            self.fail(302, [("Location", argument)])
        elif mode == "drip":
            self.send(status, rest, len(rest), headers, piece=1, pause=0.2)
        elif mode == "slow":
            self.send(status, rest, len(rest), headers, piece=int(argument), pause=0.005)
        elif mode == "hang":
            self.send(status, rest[:len(rest) // 2], len(rest), headers)
            time.sleep(30)
        else:
            sys.exit(f"no mode {mode}")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # clients are killed here

    request_queue_size = 64


folder = os.path.realpath(folder)
server = Server(("127.0.0.1", 0), Handler)
if os.environ.get("ESCUDO_TEST_CERTIFICATE"):
    certificate = os.environ["ESCUDO_TEST_CERTIFICATE"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate + ".pem", certificate + ".key")
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(os.path.join(state, "port.new"), "w", encoding="utf-8") as port:
    port.write(str(server.server_address[1]))
os.rename(os.path.join(state, "port.new"), os.path.join(state, "port"))
server.serve_forever()
