"""Reads the writer's EVTX with python-evtx and compares every value with what was written.

usage: python_evtx.py MAKE_LOGS FIXTURES_LOGS
The twin is the same events in attack-data XML, which another part of make_logs writes.
"""
import base64
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

from Evtx.Evtx import Evtx

failures = 0


def complain(text):
    global failures
    failures += 1
    print(text)


def records_of(path):
    with Evtx(path) as log:
        for record in log.records():
            # Text mode would turn carriage returns into line feeds on the way through the parser.
            yield ET.fromstring(record.xml().replace("\r", "&#13;"))


def plain(tag):
    return tag.rsplit("}", 1)[-1]


def flatten(element, path=""):
    """(path, value) of every leaf and attribute, in document order."""
    out = []
    name = plain(element.tag)
    if name == "Data" and element.get("Name"):
        name += "[" + element.get("Name") + "]"
    path = path + "/" + name
    for key, value in element.attrib.items():
        if not (plain(element.tag) == "Data" and key == "Name") and value:
            out.append((path + "/@" + plain(key).lower(), value))
    children = list(element)
    if plain(element.tag) == "Data" and "<string>" in (element.text or ""):
        # python-evtx writes an array as escaped elements inside one Data.
        return out + [(path, item) for item in re.findall(r"<string>(.*?)</string>", element.text, re.S)]
    for child in children:
        out += flatten(child, path)
    if not children:
        out.append((path, element.text or ""))
    return out


def same(ours, theirs):
    if ours == theirs or ours.strip() == "" and theirs.strip() == "":
        return True
    if ours in ("true", "false"):
        return ours == theirs.lower()
    if re.fullmatch(r"0x[0-9a-fA-F]+", ours) and re.fullmatch(r"0x[0-9a-fA-F]+", theirs):
        return int(ours, 16) == int(theirs, 16)
    if re.fullmatch(r"\{[0-9a-fA-F-]{36}\}", ours):
        return ours.lower() == theirs.lower()
    instant = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.(\d+)Z", ours)
    if instant:  # python-evtx goes through a float: the last digits are lost
        told = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?", theirs)
        return bool(told) and told.group(1, 2) == instant.group(1, 2)
    return False


def same_binary(ours, theirs):
    return bytes.fromhex(ours) == base64.b64decode(theirs)


def compare_events(make_logs, evtx, description):
    command = [make_logs, "events", description, "--format", "attack-data", "-o", "-"]
    xml = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    written = list(ET.fromstring("<r>" + xml.replace("\r", "&#13;") + "</r>"))
    read = list(records_of(evtx))
    if len(written) != len(read):
        complain(f"{evtx}: {len(written)} written, {len(read)} read")
    values = 0
    for number, (ours, theirs) in enumerate(zip(written, read), 1):
        mine, yours = flatten(ours), flatten(theirs)
        if [path for path, _ in mine] != [path for path, _ in yours]:
            complain(f"{evtx} event {number}: fields differ: {set(mine) ^ set(yours)}")
            continue
        for (path, a), (_, b) in zip(mine, yours):
            values += 1
            if not (same_binary(a, b) if path.endswith("/Binary") else same(a, b)):
                complain(f"{evtx} event {number} {path}: wrote {a!r}, read {b!r}")
    return values


# python-evtx knows no such value; the strict walker of unit_writer does.
UNKNOWN = {"StringLoneHigh", "StringLoneLow", "Ansi", "StringControl", "StringNoncharacter", "StringTrailingNul",
           "BinaryEmpty", "Null", "NullWithSize", "BoolOdd", "SystemTime", "FileTimeZero"}


def compare_values(make_logs):
    lines = subprocess.run([make_logs, "values", "value_types"], check=True, capture_output=True).stdout
    cases = [json.loads(line) for line in lines.decode("utf-8").splitlines()]
    values = 0
    with tempfile.NamedTemporaryFile(suffix=".evtx") as file:
        subprocess.run([make_logs, "odd", "value_types", "-o", file.name], check=True)
        with Evtx(file.name) as log:
            for case, record in zip(cases, log.records()):
                if case["name"] in UNKNOWN:
                    continue
                tree = ET.fromstring(record.xml().replace("\r", "&#13;"))
                data = [e for e in tree.iter() if plain(e.tag) == "Data"]
                got = data[0].text or "" if data else None
                values += 1
                if got is None or not same_typed(case["type"], case["texts"][0], got):
                    complain(f"value_types {case['name']}: wrote {case['texts']}, read {got!r}")
    return values


def same_typed(kind, ours, theirs):
    if kind in (0x0B, 0x0C):
        return float(ours) == float(theirs)
    if kind == 0x0D:
        return ours.lower() == theirs.lower()
    if kind == 0x0E:
        return same_binary(ours, theirs)
    if kind == 0x10:  # in decimal
        return int(ours, 16) == int(theirs)
    return same(ours, theirs)


def main():
    make_logs, folder = sys.argv[1:]
    values = compare_values(make_logs)
    for evtx in sorted(glob.glob(folder + "/evtx/*.evtx")):
        stem = os.path.splitext(os.path.basename(evtx))[0]
        values += compare_events(make_logs, evtx, f"{folder}/events/{stem}.yml")
    print(f"{values} values compared, {failures} differ")
    return 1 if failures or values < 100 else 0


sys.exit(main())
