# One transform over each row's whole length on a CUDA device, batch after batch, from rows on the device to rows on the
# device. `with_torchaudio` comes with the command line's text: torchaudio.functional.fftconvolve, else the same written with
# torch.fft (cuFFT), in transforms of a good size and with each kernel transformed once.
import torch

if with_torchaudio:
    import torchaudio


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
    spectra = None if with_torchaudio else torch.fft.rfft(kernels, size)
    # Padded rows, spectra, products and results of a batch are there at once, and cuFFT works beside them.
    free_bytes = torch.cuda.mem_get_info()[0] if device.type == "cuda" else 2**31
    batch = max(1, min(job.row_count, int(0.5 * free_bytes / (6 * 4 * size))))
    if batch > job.kernel_count:
        batch -= batch % job.kernel_count
    batches = [(first, min(first + batch, job.row_count)) for first in range(0, job.row_count, batch)]

    def of_rows(per_kernel, first, end):
        """What rows first ... end - 1 meet of it, shaped so that it broadcasts, and the shape of these rows."""
        count, start = end - first, first % job.kernel_count
        if start + count <= job.kernel_count:
            return per_kernel[start:start + count], (count, -1)
        if start == 0 and count % job.kernel_count == 0:
            return per_kernel.unsqueeze(0), (count // job.kernel_count, job.kernel_count, -1)
        return per_kernel[torch.arange(first, end, device=device) % job.kernel_count], (count, -1)

    def convolve(first, end):
        samples = rows[first:end]
        if with_torchaudio:
            taps, shape = of_rows(kernels, first, end)
            return torchaudio.functional.fftconvolve(samples.view(shape), taps).view(end - first, -1)
        factors, shape = of_rows(spectra, first, end)
        product = torch.fft.rfft(samples, size)
        product.view(shape).mul_(factors)
        return torch.fft.irfft(product, size)[:, :job.result_count]

    def finish():
        if device.type == "cuda":
            torch.cuda.synchronize()

    def run():
        kept = []
        for first, end in batches:
            results = convolve(first, end)
            kept += [(row, results[row - first].clone()) for row in job.kept_rows if first <= row < end]
        finish()
        return kept

    finish()
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU"
    what = (f"torchaudio {torchaudio.__version__}, functional.fftconvolve" if with_torchaudio else
            f"torch.fft in transforms of {size}")
    return f"PyTorch {torch.__version__}, {what}, batches of {batch} rows, on {name}", run
