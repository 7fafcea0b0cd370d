"""What is told: ratios within each round, their medians, and geometric means, as text, CSV and JSON."""

import csv
import json
import platform
from dataclasses import dataclass
from math import exp, log
from statistics import median

from measuring import Result, Sample
from programs import CATEGORIES, COMPUTE, Runner

METRICS = ("cpu", "wall", "slope")
RATIOS = ("lyre/native", "qemu/native", "lyre/qemu")


@dataclass
class Row:
    """One line of the report; ratios[metric][ratio] is None where nothing was measured."""
    name: str
    category: str
    ratios: dict[str, dict[str, float | None]]
    best: str = ""  # the qemu that needs least CPU time: the fair peer
    units: int = 0
    rounds: int = 0
    native_seconds: float | None = None
    memory: dict[str, float] | None = None
    error: str = ""


# --- From samples to rows -------------------------------------------------------------------------------------------

def values_of(result: Result, label: str, metric: str) -> list[float | None]:
    """The metric in each round, none after a failure; a slope is the CPU time of size 3n beyond size n."""
    def value(small: Sample | None, large: Sample | None) -> float | None:
        if small is None or (metric == "slope" and large is None):
            return None
        return large.cpu - small.cpu if metric == "slope" else getattr(small, metric)

    if label in result.errors:
        return []
    small = result.samples.get(label, [])
    large = result.triple.get(label, [None] * len(small))
    return [value(*pair) for pair in zip(small, large)]


def median_of(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def ratio(above: list[float | None], below: list[float | None]) -> float | None:
    """The median of the rounds' ratios; a round with a time that noise made nothing or less does not count."""
    return median_of([a / b for a, b in zip(above, below) if a and b and a > 0 and b > 0])


def best_qemu(result: Result) -> str:
    times = {label: median_of(values_of(result, label, "cpu")) for label in result.samples if label.startswith("qemu")}
    known = {label: time for label, time in times.items() if time is not None}
    return min(known, key=known.get) if known else ""


def ratios_of(result: Result, best: str, metric: str) -> dict[str, float | None]:
    series = {"native": "native", "lyre": "lyre", "qemu": best}
    values = {name: values_of(result, label, metric) for name, label in series.items()}
    return {name: ratio(*(values[part] for part in name.split("/"))) for name in RATIOS}


def row_of(result: Result) -> Row:
    best = best_qemu(result)
    memory = {label: max((sample.memory for sample in samples if sample), default=0.0)
              for label, samples in result.samples.items()}
    return Row(result.program.name, result.program.category, {m: ratios_of(result, best, m) for m in METRICS}, best,
               result.units, len(result.samples.get("native", [])), median_of(values_of(result, "native", "cpu")),
               memory, "; ".join(f"{label}: {text}" for label, text in result.errors.items()))


def geometric_mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value]
    return exp(sum(map(log, known)) / len(known)) if known else None


def mean_row(name: str, rows: list[Row]) -> Row:
    ratios = {m: {r: geometric_mean([row.ratios[m][r] for row in rows]) for r in RATIOS} for m in METRICS}
    failed = sum(bool(row.error) for row in rows)
    count = f"{len(rows)}, {failed} failed" if failed else f"{len(rows)}"
    return Row(f"{name} ({count})", "geometric mean", ratios)


def mean_rows(rows: list[Row]) -> list[Row]:
    groups = [(name, [row for row in rows if row.category == name]) for name in CATEGORIES]
    groups.append(("COMPUTE PROGRAMS", [row for row in rows if row.category in COMPUTE]))
    groups.append(("ALL", rows))
    return [mean_row(name, group) for name, group in groups if group]


# --- Text -----------------------------------------------------------------------------------------------------------

def shown(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def heading(slope: bool) -> str:
    columns = f"{'program':34}{'units':>8} {'native s':>9}" + "".join(f"{name:>13}" for name in RATIOS)
    if slope:
        columns += "".join(f"{name:>13}" for name in ("slope l/n", "slope q/n", "slope l/q"))
    return columns + f"{'lyre MB':>9}{'qemu MB':>9}  best qemu, rounds"


def line_of(row: Row, slope: bool, metric: str = "cpu") -> str:
    name = row.name if metric == "cpu" else f"{row.name} ({metric})"
    text = f"{name:34}{row.units or '':>8} {shown(row.native_seconds, 3) if row.units else '':>9}"
    text += "".join(f"{shown(row.ratios[metric][name]):>13}" for name in RATIOS)
    if slope:
        text += "".join(f"{shown(row.ratios['slope'][name]) if metric == 'cpu' else '':>13}" for name in RATIOS)
    if row.memory is not None and metric == "cpu":
        text += f"{shown(row.memory.get('lyre'), 1):>9}{shown(row.memory.get(row.best), 1):>9}"
        text += f"  {row.best or '-'}, {row.rounds}"
    return text


def lines_of(row: Row, slope: bool) -> str:
    """A program's line, a second one with wall times where CPU time hides the point, and its error, loudly."""
    lines = [line_of(row, slope)]
    if row.category == "threads":
        lines.append(line_of(row, slope, "wall"))
    if row.error:
        lines.append(f"*** {row.name}: {row.error}")
    return "\n".join(lines)


# --- Files ----------------------------------------------------------------------------------------------------------

def write_csv(path: str, rows: list[Row]) -> None:
    columns = [(metric, name) for metric in METRICS for name in RATIOS]
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "category", "units", "rounds", "native seconds", "best qemu", "lyre MB", "qemu MB"]
                        + [f"{metric} {name}" for metric, name in columns] + ["error"])
        for row in rows + mean_rows(rows):
            memory = row.memory or {}
            writer.writerow([row.name, row.category, row.units or "", row.rounds or "", row.native_seconds or "",
                             row.best, memory.get("lyre", ""), memory.get(row.best, "")]
                            + [row.ratios[metric][name] for metric, name in columns] + [row.error])


def row_dictionary(row: Row) -> dict:
    return {"name": row.name, "category": row.category, "best_qemu": row.best, "ratios": row.ratios,
            "memory": row.memory}


def write_json(path: str, results: list[Result], rows: list[Row], runners: list[Runner]) -> None:
    text = {"processor": processor_name(), "kernel": platform.release(),
            "runners": {runner.label: {"command": runner.words, "version": runner.version} for runner in runners},
            "programs": [row_dictionary(row) | result.as_dictionary() for row, result in zip(rows, results)],
            "geometric_means": [{"name": row.name, "ratios": row.ratios} for row in mean_rows(rows)]}
    with open(path, "w") as file:
        json.dump(text, file, indent=1)


def processor_name() -> str:
    with open("/proc/cpuinfo") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")
