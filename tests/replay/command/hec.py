#!/usr/bin/env python3
"""A collector of Splunk's HTTP events, and a journal, for the check `send`.

usage: hec.py STATE
Writes its port to STATE/port; every body it takes is appended to STATE/body, every request's line and
headers of interest to STATE/log. STATE/modes: one mode a request, the last for all further ones: take, busy,
cut (takes, then breaks off), invalid. The journal listens at STATE/journal and writes what comes,
as one line of JSON a datagram, to STATE/datagrams.
"""
import array
import http.server
import json
import os
import socket
import struct
import sys
import threading

state = sys.argv[1]
lock = threading.Lock()
asked = 0


def mode():
    global asked
    try:
        with open(os.path.join(state, "modes"), encoding="utf-8") as file:
            modes = file.read().split()
    except FileNotFoundError:
        modes = []
    with lock:
        n = asked
        asked += 1
    return modes[min(n, len(modes) - 1)] if modes else "take"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, code, text):
        body = json.dumps({"text": text, "code": code}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        how = mode()
        with lock, open(os.path.join(state, "log"), "a", encoding="utf-8") as log:
            log.write(f"{self.path} {how} {len(self.headers.get('X-Splunk-Request-Channel', ''))}\n")
        if self.headers.get("Authorization") != "Splunk right":
            return self.reply(403, 4, "Invalid token")
        if how == "busy":
            return self.reply(503, 9, "Server is busy")
        if how == "invalid":
            return self.reply(400, 7, "Incorrect index")
        with lock, open(os.path.join(state, "body"), "ab") as file:
            file.write(body)
        if how == "cut":
            self.close_connection = True
            return None
        return self.reply(200, 0, "Success")


def fields(data):
    out = {}
    while data:
        end = data.index(b"\n")
        line = data[:end]
        if b"=" in line:
            name, value = line.split(b"=", 1)
            data = data[end + 1:]
        else:
            name = line
            size = struct.unpack("<Q", data[end + 1:end + 9])[0]
            value = data[end + 9:end + 9 + size]
            data = data[end + 9 + size + 1:]
        out[name.decode()] = value.decode()
    return out


def journal():
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(os.path.join(state, "journal"))
    while True:
        data, ancillary, _, _ = listener.recvmsg(1 << 20, socket.CMSG_SPACE(4))
        handed = False
        for _, kind, value in ancillary:
            if kind == socket.SCM_RIGHTS:
                fd = array.array("i", value)[0]
                with os.fdopen(fd, "rb") as file:
                    file.seek(0)
                    data = file.read()
                handed = True
        entry = fields(data)
        entry["handed"] = handed
        with open(os.path.join(state, "datagrams"), "a", encoding="utf-8") as out:
            out.write(json.dumps(entry) + "\n")


threading.Thread(target=journal, daemon=True).start()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(os.path.join(state, "port.new"), "w", encoding="utf-8") as port:
    port.write(str(server.server_address[1]))
os.rename(os.path.join(state, "port.new"), os.path.join(state, "port"))
server.serve_forever()
