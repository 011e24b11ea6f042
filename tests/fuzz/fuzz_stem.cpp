#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/errors.hpp"
#include "host/stem_reader.hpp"

namespace {

/// Enough to cross the reader's blocks; a few bytes of FLAC can hold millions of frames of silence.
constexpr std::int64_t most_frames = 40000;

/// A file in memory, the same one for every input.
std::string path_of(const std::uint8_t* data, std::size_t size) {
    static const int descriptor = memfd_create("stem", MFD_CLOEXEC);
    TUTTI_CHECK(ftruncate(descriptor, 0) == 0);
    TUTTI_CHECK(pwrite(descriptor, data, size, 0) == static_cast<ssize_t>(size));
    return "/proc/self/fd/" + std::to_string(descriptor);
}

std::vector<float> read_from(const std::string& path, const tutti::StemOptions& options, std::int64_t first) {
    tutti::StemReader reader(path, options);
    TUTTI_CHECK(reader.channels() == 1 || reader.channels() == 2);
    TUTTI_CHECK(reader.frame_count() > 0);
    reader.skip_to(first);
    const auto count = static_cast<int>(most_frames - first);
    std::vector<float> planes(static_cast<std::size_t>(count) * static_cast<std::size_t>(reader.channels()));
    reader.read(planes, count);
    return planes;
}

/// What is PCM gives the same samples as its own bytes.
void check_bytes(const std::string& path, const tutti::StemOptions& options,
                 const std::vector<float>& expected) {
    tutti::StemReader reader(path, options);
    const auto format = reader.pcm_format();
    if (!format) return;
    const auto channels = static_cast<std::size_t>(reader.channels());
    std::vector<std::byte> bytes(most_frames * channels * static_cast<std::size_t>(format->bytes()));
    reader.read_pcm(bytes);
    std::vector<float> plane(most_frames);
    for (std::size_t c = 0; c < channels; ++c) {
        tutti::read_pcm_channel(*format, bytes, reader.channels(), static_cast<int>(c), plane);
        TUTTI_CHECK(std::equal(plane.begin(), plane.end(),
                               expected.begin() + static_cast<std::ptrdiff_t>(c * most_frames)));
    }
}

}  // namespace

/// libsndfile 1.2.0 loses memory when it gives up on the headers of a broken Ogg file.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libvorbis\nleak:libogg\nleak:libsndfile\n";
}

/// Any bytes either are a stem, of which every sample is finite and every stretch reads the same twice, also
/// as the file's own bytes, or are an InputError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string path = path_of(data, size);
    try {
        const tutti::AudioInfo info = tutti::read_audio_info(path);
        const tutti::StemOptions at_its_rate{.sample_rate_hz = info.sample_rate_hz, .repair_nonfinite = true};
        const std::vector<float> all = read_from(path, at_its_rate, 0);
        TUTTI_CHECK(std::all_of(all.begin(), all.end(), [](float x) { return std::isfinite(x); }));

        check_bytes(path, at_its_rate, all);

        const std::int64_t first = static_cast<std::int64_t>(size) % most_frames;
        const std::vector<float> rest = read_from(path, at_its_rate, first);
        const std::size_t channels = all.size() / most_frames;
        const std::size_t count = rest.size() / channels;
        for (std::size_t c = 0; c < channels; ++c) {
            const auto expected = all.begin() + static_cast<std::ptrdiff_t>(c * most_frames) + first;
            TUTTI_CHECK(std::equal(expected, expected + static_cast<std::ptrdiff_t>(count),
                                   rest.begin() + static_cast<std::ptrdiff_t>(c * count)));
        }
        read_from(path, {.sample_rate_hz = 48000, .repair_nonfinite = true}, first);
        if (info.frame_count < most_frames) tutti::read_whole(path, 48000, 4);
    } catch (const tutti::InputError&) {
        return 0;
    }
    return 0;
}
