"""What is measured: the programs, how they are built, and the command lines that run them.

A program is a source file; its folder is its category. It is described nowhere else: compiler options of its own stand
in its source, in a line `// build: OPTIONS`.
"""

import re
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
CATEGORIES = ("integer", "calls", "indirect", "floating", "memory", "strings", "exceptions", "threads", "atomics",
              "system_calls", "signals", "fork", "self_modifying", "start_up")
# Programs that compute and ask nothing of the system: the mean over these is what "how fast" means.
COMPUTE = ("integer", "calls", "indirect", "floating", "memory", "strings")
GUESTS = ("riscv64", "aarch64")
# Whole programs of a distribution, in a root given by --sysroot; the native twin is this machine's own.
DEBIAN = {"bash": ["/usr/bin/bash", "-c", "true"],
          "python3": ["/usr/bin/python3", "-c", "pass"],
          "gcc": ["/usr/bin/gcc", "--version"]}


class Failure(Exception):
    """Ends the whole run in one clear line."""


@dataclass(frozen=True)
class Program:
    name: str
    category: str
    source: Path | None = None  # None: a program of the sysroot
    words: tuple[str, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether a unit is a whole process, so that measuring more of it means starting it more often."""
        return self.category == "start_up"

    def binary(self, build: Path, machine: str) -> Path:
        return build / f"{self.name}.{machine}"


def all_programs(sysroot: str | None) -> list[Program]:
    found = [Program(f"{category}/{source.stem}", category, source)
             for category in CATEGORIES
             for source in sorted((HERE / category).iterdir()) if source.suffix in (".c", ".cpp")]
    for name, words in DEBIAN.items():
        if sysroot and Path(sysroot + words[0]).exists() and Path(words[0]).exists():
            found.append(Program(f"start_up/{name}", "start_up", None, tuple(words)))
    return found


# --- Building -------------------------------------------------------------------------------------------------------

def compile_words(source: Path, output: Path, prefix: str, level: int) -> list[str]:
    own = re.search(r"^// build: (.*)$", source.read_text(), re.MULTILINE)
    flags = shlex.split(own[1]) if own else []
    if "-pie" not in flags:
        flags.append("-static")
    compiler, standard = ("g++", "-std=gnu++17") if source.suffix == ".cpp" else ("gcc", "-std=gnu17")
    return [prefix + compiler, standard, f"-O{level}", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-pthread",
            *flags, str(source), "-o", str(output), "-lm"]


def build_one(source: Path, output: Path, prefix: str, level: int) -> None:
    inputs = [Path(__file__), HERE / "bench.h", *filter(Path.is_file, source.parent.iterdir())]
    if output.exists() and output.stat().st_mtime > max(path.stat().st_mtime for path in inputs):
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    words = compile_words(source, output, prefix, level)
    if not shutil.which(words[0]):
        raise Failure(f"{words[0]} is missing (packages g++, g++-riscv64-linux-gnu, g++-aarch64-linux-gnu)")
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{source} does not compile: {shlex.join(words)}\n{done.stderr}")


def build_all(programs: list[Program], build: Path, guest: str, level: int) -> Path:
    """Builds what is older than its source; returns the program that measures the others."""
    measure = build / "measure"
    jobs = [(HERE / "measure.c", measure, "")]
    jobs += [(program.source, program.binary(build, machine), prefix)
             for program in programs if program.source
             for machine, prefix in (("native", ""), (guest, f"{guest}-linux-gnu-"))]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda job: build_one(*job, level), jobs))
    return measure


# --- Running --------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Runner:
    """What runs a program: nothing (`native`), lyre, or a qemu."""
    label: str
    words: tuple[str, ...] = ()
    version: str = ""
    guest: str = ""

    def command(self, program: Program, build: Path, units: int, sysroot: str | None) -> list[str]:
        arguments = [] if program.counted else [str(units)]
        if not self.words:
            return list(program.words) or [str(program.binary(build, "native")), *arguments]
        if program.source:
            # Where Debian's cross compiler keeps the libraries of dynamic programs.
            return [*self.words, "-L", f"/usr/{self.guest}-linux-gnu", str(program.binary(build, self.guest)), *arguments]
        # lyre looks for the program in the sysroot; qemu does so only for files that the program opens.
        path = program.words[0] if self.label == "lyre" else sysroot + program.words[0]
        return [*self.words, "-L", sysroot, path, *program.words[1:]]


def make_runner(guest: str, label: str, text: str) -> Runner:
    """A runner from a command line such as "/path/to/lyre --tier=1"; a qemu's label is its version."""
    words = shlex.split(text)
    path = shutil.which(words[0]) if words else None
    if not path:
        raise Failure(f"{text or label}: no such program")
    said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout.splitlines()
    version = said[0] if said else "unknown version"
    if label == "qemu":
        number = re.search(r"version ([0-9.]+)", version)
        label = f"qemu-{number[1] if number else 'unknown'}"
    return Runner(label, (path, *words[1:]), version, guest)


def distinct(runners: list[Runner]) -> list[Runner]:
    """The same version twice, with other options, gets another label."""
    seen: dict[str, int] = {}
    result = []
    for runner in runners:
        seen[runner.label] = seen.get(runner.label, 0) + 1
        label = runner.label if seen[runner.label] == 1 else f"{runner.label}#{seen[runner.label]}"
        result.append(replace(runner, label=label))
    return result
