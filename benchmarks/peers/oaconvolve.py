# scipy.signal.oaconvolve, row after row on all threads: the transforms release Python's lock. `sample_type` comes with the
# command line's text.
from concurrent.futures import ThreadPoolExecutor

import scipy
import scipy.signal


def prepare(job):
    kernels = job.kernels.astype(sample_type)
    pool = ThreadPoolExecutor(job.thread_count)

    def convolve(row):
        samples = numpy.asarray(job.rows[row]).astype(sample_type, copy=False)
        result = scipy.signal.oaconvolve(samples, kernels[row % job.kernel_count])
        return (row, result) if row in job.kept_rows else None

    def run():
        return [kept for kept in pool.map(convolve, range(job.row_count)) if kept is not None]

    return f"SciPy {scipy.__version__}, oaconvolve in {sample_type}, rows over a pool of threads", run
