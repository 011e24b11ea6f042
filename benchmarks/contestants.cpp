#include "benchmarks/contestants.hpp"

#include <algorithm>

#include "benchmarks/oaconvolve.py.hpp"
#include "benchmarks/peers/real_fft.hpp"
#include "benchmarks/process.hpp"
#include "benchmarks/torch_fft.py.hpp"
#include "engine/errors.hpp"
#include "host/version.hpp"

namespace tutti::bench {

namespace {

namespace fs = std::filesystem;

/// The first line that a command prints; empty when it fails.
std::string answer(const std::vector<std::string>& command) {
    try {
        return first_line_of(command);
    } catch (const InputError&) {
        return "";
    }
}

ContestantProgram zita(const ProgramPlaces& places) {
    const std::string program = (places.tutti_bench.parent_path() / "tutti-bench-zita").string();
    if (!fs::exists(program)) {
        return {"zita",
                "zita-convolver",
                "",
                {},
                "libzita-convolver-dev was not there when tutti-bench was built"};
    }
    return {"zita", "zita-convolver", answer({program, "--version"}), {program}};
}

/// A Python that can import what `probe` imports and prints the version it does; the user's own comes first.
struct Python {
    std::string program;
    std::string version;
};

Python find_python(const std::string& probe) {
    for (const char* program : {"python3", "/usr/bin/python3"}) {
        const std::string version = answer({program, "-c", probe});
        if (!version.empty()) return {program, version};
    }
    return {};
}

std::vector<ContestantProgram> scipy() {
    const Python python = find_python("import numpy, scipy.signal; print('SciPy', scipy.__version__)");
    std::vector<ContestantProgram> programs;
    for (const std::string type : {"float64", "float32"}) {
        ContestantProgram program{"scipy", "SciPy " + type, python.version, {}, "python3 has no SciPy here"};
        if (!python.program.empty()) {
            program.missing.clear();
            const std::string text =
                std::string(oaconvolve_program) + "sample_type = \"" + type + "\"\nmain(prepare)\n";
            program.command = {python.program, "-c", text};
        }
        programs.push_back(std::move(program));
    }
    return programs;
}

std::vector<ContestantProgram> torch() {
    const std::string cuda = "; assert torch.cuda.is_available(); print('PyTorch', torch.__version__)";
    const Python plain = find_python("import numpy, torch" + cuda);
    const Python audio =
        plain.program.empty() ? plain : find_python("import numpy, torch, torchaudio" + cuda);
    ContestantProgram fft{"torch", "PyTorch cuFFT", plain.version, {}, ""};
    ContestantProgram torchaudio{"torch", "torchaudio fftconvolve", audio.version, {}, ""};
    const auto complete = [](ContestantProgram& program, const Python& python,
                             const std::string& with_torchaudio) {
        if (python.program.empty()) {
            program.missing = "python3 has no such thing with a CUDA device here";
            return;
        }
        program.command = {
            python.program, "-c",
            "with_torchaudio = " + with_torchaudio + "\n" + torch_fft_program + "main(prepare)\n"};
    };
    complete(fft, plain, "False");
    complete(torchaudio, audio, "True");
    return {fft, torchaudio};
}

}  // namespace

bool ContestantChoice::has(const std::string& key) const {
    return std::find(peers.begin(), peers.end(), key) != peers.end();
}

std::vector<ContestantProgram> contestants_in_memory(const ProgramPlaces& places,
                                                     const ContestantChoice& choice) {
    const std::string self = places.tutti_bench.string();
    std::string version = version_text();
    version.erase(std::min(version.find('\n'), version.size()));
    std::vector<ContestantProgram> programs;
    const auto add_tutti = [&](const std::string& device, const std::string& part, const std::string& name) {
        programs.push_back({"tutti", name, version, {self, "worker", part, device}});
        programs.back().is_tutti = true;
    };
    for (const std::string& device : choice.devices) add_tutti(device, "tutti", "tutti " + device);
    for (const std::string& device : choice.devices) {
        add_tutti(device, "tutti-from-host", "tutti " + device + ", from host");
    }
    if (choice.has("fftw")) {
        programs.push_back(
            {"fftw", "FFTW overlap-add", fftw_version_text(), {self, "worker", "overlap-add"}});
    }
    if (choice.has("zita")) programs.push_back(zita(places));
    if (choice.has("scipy")) {
        for (ContestantProgram& program : scipy()) programs.push_back(std::move(program));
    }
    if (choice.has("torch")) {
        for (ContestantProgram& program : torch()) programs.push_back(std::move(program));
    }
    if (choice.has("bound")) {
        programs.push_back(
            {"bound", "FFTs alone (FFTW)", fftw_version_text(), {self, "worker", "transforms"}});
        programs.back().is_bound = true;
    }
    return programs;
}

}  // namespace tutti::bench
