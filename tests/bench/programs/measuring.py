"""How it is measured: sizes found on the native program, then rounds in which every runner has its turn.

A round's runs follow each other closely, so a machine that slows down slows all of them; ratios are taken within one.
"""

import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from programs import Program, Runner


class RunFailed(Exception):
    """One run went wrong; its runner is left out of the program's further rounds."""


@dataclass(frozen=True)
class Sample:
    """One run; times in seconds, memory in megabytes."""
    user: float
    system: float
    wall: float
    memory: float

    @property
    def cpu(self) -> float:
        return self.user + self.system


@dataclass
class Result:
    """A program's rounds: samples[runner][round], and the same at three times the size if slopes are wanted."""
    program: Program
    units: int
    samples: dict[str, list[Sample | None]] = field(default_factory=dict)
    triple: dict[str, list[Sample | None]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def as_dictionary(self) -> dict:
        def raw(runs: dict[str, list[Sample | None]]) -> dict:
            return {label: [sample and asdict(sample) for sample in samples] for label, samples in runs.items()}
        return {"units": self.units, "errors": self.errors,
                "samples": raw(self.samples), "samples_triple": raw(self.triple)}


def clean_environment() -> dict[str, str]:
    """What changes a runner's ways from outside is taken away, and messages are in one language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LYRE_", "QEMU_", "PYTHON"))}
    return kept | {"LC_ALL": "C", "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass
class Bench:
    measure: Path
    build: Path
    sysroot: str | None
    timeout: float

    def run(self, runner: Runner, program: Program, units: int) -> tuple[Sample, bytes]:
        """Runs once; returns what it cost and what it printed."""
        words = runner.command(program, self.build, units, self.sysroot)
        readable, writable = os.pipe()
        try:
            process = subprocess.Popen(
                [self.measure, str(writable), str(units if program.counted else 1), *words], pass_fds=[writable],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(),
                start_new_session=True)
            os.close(writable)
            output, errors = self.wait_for(process)
            line = os.read(readable, 200).split()
        finally:
            os.close(readable)
        user, system, wall, memory, status = map(int, line) if len(line) == 5 else (0, 0, 0, 0, 1)
        if status != 0:
            how = f"signal {status & 0x7f}" if status & 0x7f else f"status {status >> 8}"
            said = errors.decode(errors="replace").strip().splitlines()
            raise RunFailed(f"ended with {how}{': ' + said[-1] if said else ''}")
        return Sample(user / 1e6, system / 1e6, wall / 1e6, memory / 1024), output

    def wait_for(self, process: subprocess.Popen) -> tuple[bytes, bytes]:
        try:
            return process.communicate(timeout=self.timeout)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            if isinstance(error, subprocess.TimeoutExpired):
                raise RunFailed(f"not finished after {self.timeout:.0f} s") from None
            raise

    def calibrate(self, native: Runner, program: Program, seconds: float) -> int:
        """The number of units that takes the native program about `seconds` of CPU time."""
        units = 1
        while True:
            cpu = self.run(native, program, units)[0].cpu
            if cpu >= seconds / 4:
                return max(1, round(units * seconds / cpu))
            # A first short run is mostly start-up; growth by at most ten finds the way without overshooting far.
            units *= min(10, max(2, int(seconds / 3 / max(cpu, 1e-6))))

    def affordable(self, guests: list[Runner], program: Program, units: int, seconds: float) -> int:
        """`units`, or less where the slowest guest would need more than `seconds`: the size is the same for all."""
        part = max(1, units // 20)
        for runner in guests:
            try:
                wall = self.run(runner, program, part)[0].wall
            except RunFailed:
                continue  # the first round tells
            units = min(units, max(1, round(part * seconds / max(wall, 1e-6))))
        return units


def measure_program(bench: Bench, program: Program, runners: list[Runner], options) -> Result:
    """All rounds of one program. `runners` starts with the native one. Every output is compared with the first."""
    result = Result(program, 1)
    try:
        units = bench.calibrate(runners[0], program, options.seconds)
    except RunFailed as error:
        result.errors["native"] = str(error)
        return result
    single = options.budget / options.runs / len(runners) / (4 if options.slope else 1)
    result.units = bench.affordable(runners[1:], program, units, single)
    sizes = {"samples": result.units} | ({"triple": 3 * result.units} if options.slope else {})
    expected: dict[tuple, tuple[str, bytes]] = {}
    start = time.monotonic()
    for number in range(options.runs):
        # What is slow even at the smallest size, or slower than its beginning promised, gets fewer rounds.
        if number > 0 and (time.monotonic() - start) * (number + 1) / number > options.budget:
            break
        for runner in runners:
            for series, units in sizes.items():
                sample = one_sample(bench, runner, result, units, expected)
                getattr(result, series).setdefault(runner.label, []).append(sample)
    return result


def one_sample(bench: Bench, runner: Runner, result: Result, units: int, expected: dict) -> Sample | None:
    if runner.label in result.errors:
        return None
    try:
        sample, output = bench.run(runner, result.program, units)
    except RunFailed as error:
        result.errors[runner.label] = str(error)
        return None
    # This machine's bash or gcc may be of another version than the sysroot's: only guests are compared then.
    key = (units, result.program.source is None and runner.label == "native")
    first, wanted = expected.setdefault(key, (runner.label, output))
    if output != wanted:
        result.errors[runner.label] = f"WRONG OUTPUT: {brief(output)}, but {first} printed {brief(wanted)}"
        return None
    return sample


def brief(output: bytes) -> str:
    text = output.decode(errors="replace").strip()
    return repr(text if len(text) <= 60 else text[:60] + "...")
