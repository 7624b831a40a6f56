#!/usr/bin/env python3
"""Measures the import of pictures into a dated library beside its floor (cp) and what others do, in one run.

    python3 tests/bench/images.py [--pictures N] [--size BYTES] [--runs N] [--folder DIR] [--bin build/bin]

First import and repeated import, beside rsync, which knows no dates, and beside `exiftool -r -d`, which only
reads all metadata: what looking into every picture costs. Prints a table: seconds (the best of the runs), the
ratio to the floor of the same row, and the peak memory. Compare ratios, never seconds of two machines. Peers that are
not installed are left out: apt-get install rsync libimage-exiftool-perl. Nothing outside a scratch folder is
touched, which is removed at the end.
"""
import argparse
import datetime
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from folders import measure  # noqa: E402

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "card", "DCIM", "100SMPLE",
                      "IMG_0002.JPG")
SAMPLE_DATE = b"2026:07:14 21:48:40"
PER_FOLDER = 1000


def make_card(root, pictures, size):
    """Pictures of about size bytes as a camera files them, taken a minute apart, each with data of its own."""
    with open(SAMPLE, "rb") as sample:
        jpeg = sample.read()
    if jpeg.count(SAMPLE_DATE) == 0 or not jpeg.endswith(b"\xff\xd9"):
        sys.exit(f"{SAMPLE} is not the sample picture that this benchmark was made for.")
    filler = random.Random(1).randbytes(size).replace(b"\xff", b"\x7f")  # 0xFF would begin a marker
    taken = datetime.datetime(2026, 1, 1)
    for number in range(pictures):
        folder = os.path.join(root, "DCIM", f"{100 + number // PER_FOLDER}BENCH")
        if number % PER_FOLDER == 0:
            os.makedirs(folder)
        date = taken.strftime("%Y:%m:%d %H:%M:%S").encode()
        taken += datetime.timedelta(minutes=1)
        own = b"%012d" % number
        with open(os.path.join(folder, f"IMG_{number:05}.JPG"), "wb") as out:
            out.write(jpeg.replace(SAMPLE_DATE, date)[:-2] + own + filler[: size - len(jpeg)] + b"\xff\xd9")


class Bench:
    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.syncline = os.path.join(os.path.abspath(options.bin), "syncline")
        self.env = dict(os.environ, SYNCLINE_HOME=os.path.join(scratch, "home"), HOME=scratch)

    def path(self, name):
        return os.path.join(self.scratch, name)

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
        print(f"{work:34} {who:26} {seconds:8.3f} s {seconds / floor:7.2f} x {peak / 1024:8.1f} MiB", flush=True)

    def fresh(self, name):
        def do():
            shutil.rmtree(self.path(name), ignore_errors=True)
            os.makedirs(self.path(name))
        return do

    def fresh_item(self, library, verify):
        def do():
            self.fresh(library)()
            subprocess.run([self.syncline, "remove", library], env=self.env, check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            subprocess.run([self.syncline, "add", "images", "--name", library, self.path("card"), self.path(library),
                            "--set", "layout={year}/{month}/{date}_{time}_{name}", "--set", f"verify={verify}"],
                           env=self.env, check=True, stdout=subprocess.DEVNULL)
        return do

    def sync(self, name):
        return [self.syncline, "sync", name, "--quiet"]

    def run(self):
        card, n = self.path("card"), self.options.pictures
        make_card(card, n, self.options.size)
        read_all = ["exiftool", "-q", "-fast2", "-r", "-d", "%Y/%m/%Y%m%d_%H%M%S", "-DateTimeOriginal", card]
        have_rsync, have_exiftool = shutil.which("rsync"), shutil.which("exiftool")
        print(f"{'work':34} {'program':26} {'best of ' + str(self.options.runs):>10} {'to floor':>9} {'peak':>12}")

        work = f"first import, {n} x {self.options.size // 1000} kB"
        copy = ["sh", "-c", 'cp -a "$1/." "$2" && sync -f "$2"', "sh", card, self.path("cp")]
        measure(["sh", "-c", 'find "$1" -type f -exec cat {} + >/dev/null', "sh", card])  # into the cache, for all
        floor = self.best(copy, self.fresh("cp"))
        self.show(work, "cp -a + sync (floor)", floor, floor[0])
        self.show(work, "syncline", self.best(self.sync("lib"), self.fresh_item("lib", "no")), floor[0])
        self.show(work, "syncline, verify=yes", self.best(self.sync("checked"), self.fresh_item("checked", "yes")),
                  floor[0])
        if have_rsync:
            self.show(work, "rsync (no dates)", self.best(["rsync", "-a", card + "/", self.path("rs/")],
                                                          self.fresh("rs")), floor[0])
        if have_exiftool:
            self.show(work, "exiftool -r -d (only reads)", self.best(read_all), floor[0])

        work = f"repeated import, {n} pictures"
        find = ["find", card, self.path("lib"), "-type", "f", "-newermt", "2100-01-01"]
        measure(self.sync("lib"), self.env)
        floor = self.best(find)
        self.show(work, "find (floor)", floor, floor[0])
        self.show(work, "syncline", self.best(self.sync("lib")), floor[0])
        if have_rsync:
            self.show(work, "rsync (no dates)", self.best(["rsync", "-a", card + "/", self.path("rs/")]), floor[0])
        if have_exiftool:
            self.show(work, "exiftool -r -d (only reads)", self.best(read_all), floor[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=20000)
    parser.add_argument("--size", type=int, default=100000, help="bytes of one picture")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", help="where the scratch folder goes")
    parser.add_argument("--bin", default="build/bin")
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="syncline-bench.", dir=options.folder)
    try:
        Bench(options, scratch).run()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
