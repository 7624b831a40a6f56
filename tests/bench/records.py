#!/usr/bin/env python3
"""Measures contacts and calendar sync beside vdirsyncer and a floor (reading every file), in one run.

    python3 tests/bench/records.py [--records N] [--runs N] [--folder DIR] [--bin build/bin]

Folder to folder, and folder to one file: no change, and 1 % of the records edited. Prints seconds (the
best of the runs), the ratio to the floor of the same data, and the peak memory. Compare ratios, never
seconds of two machines. Without vdirsyncer (apt-get install vdirsyncer) its rows are left out. Nothing
outside a scratch folder is touched, which is removed at the end.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

from folders import measure

CARD = """BEGIN:VCARD
VERSION:3.0
UID:card-{n:06}
N:Family{n};Given{n};;;
FN:Given{n} Family{n}
TEL;TYPE=CELL:+49 30 {n:06}
TEL;TYPE=WORK:+49 40 {n:06}
EMAIL;TYPE=HOME:person{n}@example.org
ADR;TYPE=HOME:;;Street {n};City;;{n:05};Country
NOTE:Number {n}\\, edited {edit} times
REV:2026-01-01T00:00:00Z
END:VCARD
"""
EVENT = """BEGIN:VEVENT
UID:event-{n:06}
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:2026{month:02}{day:02}T100000
DTEND;TZID=Europe/Berlin:2026{month:02}{day:02}T110000
SUMMARY:Meeting {n}
LOCATION:Room {n}
DESCRIPTION:About {n}\\, edited {edit} times
ATTENDEE;CN=Ada;PARTSTAT=ACCEPTED:mailto:ada@example.org
SEQUENCE:{edit}
END:VEVENT
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//bench//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE
{events}END:VCALENDAR
"""


def crlf(text):
    return text.replace("\n", "\r\n").encode()


def card(n, edit):
    return CARD.format(n=n, edit=edit)


def event(n, edit):
    return CALENDAR.format(events=EVENT.format(n=n, edit=edit, month=n % 12 + 1, day=n % 28 + 1))


KINDS = {"contacts": (".vcf", card), "calendar": (".ics", event)}


class Bench:
    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.env = dict(os.environ, SYNCLINE_HOME=os.path.join(scratch, "home"), HOME=scratch)
        self.syncline = os.path.join(os.path.abspath(options.bin), "syncline")
        self.edits = 0

    def path(self, *names):
        return os.path.join(self.scratch, *names)

    def write(self, kind, folder, n, edit):
        extension, text = KINDS[kind]
        with open(os.path.join(folder, f"{kind}-{n:06}{extension}"), "wb") as out:
            out.write(crlf(text(n, edit)))

    def fill(self, kind, folder):
        os.makedirs(folder)
        for n in range(self.options.records):
            self.write(kind, folder, n, 0)

    def best(self, command, prepare=None):
        results = []
        for _ in range(self.options.runs):
            if prepare:
                prepare()
            os.sync()
            results.append(measure(command, self.env))
        return min(r[0] for r in results), max(r[1] for r in results)

    def show(self, work, who, result, floor):
        seconds, peak = result
        print(f"{work:44} {who:14} {seconds:8.3f} s {seconds / floor:8.2f} x "
              f"{peak / 1024:8.1f} MiB", flush=True)

    def edit(self, kind, folder):
        def do():
            self.edits += 1
            for n in range(0, self.options.records, 100):
                self.write(kind, folder, n, self.edits)
        return do

    def vdirsyncer(self, name, a, b, extension, single):
        """The command that syncs a with b, set up; None without the program."""
        if shutil.which("vdirsyncer") is None:
            return None
        config = self.path(f"{name}.vdirsyncer")
        storage_b = (f'type = "singlefile"\npath = "{b}"\n' if single else
                     f'type = "filesystem"\npath = "{b}"\nfileext = "{extension}"\n')
        with open(config, "w", encoding="utf-8") as out:
            out.write(f'[general]\nstatus_path = "{self.path(name + ".status")}"\n'
                      f'[pair p]\na = "a"\nb = "b"\ncollections = null\n'
                      f'[storage a]\ntype = "filesystem"\npath = "{a}"\nfileext = "{extension}"\n'
                      f'[storage b]\n{storage_b}')
        subprocess.run(["vdirsyncer", "-c", config, "discover"], env=self.env, check=True,
                       input=b"y\ny\ny\n", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return ["vdirsyncer", "-c", config, "sync"]

    def run(self):
        print(f"{'work':44} {'program':14} {'best of ' + str(self.options.runs):>10} "
              f"{'to floor':>10} {'peak':>12}")
        for kind, (extension, _) in KINDS.items():
            for single in (False, True):
                self.compare(kind, extension, single)

    def compare(self, kind, extension, single):
        name = f"{kind}-{'file' if single else 'folder'}"
        a = {who: self.path(name, who, "a") for who in ("syncline", "vdirsyncer")}
        b = {who: self.path(name, who, "b" + (extension if single else "")) for who in a}
        for who in a:
            self.fill(kind, a[who])
            if not single:
                os.makedirs(b[who])
            elif who == "syncline":
                with open(b[who], "wb"):
                    pass
        count = self.options.records
        where = f"{count} {kind}, folder to {'one file' if single else 'folder'}"
        # The floor: every byte of both sides is read once.
        floor = None
        subprocess.run([self.syncline, "add", kind, "--name", name, a["syncline"], b["syncline"]],
                       env=self.env, check=True, stdout=subprocess.DEVNULL)
        command = [self.syncline, "sync", name, "--quiet"]
        first = measure(command, self.env)
        read = ["sh", "-c", f"find '{a['syncline']}' '{b['syncline']}' -type f -print0 | "
                "xargs -0 cat >/dev/null"]
        measure(read)
        floor = self.best(read)
        peer = self.vdirsyncer(name, a["vdirsyncer"], b["vdirsyncer"], extension, single)
        self.show(f"first sync, {where}", "read (floor)", floor, floor[0])
        self.show(f"first sync, {where}", "syncline", first, floor[0])
        if peer:
            self.show(f"first sync, {where}", "vdirsyncer", measure(peer, self.env), floor[0])
        self.show(f"no change, {where}", "syncline", self.best(command), floor[0])
        if peer:
            self.show(f"no change, {where}", "vdirsyncer", self.best(peer), floor[0])
        self.show(f"1 % edited, {where}", "syncline",
                  self.best(command, self.edit(kind, a["syncline"])), floor[0])
        if peer:
            self.show(f"1 % edited, {where}", "vdirsyncer",
                      self.best(peer, self.edit(kind, a["vdirsyncer"])), floor[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", default=None, help="where to make the scratch folder")
    parser.add_argument("--bin", default="build/bin")
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="syncline-bench-", dir=options.folder)
    try:
        Bench(options, scratch).run()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
