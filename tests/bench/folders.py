#!/usr/bin/env python3
"""Measures folder sync beside its floor (find, cp) and its peers (Unison, rsync), in one run.

    python3 tests/bench/folders.py [--files N] [--runs N] [--folder DIR] [--bin build/bin]

Prints a table: seconds (the best of the runs), the ratio to the floor of the same row, and the peak
memory. Compare ratios, never seconds of two machines. Peers that are not installed are left out:
apt-get install unison rsync. Nothing outside a scratch folder is touched, which is removed at the end.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

PER_FOLDER = 100


def make_tree(root, files, size):
    """files files of about size bytes, 100 to a folder, two levels deep."""
    text = os.urandom(size)
    for folder in range((files + PER_FOLDER - 1) // PER_FOLDER):
        path = os.path.join(root, f"d{folder % 20:02}", f"s{folder:05}")
        os.makedirs(path, exist_ok=True)
        for number in range(min(PER_FOLDER, files - folder * PER_FOLDER)):
            with open(os.path.join(path, f"file{number:03}.txt"), "wb") as out:
                out.write(text[: size - number % 50])


def measure(command, env=None, accept=(0,)):
    """Runs one command; (seconds, peak KiB of it and its children)."""
    # Through a small process of its own: the peak that wait4 tells is never less than the caller's.
    wrapper = (
        "import os,sys,time,json\n"
        "t=time.monotonic(); p=os.spawnvp(os.P_NOWAIT,sys.argv[1],sys.argv[1:])\n"
        "_,s,u=os.wait4(p,0); print(json.dumps([time.monotonic()-t,u.ru_maxrss,"
        "os.waitstatus_to_exitcode(s)]),file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-S", "-c", wrapper, *command], env=env,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    seconds, peak, code = json.loads(run.stderr.strip().splitlines()[-1])
    if code not in accept:
        sys.exit(f"{' '.join(command)} ended with {code}:\n{run.stderr}")
    return seconds, peak


class Bench:
    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.env = dict(os.environ, SYNCLINE_HOME=os.path.join(scratch, "home"),
                        UNISON=os.path.join(scratch, "unison"), HOME=scratch)
        self.syncline = os.path.join(os.path.abspath(options.bin), "syncline")
        self.rows = []

    def path(self, name):
        return os.path.join(self.scratch, name)

    def best(self, command, prepare=None, accept=(0,)):
        results = []
        for _ in range(self.options.runs):
            if prepare:
                prepare()
            os.sync()
            results.append(measure(command, self.env, accept))
        return min(r[0] for r in results), max(r[1] for r in results)

    def show(self, work, who, result, floor):
        seconds, peak = result
        print(f"{work:34} {who:22} {seconds:8.3f} s {seconds / floor:7.2f} x {peak / 1024:8.1f} MiB",
              flush=True)

    def pair(self, name, left, right):
        subprocess.run([self.syncline, "add", "folders", "--name", name, left, right],
                       env=self.env, check=True, stdout=subprocess.DEVNULL)

    def sync(self, name, accept=(0,)):
        return [self.syncline, "sync", name, "--quiet", "--allow-deletes"]

    def unison(self, left, right):
        return ["unison", left, right, "-batch", "-silent", "-times", "-confirmbigdel=false"]

    def run(self):
        have_unison = shutil.which("unison") is not None
        have_rsync = shutil.which("rsync") is not None
        n = self.options.files
        print(f"{'work':34} {'program':22} {'best of ' + str(self.options.runs):>10} "
              f"{'to floor':>9} {'peak':>12}")

        # No change, 2 x n files, warm.
        for who in ("syncline", "unison", "rsync"):
            os.makedirs(self.path(f"{who}/a"))
            os.makedirs(self.path(f"{who}/b"))
            make_tree(self.path(f"{who}/a"), n, 400)
        a, b = self.path("syncline/a"), self.path("syncline/b")
        self.pair("bench", a, b)
        measure(self.sync("bench"), self.env)
        work = f"no change, 2 x {n} files"
        find = ["find", a, b, "-type", "f", "-newermt", "2100-01-01"]
        measure(find)
        floor = self.best(find)
        self.show(work, "find (floor)", floor, floor[0])
        self.show(work, "syncline", self.best(self.sync("bench")), floor[0])
        if have_unison:
            command = self.unison(self.path("unison/a"), self.path("unison/b"))
            measure(command, self.env)
            self.show(work, "unison", self.best(command), floor[0])
        if have_rsync:
            command = ["rsync", "-a", self.path("rsync/a/"), self.path("rsync/b/")]
            measure(command, self.env)
            self.show(work, "rsync (one way)", self.best(command), floor[0])
        nothing = floor[0]

        # 1 % edited.
        def edit(root):
            def do():
                for i in range(0, n, 100):
                    folder = i // PER_FOLDER
                    with open(os.path.join(root, f"d{folder % 20:02}", f"s{folder:05}",
                                           f"file{i % PER_FOLDER:03}.txt"), "ab") as out:
                        out.write(b"edited")
            return do
        work = f"1 % edited of {n} files"
        self.show(work, "find (floor)", floor, nothing)
        self.show(work, "syncline", self.best(self.sync("bench"), edit(a)), nothing)
        if have_unison:
            self.show(work, "unison", self.best(
                self.unison(self.path("unison/a"), self.path("unison/b")),
                edit(self.path("unison/a"))), nothing)
        if have_rsync:
            self.show(work, "rsync (one way)", self.best(
                ["rsync", "-a", self.path("rsync/a/"), self.path("rsync/b/")],
                edit(self.path("rsync/a"))), nothing)

        # A folder with 10 % of the files renamed: two of twenty, there and back.
        def rename(root):
            def do():
                for folder in ("d00", "d01"):
                    old, new = os.path.join(root, folder), os.path.join(root, "renamed-" + folder)
                    if not os.path.exists(old):
                        old, new = new, old
                    os.rename(old, new)
            return do
        work = f"2 folders, 10 % of {n} files, renamed"
        self.show(work, "find (floor)", floor, nothing)
        self.show(work, "syncline", self.best(self.sync("bench"), rename(a)), nothing)
        if have_unison:
            self.show(work, "unison", self.best(
                self.unison(self.path("unison/a"), self.path("unison/b")),
                rename(self.path("unison/a"))), nothing)

        # First copy of many small files; syncline's is durable, the peers' not.
        count = n // 2
        make_tree(self.path("small"), count, 4096)
        work = f"first copy of {count} files of 4 KiB"

        def fresh(target, item=None):
            def do():
                shutil.rmtree(target, ignore_errors=True)
                os.makedirs(target)
                if item:
                    subprocess.run([self.syncline, "remove", item], env=self.env, check=False,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    self.pair(item, self.path("small"), target)
                else:
                    shutil.rmtree(self.path("unison"), ignore_errors=True)
            return do
        floor = self.best(["sh", "-c", f"cp -a '{self.path('small')}/.' '{self.path('c0')}' && "
                           f"sync -f '{self.path('c0')}'"], fresh(self.path("c0")))
        self.show(work, "cp -a + sync (floor)", floor, floor[0])
        self.show(work, "syncline", self.best(self.sync("small"), fresh(self.path("c1"), "small")),
                  floor[0])
        if have_rsync:
            self.show(work, "rsync", self.best(
                ["rsync", "-a", self.path("small/"), self.path("c2/")], fresh(self.path("c2"))),
                floor[0])
        if have_unison:
            self.show(work, "unison", self.best(
                self.unison(self.path("small"), self.path("c3")), fresh(self.path("c3"))), floor[0])

        # One large file.
        size = self.options.large
        os.makedirs(self.path("large"))
        subprocess.run(["sh", "-c", f"head -c {size << 20} /dev/urandom > '{self.path('large/f')}'"],
                       check=True)
        work = f"one file of {size} MiB"
        floor = self.best(["sh", "-c", f"cp '{self.path('large/f')}' '{self.path('l0/f')}' && "
                           f"sync '{self.path('l0/f')}'"], fresh(self.path("l0")))
        self.show(work, "cp + sync (floor)", floor, floor[0])

        def fresh_large():
            shutil.rmtree(self.path("l1"), ignore_errors=True)
            os.makedirs(self.path("l1"))
            subprocess.run([self.syncline, "remove", "large"], env=self.env, check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.pair("large", self.path("large"), self.path("l1"))
        self.show(work, "syncline", self.best(self.sync("large"), fresh_large), floor[0])

        # Many items in one session.
        items = self.options.items
        for i in range(items):
            os.makedirs(self.path(f"items/{i}/a"))
            os.makedirs(self.path(f"items/{i}/b"))
        env = dict(self.env, SYNCLINE_HOME=self.path("home2"))
        for i in range(items):
            subprocess.run([self.syncline, "add", "folders", "--name", f"item {i}",
                            self.path(f"items/{i}/a"), self.path(f"items/{i}/b")], env=env,
                           check=True, stdout=subprocess.DEVNULL)
        measure([self.syncline, "sync", "--quiet"], env)
        all_items = min(measure([self.syncline, "sync", "--quiet"], env)[0]
                        for _ in range(self.options.runs))
        print(f"{items} empty items in one session: {all_items:.3f} s, "
              f"{all_items / items * 1000:.2f} ms an item")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--large", type=int, default=2048, help="MiB of the large file")
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--folder", default=None, help="where to make the scratch folder")
    parser.add_argument("--bin", default="build/bin")
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="syncline-bench-", dir=options.folder)
    try:
        Bench(options, scratch).run()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
