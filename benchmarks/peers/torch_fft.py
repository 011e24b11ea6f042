# One transform over each row's whole length on a CUDA device, batch after batch, from rows on the device to rows on the
# device: torchaudio.functional.fftconvolve where it is installed, else the same written with torch.fft (cuFFT).
import torch

try:
    import torchaudio
except ImportError:
    torchaudio = None


def good_size(least):
    """The smallest 2^a 3^b 5^c 7^d that is not less."""
    best = 1 << (least - 1).bit_length()
    for seven in (1, 7, 49):
        for five in (1, 5, 25, 125):
            for three in (1, 3, 9, 27, 81, 243):
                size = seven * five * three
                while size < least:
                    size *= 2
                best = min(best, size)
    return best


def prepare(job):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    rows = torch.from_numpy(numpy.array(job.rows)).to(device)
    kernels = torch.from_numpy(numpy.array(job.kernels)).to(device)
    size = good_size(job.result_count)
    spectra = torch.fft.rfft(kernels, size) if torchaudio is None else None
    # Rows, padded rows, spectra, products and results of a batch are there at once: about six times its size.
    if device.type == "cuda":
        free_bytes = torch.cuda.mem_get_info()[0]
    else:
        free_bytes = 2**31
    batch = max(1, min(job.row_count, int(0.5 * free_bytes / (6 * 4 * size))))
    batches = [torch.arange(first, min(first + batch, job.row_count), device=device)
               for first in range(0, job.row_count, batch)]

    def finish():
        if device.type == "cuda":
            torch.cuda.synchronize()

    def run():
        kept = []
        for numbers in batches:
            first, samples = int(numbers[0]), rows[numbers[0]:numbers[-1] + 1]
            which = numbers % job.kernel_count
            if torchaudio is None:
                product = torch.fft.rfft(samples, size).mul_(spectra[which])
                results = torch.fft.irfft(product, size)[:, :job.result_count]
            else:
                results = torchaudio.functional.fftconvolve(samples, kernels[which])
            kept += [(row, results[row - first].clone()) for row in job.kept_rows if first <= row < first + len(numbers)]
        finish()
        return kept

    finish()
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    what = f"torch.fft in transforms of {size}" if torchaudio is None else (
        f"torchaudio {torchaudio.__version__}, functional.fftconvolve")
    return f"PyTorch {torch.__version__}, {what}, batches of {batch} rows, on {name}", run
