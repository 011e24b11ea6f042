# The contestant's side of a benchmark in memory (benchmarks/worker.hpp), in Python: what follows this text defines
# prepare(job), and main() serves it. prepare() returns a description and a function that does the job once and returns the
# kept rows with their results.
import resource
import sys
import time

import numpy


class Job:
    """The rows and kernels to convolve; row r meets kernel r % kernel_count."""

    def __init__(self, words):
        values = dict(zip(words[::2], words[1::2]))
        self.row_count, self.frame_count, self.kernel_count, self.tap_count, self.thread_count = (
            int(values["--" + name]) for name in ("rows", "frames", "kernels", "taps", "threads"))
        self.result_count = self.frame_count + self.tap_count - 1
        self.kept_rows = [int(row) for row in values["--keep"].split(",")]
        self.rows = self._map(values["--rows-file"], self.row_count, self.frame_count, "r")
        self.kernels = self._map(values["--kernels-file"], self.kernel_count, self.tap_count, "r")
        self.results = self._map(values["--results-file"], len(self.kept_rows), self.result_count, "r+")

    @staticmethod
    def _map(path, count, length, mode):
        samples = numpy.memmap(path, numpy.float32, mode, shape=(count, length))
        samples.sum()  # present from here on, as for everyone
        return samples

    def keep(self, row, result):
        self.results[self.kept_rows.index(row)] = result.cpu().numpy() if hasattr(result, "cpu") else result


def cpu_now_s():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_memory_mib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def main(prepare):
    job = Job(sys.argv[1:])
    description, run = prepare(job)
    shared_mib = (job.rows.nbytes + job.kernels.nbytes + job.results.nbytes) / 2**20
    print("ready", description, flush=True)
    for line in sys.stdin:
        if line.strip() != "run":
            continue
        wall_s, cpu_s = -time.monotonic(), -cpu_now_s()
        kept = run()
        wall_s, cpu_s = wall_s + time.monotonic(), cpu_s + cpu_now_s()
        for row, result in kept:
            job.keep(row, result)
        print(wall_s, cpu_s, peak_memory_mib() - shared_mib, flush=True)
